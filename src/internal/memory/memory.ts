/**
 * One piece of shared memory and its views.
 *
 * All isolates of a runtime see the same bytes. A place is named by its offset: a *word* index for
 * 32-bit words, a *byte* offset for everything else (`byte = word * 4`). Offset 0 never names
 * anything.
 */
import type { Words } from "#platform/atomics"

/** The views of one arena. One such object exists per isolate, so hot code stays monomorphic. */
export interface Memory {
  readonly buffer: SharedArrayBuffer
  /** 32-bit words: everything that is atomic, and everything small. */
  readonly words: Words
  readonly bytes: Uint8Array
  /** 64-bit floats; a float's byte offset is a multiple of 8. */
  readonly doubles: Float64Array
  readonly view: DataView
}

/** Views over `buffer`. */
export function memoryOver(buffer: SharedArrayBuffer): Memory {
  return {
    buffer,
    words: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
    doubles: new Float64Array(buffer),
    view: new DataView(buffer),
  }
}
