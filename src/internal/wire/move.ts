/**
 * Giving values away: `move` marks, the next committed send ships.
 *
 * A mark does not change the value: a send that fails (closed channel, a value beside it that
 * cannot be sent) leaves the buffer with its sender. The mark stays until a send succeeds.
 */

import { Shareable } from "./shareable.ts"
import { shown } from "./shown.ts"

/**
 * Carries buffers between isolates beside the shared memory; the isolate room installs the real
 * one. A parcel has the isolate it comes from and a number; it is taken once, or dropped.
 */
export interface Parcels {
  /** Detaches the buffer here and sends it on its way. */
  ship(buffer: ArrayBuffer): { home: number; id: number }
  /** Whether the parcel is here. */
  has(home: number, id: number): boolean
  /** Resolves when the parcel is here. */
  arrive(home: number, id: number): Promise<void>
  /** Gives a parcel that is here. */
  take(home: number, id: number): ArrayBuffer
  /** Nobody will take this parcel. */
  drop(home: number, id: number): void
}

/** Makes `SharedArrayBuffer`s nameable in all isolates; the isolate room installs the real one. */
export interface SharedBuffers {
  /** The number of a buffer, the same in every isolate. */
  idOf(buffer: SharedArrayBuffer): number
  /** The buffer with this number, when it is known here. */
  bufferOf(id: number): SharedArrayBuffer | undefined
  /** Resolves when `bufferOf(id)` is known here. */
  arrive(id: number): Promise<void>
  /** One more in-flight reference. */
  retain(id: number): void
  /** Adopts one in-flight reference; the buffer is known here. */
  revive(id: number): SharedArrayBuffer
  /** Drops one in-flight reference. */
  release(id: number): void
}

const marked = new WeakSet<ArrayBuffer>()
const places = new WeakMap<Shareable, string>()
/** Whether a handle was ever marked: a program that marks none does not look each up. */
let marksHandles = false

/**
 * Marks a value to be given away by the send it is part of, instead of copied.
 *
 * `ArrayBuffer`, typed array, `DataView`: the whole buffer changes hands in time independent of its
 * size, and every view of it here becomes empty (`length` is 0: JavaScript's own way to say that it
 * is gone). Handles: the local object throws `UseAfterMoveError`, naming this call, when it is used
 * after the send. Returns its argument: `await jobs.send({ pixels: move(pixels) })`.
 *
 * A send that fails moves nothing, and the mark stays for the next. A buffer that the engine cannot
 * detach (WebAssembly memory, Node's shared pool of small Buffers) is copied.
 *
 * @throws {TypeError} when the value can be neither detached nor given away
 */
export function move<T extends ArrayBuffer | ArrayBufferView | Shareable>(value: T): T {
  if (value instanceof Shareable) {
    places.set(value, callerLine())
    marksHandles = true
    return value
  }
  const buffer: unknown = ArrayBuffer.isView(value) ? value.buffer : value
  if (!(buffer instanceof ArrayBuffer)) {
    const hint = buffer instanceof SharedArrayBuffer ? "; shared memory is passed without move" : ""
    throw new TypeError(
      `move takes an ArrayBuffer, a view of one, or a handle${hint}; received ${shown(value)}`,
    )
  }
  if (buffer.detached) throw new TypeError("move received a buffer that was moved already")
  marked.add(buffer)
  return value
}

let copies = false

/** Whether the next send that contains this buffer shall ship it. */
export function isMarked(buffer: ArrayBuffer): boolean {
  return !copies && marked.has(buffer)
}

/** Encodes what several may receive: marked buffers are copied, and stay with their sender. */
export function withoutMoving<T>(encode: () => T): T {
  const before = copies
  copies = true
  try {
    return encode()
  } finally {
    copies = before
  }
}

/** The place where this handle was marked for moving, or undefined. */
export function markOf(handle: Shareable): string | undefined {
  return marksHandles ? places.get(handle) : undefined
}

/**
 * Ships a marked buffer. One that cannot be detached is shipped as a copy and stays usable here.
 */
export function shipMarked(buffer: ArrayBuffer): { home: number; id: number } {
  marked.delete(buffer)
  try {
    return carrier.ship(buffer)
  } catch {
    return carrier.ship(buffer.slice(0))
  }
}

/** Ends the usefulness of a marked handle in this isolate. */
export function leaveMarked(handle: Shareable): void {
  Shareable.markMoved(handle, places.get(handle) ?? "")
  places.delete(handle)
}

/** The line of the stack that called `move`, such as `at main (file:///app.ts:3:9)`. */
function callerLine(): string {
  const lines = new Error().stack?.split("\n") ?? []
  return lines[3]?.trim() ?? ""
}

/** A program with one isolate sends to itself: parcels wait in a table. */
class LocalParcels implements Parcels {
  readonly #waiting = new Map<number, ArrayBuffer>()
  #last = 0

  ship(buffer: ArrayBuffer): { home: number; id: number } {
    const id = ++this.#last
    this.#waiting.set(id, structuredClone(buffer, { transfer: [buffer] }))
    return { home: 0, id }
  }

  has(_home: number, id: number): boolean {
    return this.#waiting.has(id)
  }

  arrive(_home: number, _id: number): Promise<void> {
    return Promise.resolve()
  }

  take(_home: number, id: number): ArrayBuffer {
    const buffer = this.#waiting.get(id)
    if (buffer === undefined) throw new RangeError(`no parcel ${id}: it was taken or dropped`)
    this.#waiting.delete(id)
    return buffer
  }

  drop(_home: number, id: number): void {
    this.#waiting.delete(id)
  }
}

/** A program with one isolate: buffers are known by number for as long as messages name them. */
class LocalSharedBuffers implements SharedBuffers {
  readonly #ids = new WeakMap<SharedArrayBuffer, number>()
  readonly #flying = new Map<number, { readonly buffer: SharedArrayBuffer; count: number }>()
  readonly #known = new Map<number, WeakRef<SharedArrayBuffer>>()
  #last = 0

  idOf(buffer: SharedArrayBuffer): number {
    let id = this.#ids.get(buffer)
    if (id === undefined) {
      id = ++this.#last
      this.#ids.set(buffer, id)
      this.#known.set(id, new WeakRef(buffer))
    }
    return id
  }

  bufferOf(id: number): SharedArrayBuffer | undefined {
    return this.#known.get(id)?.deref()
  }

  arrive(_id: number): Promise<void> {
    return Promise.resolve()
  }

  retain(id: number): void {
    const entry = this.#flying.get(id)
    if (entry !== undefined) {
      entry.count++
      return
    }
    const buffer = this.bufferOf(id)
    if (buffer !== undefined) this.#flying.set(id, { buffer, count: 1 })
  }

  revive(id: number): SharedArrayBuffer {
    const buffer = this.bufferOf(id)
    if (buffer === undefined) throw new RangeError(`shared buffer ${id} is not known here`)
    this.release(id)
    return buffer
  }

  release(id: number): void {
    const entry = this.#flying.get(id)
    if (entry !== undefined && --entry.count === 0) this.#flying.delete(id)
  }
}

let carrier: Parcels = new LocalParcels()
let directory: SharedBuffers = new LocalSharedBuffers()

/** Replaces how moved buffers travel, before the first message is encoded. */
export function installParcels(replacement: Parcels): void {
  carrier = replacement
}

/** Replaces how shared buffers are named, before the first message is encoded. */
export function installSharedBuffers(replacement: SharedBuffers): void {
  directory = replacement
}

/** How moved buffers travel now. */
export function parcels(): Parcels {
  return carrier
}

/** How shared buffers are named now. */
export function sharedBuffers(): SharedBuffers {
  return directory
}
