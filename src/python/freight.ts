/**
 * Queues that a value on its way names: they live at least until whoever receives it has opened it.
 *
 * ```
 * freight  COUNT, then the queues, to each of which it has a reference
 * ```
 */
import { read, write } from "#platform/atomics"
import type { Here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import type { Left } from "./claims.ts"
import { find, QUEUES } from "./registry.ts"

/** A freight of the queues with these ids that are there; 0 when there are none, or no memory. */
export function loadFreight(at: Here, world: number, ids: readonly number[]): number {
  const queues = ids.map((id) => find(at, world, QUEUES, id)).filter((queue) => queue !== 0)
  if (queues.length === 0) return 0
  const freight = at.arena.acquire(4 * (queues.length + 1))
  if (freight === 0) {
    for (const queue of queues) releaseObject(at, queue)
    return 0
  }
  write(at.words, freight, queues.length)
  at.words.set(queues, freight + 1)
  return freight
}

/** The queues of a freight, whose references become the caller's; the freight is no more. */
export function unloadFreight(at: Here, freight: number): number[] {
  if (freight === 0) return []
  const queues = [...at.words.subarray(freight + 1, freight + 1 + read(at.words, freight))]
  at.arena.release(freight)
  return queues
}

/** Nobody will open the value: gives all references back. */
export function dropFreight(at: Here, freight: number): void {
  for (const queue of unloadFreight(at, freight)) releaseObject(at, queue)
}

/** Nobody will read what is in a row: gives all of it back. */
export function dropAnswer(at: Here, { block, freight, request }: Left): void {
  for (const one of [block, request]) if (one !== 0) at.arena.release(one)
  dropFreight(at, freight)
}
