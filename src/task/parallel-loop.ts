/**
 * A parallel loop, from the side of the one who waits for it: chunks go out as tasks of a scope, a
 * few per isolate at a time, and come back in any order.
 */

import { load as loadWord } from "#platform/atomics"
import { CHUNKS_IN_FLIGHT } from "#platform/limits"
import { simulated } from "#platform/simulation"
import { NotSendableError, OutOfSharedMemoryError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { flush } from "../internal/loop/pump.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { ownerOf } from "../internal/memory/owners.ts"
import { renamed } from "../internal/wire/codec-refusal.ts"
import { checkLimits } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import { Chunk } from "./chunk.ts"
import { type Operation, type Order, type Outcome, runChunk } from "./chunk-run.ts"
import { type Cargo, load, type Piece, type Source, sourceOf } from "./chunk-source.ts"
import { codeOf, standForWith } from "./code.ts"
import { largestGrain, nextGrain } from "./grain.ts"
import { INTS } from "./numbers.ts"
import type { Sink } from "./parallel-results.ts"
import { type Scope, within } from "./scope.ts"
import { ensureIsolates } from "./task.ts"

/** How a parallel loop runs. */
export interface ParallelOptions {
  /** Items per chunk; chosen by how long the first ones take when it is not given. */
  readonly grain?: number
  /** False gives results as they come, chunk by chunk, instead of in the order of the items. */
  readonly ordered?: boolean
  /** Cancels the loop when it aborts. */
  readonly signal?: AbortSignal
  /** Called here after each chunk; `total` is undefined while the number of items is not known. */
  readonly progress?: (done: number, total: number | undefined) => void
}

/** The loop itself. */
export interface Loop<R> {
  readonly operation: Operation
  readonly items: unknown
  readonly fn: unknown
  readonly init?: unknown
  readonly options: ParallelOptions
  sink(total: number | undefined): Sink<R>
}

/** Runs a loop to its end. */
export async function run<R>(loop: Loop<R>): Promise<R> {
  const title = { kind: `parallel.${loop.operation}`, name: "" }
  checkLimits(loop.options, title.kind, OPTIONS)
  checkValues(loop.options)
  const stand = simulated()
  if (stand !== undefined) return stand.play("parallel", [loop]) as Promise<R>
  const { code, captures } = codeOf(loop.fn)
  const source = sourceOf(loop.items)
  ensureIsolates()
  const { signal } = loop.options
  const base = { operation: loop.operation, captures, init: loop.init }
  title.name = code.name
  const runner: Runner = standForWith(runChunk, code)
  const flights = new Flights(loop, runner, base, source, `${title.kind} ${code.name}`)
  try {
    const limits = signal === undefined ? {} : { signal }
    return await within((s) => flights.run(s), limits, title)
  } catch (error) {
    throw flights.located(error)
  } finally {
    source.close()
  }
}

const OPTIONS = ["grain", "ordered", "signal", "progress"]

function checkValues({ grain, progress }: ParallelOptions): void {
  if (progress !== undefined && typeof progress !== "function") {
    throw new TypeError(`progress must be a function, received ${shown(progress)}`)
  }
  if (grain === undefined || (Number.isInteger(grain) && grain > 0)) return
  throw new RangeError(`grain must be a whole number from 1, received ${shown(grain)}`)
}

/** Isolates that take chunks. */
function helpers(): number {
  const { words } = here()
  let count = 0
  for (let slot = loadWord(words, HEAD_SLOTS) - 1; slot > 0; slot--) {
    if (ownerOf(words, slot) !== 0) count++
  }
  return Math.max(1, count)
}

type Common = Pick<Order, "operation" | "captures" | "init">
type Runner = (order: Order) => Promise<Outcome>

/** The chunks of one loop on their way. */
class Flights<R> {
  readonly #loop: Loop<R>
  readonly #runner: Runner
  readonly #common: Common
  readonly #source: Source
  readonly #name: string
  readonly #sink: Sink<R>
  readonly #largest: number
  readonly #most: number
  #grain: number
  #flying = 0
  #done = 0
  #departed = 0
  #failure: { readonly error: unknown; readonly base: number } | undefined
  #landed: (() => void) | undefined

  constructor(loop: Loop<R>, runner: Runner, common: Common, source: Source, name: string) {
    const isolates = helpers()
    this.#loop = loop
    this.#runner = runner
    this.#common = common
    this.#source = source
    this.#name = name
    this.#sink = loop.sink(source.total)
    this.#most = isolates * CHUNKS_IN_FLIGHT
    this.#largest = loop.options.grain ?? largestGrain(source.total, isolates)
    this.#grain = loop.options.grain ?? 1
  }

  async run(s: Scope): Promise<R> {
    while (!s.signal.aborted) {
      await this.#until(this.#most - 1)
      const taken = this.#source.take(this.#grain)
      const piece = taken instanceof Promise ? await taken : taken
      if (piece === undefined) break
      this.#depart(s, piece, await this.#load(piece))
    }
    await this.#until(0)
    return this.#sink.end()
  }

  /** Puts the items into shared memory, once there is room. */
  async #load(piece: Piece): Promise<Cargo> {
    for (;;) {
      try {
        return load(piece)
      } catch (error) {
        if (!(error instanceof OutOfSharedMemoryError) || this.#flying === 0) throw error
      }
      await this.#until(this.#flying - 1)
    }
  }

  #depart(s: Scope, piece: Piece, cargo: Cargo): void {
    const { count, base } = piece
    const order: Order = { ...this.#common, ...cargo, count, base }
    const task = s.go.with({ name: this.#name })(this.#runner, order)
    this.#flying++
    void this.#arrive(task, piece, this.#departed++, cargo)
    flush()
  }

  async #arrive(
    task: Promise<Outcome>,
    piece: Piece,
    index: number,
    { items }: Cargo,
  ): Promise<void> {
    try {
      const outcome = await task
      this.#done += piece.count
      this.#learn(piece, outcome)
      this.#sink.take(piece, index, resultsOf(outcome, items), outcome.folded)
      this.#loop.options.progress?.(this.#done, this.#source.total)
    } catch (error) {
      this.#failure ??= { error, base: piece.base }
    } finally {
      if (items instanceof Chunk) items.close()
      this.#flying--
      this.#landed?.()
    }
  }

  #learn({ count }: Piece, { ms, isAsync }: Outcome): void {
    if (this.#loop.options.grain !== undefined) return
    this.#grain = nextGrain({ items: count, ms, isAsync }, this.#largest)
  }

  /** Resolves when at most `most` chunks are on their way; rejects when one failed. */
  async #until(most: number): Promise<void> {
    while (this.#failure === undefined && this.#flying > most) {
      await new Promise<void>((resolve) => {
        this.#landed = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** An error of a chunk as one of the whole. */
  located(error: unknown): unknown {
    if (!(error instanceof NotSendableError) || error !== this.#failure?.error) return error
    return locate(error, this.#failure.base)
  }
}

/** What a chunk without results gives. */
const NONE: readonly unknown[] = []

function resultsOf({ results }: Outcome, items: unknown): ArrayLike<unknown> {
  if (typeof results !== "number") return results ?? NONE
  const { ints, doubles } = (items as Chunk).room
  return results === INTS ? ints : doubles
}

/** Where in a chunk's message a value stands that could not be sent. */
const PLACE = /^(?:args\[0\]|result)\.(items|captures|init|results|folded)(?:\[(\d+)\])?(.*)$/s

/** Says of a value that could not be sent which item it was, or came of. */
function locate(error: NotSendableError, base: number): NotSendableError {
  const [, what, position, rest = ""] = PLACE.exec(error.path) ?? []
  if (what === undefined) return error
  if (what === "captures" || position === undefined) {
    const place = position === undefined ? "" : `[${position}]`
    return renamed(error, `${what}${place}${rest}`)
  }
  const index = base + Number(position)
  return Object.assign(renamed(error, `${what}[${index}]${rest}`), { index })
}
