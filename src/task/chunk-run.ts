/**
 * The other side of a parallel loop: one chunk, in the isolate that got it.
 *
 * A function that returns numbers writes them side by side; one that returns promises has all of its
 * chunk running at once.
 */
import { now } from "#platform/clock"
import { nameCallable } from "../internal/wire/callable.ts"
import { Chunk } from "./chunk.ts"
import { functionOf } from "./code.ts"
import { contexts, current } from "./context.ts"
import { drive, isGenerator } from "./generator.ts"
import { DOUBLES, INTS, isInt, type Room, roomIn, widen } from "./numbers.ts"

/** What is done with the function's results. */
export type Operation = "map" | "forEach" | "filter" | "reduce"

/** What a chunk is run with. */
export interface Order {
  readonly operation: Operation
  /** The function's number, and what makes it from the export behind that. */
  readonly code: number
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

/** Runs one chunk. */
export const runChunk = nameCallable(
  async (order: Order): Promise<Outcome> => {
    const { items } = order
    try {
      const found = functionOf(order.code)
      const loaded = typeof found === "function" ? found : await found
      const fn = order.captures === undefined ? loaded : loaded(...(order.captures as never[]))
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
  import.meta.url,
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
      this.#items = ArrayBuffer.isView(items) ? (items as Float64Array).subarray(from, from + count) : items
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
    let i = results.length
    let isAsync = false
    try {
      for (;;) {
        const result = typeof value === "object" ? settled(value, base + i) : value
        isAsync ||= result !== value
        results.push(result)
        if (++i === count) break
        if (isAsync) current().signal.throwIfAborted()
        value = fn(this.#items[i], base + i)
      }
    } catch (error) {
      forget(results)
      throw withIndex(error, base + i)
    }
    if (!isAsync) return { results, folded: undefined }
    return Promise.all(results).then((all) => ({ results: all, folded: undefined }))
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
        const value = fn(this.#items[i], base + i)
        if (typeof value === "object" && settled(value, base + i) !== value) {
          const place = i
          pending.push(settled(value, base + i).then((says) => (chosen[place] = says ? 1 : 0)))
        } else if (marks && value) chosen[i] = 1
      }
    } catch (error) {
      forget(pending)
      throw withIndex(error, base + i)
    }
    const done = { results: marks ? chosen : undefined, folded: undefined }
    return pending.length === 0 ? done : Promise.all(pending).then(() => done)
  }

  #reduce(): Done | Promise<Done> {
    const { base, count, init } = this.#order
    const fold = this.#fn as Fold
    let folded = init
    let i = 0
    try {
      for (; i < count; i++) {
        folded = fold(folded, this.#items[i], base + i)
        if (typeof folded === "object" && isThenable(folded)) return this.#foldOn(folded, i + 1)
      }
    } catch (error) {
      throw withIndex(error, base + i)
    }
    return { results: undefined, folded }
  }

  async #foldOn(first: unknown, from: number): Promise<Done> {
    const { base, count } = this.#order
    const fold = this.#fn as Fold
    let i = from - 1
    try {
      let folded = await first
      for (i = from; i < count; i++) folded = await fold(folded, this.#items[i], base + i)
      return { results: undefined, folded }
    } catch (error) {
      throw withIndex(error, base + i)
    }
  }
}
