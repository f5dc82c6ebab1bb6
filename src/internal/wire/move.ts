/**
 * Giving values away: `move` marks, the next committed send ships.
 *
 * A mark does not change the value: a send that fails (closed channel, a value beside it that
 * cannot be sent) leaves the buffer with its sender. The mark stays until a send succeeds.
 */

import { parcels } from "./carriers.ts"
import { Shareable } from "./shareable.ts"
import { shown } from "./shown.ts"

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
    return parcels().ship(buffer)
  } catch {
    return parcels().ship(buffer.slice(0))
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
