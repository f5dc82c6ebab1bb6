/**
 * Where the items of a parallel loop come from: taken piece by piece, no faster than they are
 * needed.
 */
import { yieldTurn } from "../internal/loop/pump.ts"
import { shown } from "../internal/wire/shown.ts"
import { type Chunk, FLOAT64, INT32, type NumberView, newChunk, viewNumber } from "./chunk.ts"
import { INTS, pack } from "./numbers.ts"

/** Everything a parallel loop goes over. */
export type Items<T> = ArrayLike<T> | Iterable<T> | AsyncIterable<T>

/** Some items in a row. */
export interface Piece {
  /** Where they lie: `count` of them from `from` on. */
  readonly items: ArrayLike<unknown>
  readonly from: number
  readonly count: number
  /** Index of the first in the whole. */
  readonly base: number
}

/** Gives the items in order. */
export interface Source {
  /** How many there are, when that is known. */
  readonly total: number | undefined
  /** Up to `most` of the next items; undefined when there are no more. */
  take(most: number): Piece | undefined | Promise<Piece | undefined>
  /** The loop ended before the items did. */
  close(): void
}

/**
 * The source of what was given.
 *
 * @throws {TypeError} when it cannot be gone over
 */
export function sourceOf(items: unknown): Source {
  if (Array.isArray(items)) return new ArraySource(items)
  if (ArrayBuffer.isView(items) && viewNumber(items) >= 0)
    return new ArraySource(items as NumberView)
  if (items !== null && items !== undefined) {
    const asyncIterator: unknown = Reflect.get(Object(items), Symbol.asyncIterator)
    if (typeof asyncIterator === "function") {
      return new AsyncSource((items as AsyncIterable<unknown>)[Symbol.asyncIterator]())
    }
    const iterator: unknown = Reflect.get(Object(items), Symbol.iterator)
    if (typeof iterator === "function") {
      return new IteratorSource((items as Iterable<unknown>)[Symbol.iterator](), sizeOf(items))
    }
    if (typeof items === "object" && isLength(Reflect.get(items, "length"))) {
      return new ArraySource(items as ArrayLike<unknown>)
    }
  }
  throw new TypeError(
    `a parallel loop needs an array or something iterable, received ${shown(items)}`,
  )
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function sizeOf(items: unknown): number | undefined {
  return items instanceof Set || items instanceof Map ? items.size : undefined
}

class ArraySource implements Source {
  readonly total: number
  readonly #items: ArrayLike<unknown>
  #next = 0

  constructor(items: ArrayLike<unknown>) {
    this.#items = items
    this.total = items.length
  }

  take(most: number): Piece | undefined {
    const base = this.#next
    const count = Math.min(most, this.total - base)
    if (count === 0) return undefined
    this.#next += count
    return { items: this.#items, from: base, count, base }
  }

  close(): void {}
}

class IteratorSource implements Source {
  readonly total: number | undefined
  readonly #iterator: Iterator<unknown>
  #next = 0
  #ended = false

  constructor(iterator: Iterator<unknown>, total: number | undefined) {
    this.#iterator = iterator
    this.total = total
  }

  take(most: number): Piece | undefined {
    const items: unknown[] = []
    while (!this.#ended && items.length < most) {
      const result = this.#iterator.next()
      if (result.done === true) this.#ended = true
      else items.push(result.value)
    }
    if (items.length === 0) return undefined
    const base = this.#next
    this.#next += items.length
    return { items, from: 0, count: items.length, base }
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#iterator.return?.()
  }
}

/**
 * A slow source does not hold back what it gave already: a piece ends when the next item is late.
 */
class AsyncSource implements Source {
  readonly total = undefined
  readonly #iterator: AsyncIterator<unknown>
  #coming: Promise<IteratorResult<unknown>> | undefined
  #next = 0
  #ended = false

  constructor(iterator: AsyncIterator<unknown>) {
    this.#iterator = iterator
  }

  async take(most: number): Promise<Piece | undefined> {
    const items: unknown[] = []
    let turn: Promise<undefined> | undefined
    while (!this.#ended && items.length < most) {
      this.#coming ??= this.#iterator.next()
      let result: IteratorResult<unknown> | undefined
      if (items.length === 0) result = await this.#coming
      else {
        turn ??= yieldTurn() as Promise<undefined>
        result = await Promise.race([this.#coming, turn])
        if (result === undefined) break
      }
      this.#coming = undefined
      if (result.done === true) this.#ended = true
      else items.push(result.value)
    }
    if (items.length === 0) return undefined
    const base = this.#next
    this.#next += items.length
    return { items, from: 0, count: items.length, base }
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#coming?.catch(() => undefined)
    this.#iterator.return?.()?.catch(() => undefined)
  }
}

/** How the items of a piece are sent. */
export interface Cargo {
  readonly items: Chunk | ArrayLike<unknown>
  readonly from: number
}

/**
 * Numbers go side by side into shared memory, views of shared buffers as themselves, all else value
 * by value.
 *
 * @throws {OutOfSharedMemoryError} when there is no room for the numbers now
 */
export function load(piece: Piece): Cargo {
  const { items, from, count } = piece
  if (ArrayBuffer.isView(items)) return loadView(items as unknown as NumberView, piece)
  if (typeof items[from] === "number") {
    const chunk = packed(piece)
    if (chunk !== undefined) return { items: chunk, from: 0 }
  }
  if (Array.isArray(items) && from === 0 && count === items.length) return { items, from: 0 }
  return { items: Array.prototype.slice.call(items, from, from + count), from: 0 }
}

function loadView(view: NumberView, { from, count }: Piece): Cargo {
  if (view.buffer instanceof SharedArrayBuffer) return { items: view, from }
  const chunk = newChunk(viewNumber(view), count)
  const to = chunk.items
  const bytes = new Uint8Array(
    view.buffer,
    view.byteOffset + from * view.BYTES_PER_ELEMENT,
    to.byteLength,
  )
  new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(bytes)
  return { items: chunk, from: 0 }
}

/** Undefined when one of the items is no number. */
function packed({ items, from, count }: Piece): Chunk | undefined {
  const chunk = newChunk(FLOAT64, count)
  const kind = pack(items, from, count, chunk.itemRoom)
  if (kind === 0) {
    chunk.close()
    return undefined
  }
  if (kind === INTS) chunk.setItems(INT32)
  return chunk
}
