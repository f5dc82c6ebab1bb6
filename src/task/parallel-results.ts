/** What becomes of the results of a parallel loop, chunk by chunk. */
import type { Piece } from "./chunk-source.ts"
import { unpack } from "./numbers.ts"

/** What takes the results of a loop. */
export interface Sink<R> {
  /** Takes what came of the chunk that left as the `index`-th; `results` may be gone afterwards. */
  take(piece: Piece, index: number, results: ArrayLike<unknown>, folded: unknown): void
  /** The loop's result. */
  end(): R
}

/**
 * Longest array that is made before its values are known: a longer one would be a table of its
 * keys.
 */
const PREPARED_MAX = 1 << 25

/** Gives values on in the order of their numbers, or as they come. */
class Sequence<V> {
  readonly #each: (value: V) => void
  readonly #ordered: boolean
  readonly #early = new Map<number, V>()
  #next = 0

  constructor(ordered: boolean, each: (value: V) => void) {
    this.#ordered = ordered
    this.#each = each
  }

  put(index: number, value: V): void {
    if (!this.#ordered) {
      this.#each(value)
      return
    }
    this.#early.set(index, value)
    for (let next = this.#early.get(this.#next); next !== undefined; ) {
      this.#early.delete(this.#next++)
      this.#each(next)
      next = this.#early.get(this.#next)
    }
  }
}

/** All results in the order of the items, whose number is known. */
class Placed<R> implements Sink<R[]> {
  readonly #results: unknown[]

  constructor(total: number) {
    this.#results = new Array(total)
  }

  take({ base }: Piece, _index: number, results: ArrayLike<unknown>): void {
    copy(results, this.#results, base)
  }

  end(): R[] {
    return this.#results as R[]
  }
}

/** All results, one after the other. */
class Appended<R> implements Sink<R[]> {
  readonly #results: unknown[] = []
  readonly #sequence: Sequence<ArrayLike<unknown>>

  constructor(ordered: boolean) {
    this.#sequence = new Sequence(ordered, (results) =>
      copy(results, this.#results, this.#results.length),
    )
  }

  take(_piece: Piece, index: number, results: ArrayLike<unknown>): void {
    this.#sequence.put(index, Array.from(results))
  }

  end(): R[] {
    return this.#results as R[]
  }
}

/** The sink of a `map`. */
export function mapSink<R>(total: number | undefined, ordered: boolean): Sink<R[]> {
  return ordered && total !== undefined && total <= PREPARED_MAX
    ? new Placed<R>(total)
    : new Appended<R>(ordered)
}

function copy(results: ArrayLike<unknown>, into: unknown[], to: number): void {
  if (results instanceof Int32Array || results instanceof Float64Array) unpack(results, into, to)
  else for (let i = 0; i < results.length; i++) into[to + i] = results[i]
}

/** The items that were marked. */
export class Chosen<T> implements Sink<T[]> {
  readonly #chosen: Appended<T>

  constructor(ordered: boolean) {
    this.#chosen = new Appended(ordered)
  }

  take(piece: Piece, index: number, marks: ArrayLike<unknown>): void {
    const { items, from } = piece
    const chosen: unknown[] = []
    for (let i = 0; i < marks.length; i++) if (marks[i] === 1) chosen.push(items[from + i])
    this.#chosen.take(piece, index, chosen)
  }

  end(): T[] {
    return this.#chosen.end()
  }
}

/** What the chunks came to, merged. */
export class Merged<A> implements Sink<A> {
  readonly #sequence: Sequence<{ readonly part: A }>
  #value: A
  #isFirst = true

  constructor(init: A, merge: (a: A, b: A) => A, ordered: boolean) {
    this.#value = init
    this.#sequence = new Sequence(ordered, ({ part }) => {
      this.#value = this.#isFirst ? part : merge(this.#value, part)
      this.#isFirst = false
    })
  }

  take(_piece: Piece, index: number, _results: unknown, folded: unknown): void {
    this.#sequence.put(index, { part: folded as A })
  }

  end(): A {
    return this.#value
  }
}

/** Nothing. */
export class Forgotten implements Sink<undefined> {
  take(): void {}

  end(): undefined {
    return undefined
  }
}
