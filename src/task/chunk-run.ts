/**
 * The other side of a parallel loop: one chunk, in the isolate that got it.
 *
 * A function that returns numbers writes them side by side; one that returns promises has all of
 * its chunk running at once.
 */
import { now } from "#platform/clock"
import { ownUrl } from "#platform/module"
import { isThenable } from "../internal/loop/thenable.ts"
import { nameCallable } from "../internal/wire/callable.ts"
import { Chunk } from "./chunk.ts"
import type { Callback as Named } from "./code.ts"
import { ownContext } from "./context.ts"
import { drive, isGenerator } from "./generator.ts"
import { DOUBLES, INTS, isInt, type Room, roomIn, widen } from "./numbers.ts"

/** What is done with the function's results. */
export type Operation = "map" | "forEach" | "filter" | "reduce"

/** What a chunk is run with. */
export interface Order {
  readonly operation: Operation
  /** What makes the function from the export behind its name; undefined when that is it. */
  readonly captures: readonly unknown[] | undefined
  /** The items; of a shared array, those from `from` on. */
  readonly items: Chunk | ArrayLike<unknown>
  readonly from: number
  readonly count: number
  /** Index of the first item in the whole. */
  readonly base: number
  /** What a `reduce` begins with. */
  readonly init: unknown
}

/** What came of a chunk. */
export interface Outcome {
  /** INTS or DOUBLES when the results are in the chunk's room. */
  readonly results: number | ArrayLike<unknown> | undefined
  /** What a `reduce` came to. */
  readonly folded: unknown
  /** Milliseconds this isolate worked on it. */
  readonly ms: number
  readonly isAsync: boolean
}

type Callback = (item: unknown, index: number) => unknown
type Fold = (folded: unknown, item: unknown, index: number) => unknown

/** Runs one chunk; `named` is the export behind the function's name. */
export const runChunk = nameCallable(
  async (named: Named, order: Order): Promise<Outcome> => {
    const { items } = order
    try {
      const fn = order.captures === undefined ? named : named(...(order.captures as never[]))
      const from = now()
      const work = new ChunkWork(order, fn as Callback)
      const done = work.run()
      const ms = now() - from
      const outcome = isThenable(done) ? await done : done
      return { ...outcome, ms, isAsync: isThenable(done) }
    } finally {
      if (items instanceof Chunk) items.close()
    }
  },
  ownUrl("task/chunk-run").href,
  "runChunk",
)

type Done = Pick<Outcome, "results" | "folded">

/** One chunk while it is worked on. */
class ChunkWork {
  readonly #order: Order
  readonly #fn: Callback
  readonly #items: ArrayLike<unknown>
  readonly #room: Room

  constructor(order: Order, fn: Callback) {
    const { items, from, count } = order
    this.#order = order
    this.#fn = fn
    if (items instanceof Chunk) {
      this.#items = items.items
      this.#room = items.room
    } else {
      this.#items = ArrayBuffer.isView(items)
        ? (items as Float64Array).subarray(from, from + count)
        : items
      this.#room = roomIn(new ArrayBuffer(count * 8), 0, count)
    }
  }

  run(): Done | Promise<Done> {
    switch (this.#order.operation) {
      case "map":
        return this.#map()
      case "reduce":
        return this.#reduce()
      default:
        return this.#visit(this.#order.operation === "filter")
    }
  }

  #map(): Done | Promise<Done> {
    const { count, base } = this.#order
    const fn = this.#fn
    const items = this.#items
    const { ints, doubles } = this.#room
    let i = 0
    let value: unknown
    try {
      for (; i < count; i++) {
        value = fn(items[i], base + i)
        if (!isInt(value)) break
        ints[i] = value
      }
      if (i === count) return this.#packed(INTS)
      if (typeof value === "number") {
        widen(ints, doubles, i)
        while (typeof value === "number") {
          doubles[i] = value
          if (++i === count) return this.#packed(DOUBLES)
          value = fn(items[i], base + i)
        }
        return this.#collect(Array.from(doubles.subarray(0, i)), value)
      }
    } catch (error) {
      throw withIndex(error, base + i)
    }
    return this.#collect(Array.from(ints.subarray(0, i)), value)
  }

  #packed(kind: number): Done {
    if (this.#order.items instanceof Chunk) return { results: kind, folded: undefined }
    const { ints, doubles } = this.#room
    return { results: kind === INTS ? ints : doubles, folded: undefined }
  }

  /** Goes on with results of any kind after `results`, of which `value` is the next. */
  #collect(results: unknown[], value: unknown): Done | Promise<Done> {
    const { base, count } = this.#order
    const fn = this.#fn
    const pending: Promise<unknown>[] = []
    let i = results.length
    try {
      for (;;) {
        const place = i
        const later = laterOf(value, base + i)
        if (later === undefined) results.push(value)
        else {
          results.push(undefined)
          pending.push(later.then((result) => results.splice(place, 1, result)))
        }
        if (++i === count) break
        value = fn(this.#items[i], base + i)
      }
    } catch (error) {
      abandon(pending, error)
      throw withIndex(error, base + i)
    }
    return allOf(pending, { results, folded: undefined })
  }

  /** Calls the function for its effect, or for what it says of each item. */
  #visit(marks: boolean): Done | Promise<Done> {
    const { base, count } = this.#order
    const fn = this.#fn
    const chosen = new Uint8Array(marks ? count : 0)
    const pending: Promise<unknown>[] = []
    let i = 0
    try {
      for (; i < count; i++) {
        const place = i
        const value = fn(this.#items[i], base + i)
        const later = laterOf(value, base + i)
        if (later !== undefined) {
          pending.push(later.then((says) => says && chosen.fill(1, place, place + 1)))
        } else if (marks && value) chosen[i] = 1
      }
    } catch (error) {
      abandon(pending, error)
      throw withIndex(error, base + i)
    }
    return allOf(pending, { results: marks ? chosen : undefined, folded: undefined })
  }

  #reduce(): Done | Promise<Done> {
    const { base, count, init } = this.#order
    const fold = this.#fn as Fold
    let folded = init
    let i = 0
    try {
      for (; i < count; i++) {
        folded = fold(folded, this.#items[i], base + i)
        const later = laterOf(folded, base + i)
        if (later !== undefined) return this.#foldOn(later, i + 1)
      }
    } catch (error) {
      throw withIndex(error, base + i)
    }
    return { results: undefined, folded }
  }

  async #foldOn(first: Promise<unknown>, from: number): Promise<Done> {
    const { base, count } = this.#order
    const fold = this.#fn as Fold
    let i = from - 1
    try {
      let folded = await first
      for (i = from; i < count; i++) {
        const next = fold(folded, this.#items[i], base + i)
        folded = await (laterOf(next, base + i) ?? next)
      }
      return { results: undefined, folded }
    } catch (error) {
      throw withIndex(error, base + i)
    }
  }
}

/** What a call goes on to, when it has not ended: a promise, or a generator at work. */
function laterOf(value: unknown, index: number): Promise<unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined
  const context = ownContext()
  let later: Promise<unknown>
  if (isThenable(value)) later = Promise.resolve(value)
  else if (isGenerator(value) && context !== undefined) later = drive(value, context)
  else return undefined
  return later.catch((error: unknown) => {
    throw withIndex(error, index)
  })
}

/** Waits for all; the first failure tells the others through `current().signal`. */
function allOf(pending: readonly Promise<unknown>[], done: Done): Done | Promise<Done> {
  if (pending.length === 0) return done
  return Promise.all(pending).then(
    () => done,
    (error: unknown) => {
      ownContext()?.abort(error)
      throw error
    },
  )
}

/** Nobody waits for these any more. */
function abandon(pending: readonly Promise<unknown>[], error: unknown): void {
  for (const one of pending) one.catch(() => undefined)
  ownContext()?.abort(error)
}

/** An error says at which item it was thrown. */
function withIndex(error: unknown, index: number): unknown {
  if (error instanceof Error && !("index" in error) && Object.isExtensible(error)) {
    Object.assign(error, { index })
  }
  return error
}
