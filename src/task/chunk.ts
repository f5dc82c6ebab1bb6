/**
 * Numbers on their way to an isolate, and room for as many results, in shared memory.
 *
 * ```
 * object    DATA, ITEMS, COUNT: the block, what it holds, how many
 * block     the items, then 8 bytes for each result
 * ```
 * Publication   plain words; the task that carries the handle publishes the items, its end the
 *               results
 * Death         the handle is a reference: whoever lets go last, or dies last, frees the block
 */
import { read, write } from "#platform/atomics"
import { acquire, acquireObject, type Here, here } from "../internal/loop/here.ts"
import { destroyObject, onDestroy } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { adopt, BODY, create, drop, letGo, retain } from "../internal/memory/objects.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import { type Room, roomIn } from "./numbers.ts"

const DATA = BODY
const ITEMS = BODY + 1
const COUNT = BODY + 2
const OBJECT_BYTES = 64
const ROOM_BYTES = 8

/** A view of numbers; those of big integers hold no numbers, but travel alike. */
export type NumberView =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

interface ViewClass {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumberView
}

/** By the number that stands for the class in ITEMS. */
const VIEWS: readonly ViewClass[] = [
  Int32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Uint32Array,
  Float32Array,
  BigInt64Array,
  BigUint64Array,
]

/** Numbers of the classes that packed numbers have. */
export const INT32 = 0
export const FLOAT64 = 1

/** The number of a view's class; -1 when chunks do not know it. */
export function viewNumber(view: ArrayBufferView): number {
  return VIEWS.findIndex((View) => view instanceof View)
}

/** Handles of this isolate per object: an isolate holds an object once. */
const held = new Map<number, number>()

/** One chunk, as this isolate holds it. Closed explicitly. */
export class Chunk extends Shareable {
  override readonly kindId: number = KIND.CHUNK
  readonly object: number
  readonly #at: Here

  constructor(at: Here, object: number) {
    super()
    this.#at = at
    this.object = object
    held.set(object, (held.get(object) ?? 0) + 1)
  }

  get count(): number {
    return read(this.#at.words, this.object + COUNT)
  }

  /** The items. */
  get items(): NumberView {
    const { words, memory } = this.#at
    const View = VIEWS[read(words, this.object + ITEMS)]
    return new View(memory.buffer, read(words, this.object + DATA) * 4, this.count)
  }

  /** Where items are packed, in a chunk made for float64. */
  get itemRoom(): Room {
    const { words, memory } = this.#at
    return roomIn(memory.buffer, read(words, this.object + DATA) * 4, this.count)
  }

  /** Says that the items are of another class, of no larger elements. */
  setItems(view: number): void {
    write(this.#at.words, this.object + ITEMS, view)
  }

  /** Where the results go. */
  get room(): Room {
    const { words, memory } = this.#at
    const bytes = this.items.byteLength
    const start = read(words, this.object + DATA) * 4 + Math.ceil(bytes / ROOM_BYTES) * ROOM_BYTES
    return roomIn(memory.buffer, start, this.count)
  }

  /** Lets go of the chunk here. */
  close(): void {
    const left = (held.get(this.object) as number) - 1
    if (left > 0) {
      held.set(this.object, left)
      return
    }
    held.delete(this.object)
    const { words, me } = this.#at
    if (letGo(words, this.object, me)) destroyObject(this.#at, this.object, KIND.CHUNK)
  }
}

/**
 * A chunk for `count` items, held here.
 *
 * @throws {OutOfSharedMemoryError} when it does not fit
 */
export function newChunk(view: number, count: number): Chunk {
  const at = here()
  const itemBytes = VIEWS[view].BYTES_PER_ELEMENT * count
  const block = acquire(at, Math.ceil(itemBytes / ROOM_BYTES) * ROOM_BYTES + count * ROOM_BYTES)
  let object: number
  try {
    object = acquireObject(at, OBJECT_BYTES)
  } catch (error) {
    at.arena.release(block)
    throw error
  }
  write(at.words, object + DATA, block)
  write(at.words, object + ITEMS, view)
  write(at.words, object + COUNT, count)
  create(at.words, object, KIND.CHUNK, at.me)
  return new Chunk(at, object)
}

onDestroy(KIND.CHUNK, (at, object) => at.arena.release(read(at.words, object + DATA)))

registerKind<Chunk>({
  id: KIND.CHUNK,
  name: "chunk",
  handleOf: (value) => (value instanceof Chunk ? value.object : 0),
  retain: (handle) => retain(here().words, handle),
  revive(handle) {
    const at = here()
    adopt(at.words, handle, at.me)
    return new Chunk(at, handle)
  },
  release(handle) {
    const at = here()
    if (drop(at.words, handle)) destroyObject(at, handle, KIND.CHUNK)
  },
})
