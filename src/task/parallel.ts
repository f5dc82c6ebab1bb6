/** Loops over all cores: `parallel.map` and its kin. */
import { type Items } from "./chunk-source.ts"
import type { Piece } from "./chunk-source.ts"
import { unpack } from "./numbers.ts"
import { type ParallelOptions, run, type Sink } from "./parallel-loop.ts"
import type { TaskResult } from "./task.ts"

/** Longest array that is made before its values are known. */
const PREPARED_MAX = 1 << 25

class Collected<R> implements Sink<R[]> {
  readonly #results: unknown[]
  readonly #isPrepared: boolean
  readonly #ordered: boolean
  /** Results of chunks that came before an earlier one. */
  readonly #early = new Map<number, unknown[]>()
  #next = 0

  constructor(total: number | undefined, ordered: boolean) {
    this.#ordered = ordered
    this.#isPrepared = ordered && total !== undefined && total <= PREPARED_MAX
    this.#results = this.#isPrepared ? new Array(total) : []
  }

  take(piece: Piece, index: number, results: ArrayLike<unknown>): void {
    if (this.#isPrepared) copy(results, this.#results, piece.base)
    else if (this.#ordered) this.#takeInOrder(index, results)
    else copy(results, this.#results, this.#results.length)
  }

  #takeInOrder(index: number, results: ArrayLike<unknown>): void {
    if (index !== this.#next) {
      this.#early.set(index, Array.from(results))
      return
    }
    copy(results, this.#results, this.#results.length)
    for (;;) {
      const early = this.#early.get(++this.#next)
      if (early === undefined) break
      this.#early.delete(this.#next)
      copy(early, this.#results, this.#results.length)
    }
  }

  end(): R[] {
    return this.#results as R[]
  }
}

function copy(results: ArrayLike<unknown>, into: unknown[], to: number): void {
  if (results instanceof Int32Array || results instanceof Float64Array) unpack(results, into, to)
  else for (let i = 0; i < results.length; i++) into[to + i] = results[i]
}

/** Takes the items that were chosen instead of what was said of them. */
class Chosen<T> implements Sink<T[]> {
  readonly #kept: Collected<T>

  constructor(ordered: boolean) {
    this.#kept = new Collected(undefined, ordered)
  }

  take({ items, from }: Piece, index: number, marks: ArrayLike<unknown>): void {
    const kept: unknown[] = []
    for (let i = 0; i < marks.length; i++) if (marks[i] === 1) kept.push(items[from + i])
    this.#kept.take({ items, from, count: kept.length, base: 0 }, index, kept)
  }

  end(): T[] {
    return this.#kept.end()
  }
}

class Folded<A> implements Sink<A> {
  readonly #merge: (a: A, b: A) => A
  readonly #parts: Collected<A>
  #ordered: boolean
  #folded: { readonly value: A } | undefined
  readonly #init: A

  constructor(init: A, merge: (a: A, b: A) => A, ordered: boolean) {
    this.#init = init
    this.#merge = merge
    this.#ordered = ordered
    this.#parts = new Collected(undefined, ordered)
  }

  take(piece: Piece, index: number, _results: unknown, folded: unknown): void {
  }

  end(): A {
    return this.#init
  }
}
