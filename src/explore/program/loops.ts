/** Parallel loops of an explored program: their chunks are tasks. */

import type { Piece } from "../../task/chunk-source.ts"
import type { Loop } from "../../task/parallel-loop.ts"
import { startTask } from "./go.ts"
import type { StagedTask } from "./task.ts"
import type { Theatre } from "./theatre.ts"

/** Chunks of a loop whose caller has not said how large they are. */
const CHUNKS = 2

type Visit = (...args: unknown[]) => unknown

interface Part {
  readonly results: unknown[]
  readonly folded: unknown
}

/** Runs a loop to its end. */
export async function runLoop<R>(theatre: Theatre, loop: Loop<R>): Promise<R> {
  const items = await Array.fromAsync(loop.items as Iterable<unknown>)
  const { grain = Math.max(1, Math.ceil(items.length / CHUNKS)), signal, progress } = loop.options
  signal?.throwIfAborted()
  const sink = loop.sink(items.length)
  const limits = signal === undefined ? {} : { signal }
  const tasks: { task: StagedTask<unknown>; piece: Piece }[] = []
  for (let base = 0; base < items.length; base += grain) {
    const chunk = items.slice(base, base + grain)
    const name = `${loop.operation} ${base}`
    const task = startTask(theatre, chunkOf(loop), [chunk, base, loop.init], { name, ...limits })
    tasks.push({ task, piece: { items: chunk, from: 0, count: chunk.length, base } })
  }
  let done = 0
  const arrive = async ({ task, piece }: (typeof tasks)[number], index: number): Promise<void> => {
    const { results, folded } = (await task) as Part
    sink.take(piece, index, results, folded)
    done += piece.count
    progress?.(done, items.length)
  }
  const ends = await Promise.allSettled(
    tasks.map(async (one, index) => {
      try {
        await arrive(one, index)
      } catch (error) {
        for (const { task } of tasks) task.cancel(error)
        throw error
      }
    }),
  )
  const failed = ends.find((end) => end.status === "rejected")
  if (failed !== undefined) throw failed.reason
  return sink.end()
}

function chunkOf<R>(loop: Loop<R>) {
  const fn = loop.fn as Visit
  return async (chunk: unknown[], base: number, init: unknown): Promise<Part> => {
    const results: unknown[] = []
    let folded = init
    for (const [i, item] of chunk.entries()) {
      if (loop.operation === "reduce") folded = await fn(folded, item, base + i)
      else {
        const result = await fn(item, base + i)
        results.push(loop.operation === "filter" ? Number(Boolean(result)) : result)
      }
    }
    return { results: loop.operation === "forEach" ? [] : results, folded }
  }
}
