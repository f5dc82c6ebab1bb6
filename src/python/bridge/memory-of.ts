/** Memory of Python's objects (bytearray, memoryview, array, NumPy's arrays) as typed arrays. */
import { type BridgeApi, Raised } from "./c-api.ts"
import { NoCounterpart } from "./no-counterpart.ts"

/** Words of a Py_buffer. */
const BUFFER = { DATA: 0, BYTES: 2, ITEM_BYTES: 3, DIMENSIONS: 5, FORMAT: 6, ALL: 12 } as const

/** C-contiguous, with its shape and the format of its elements. */
const FLAGS = 0x0038 | 0x0004
const WRITABLE = 0x0001

/** A class of typed arrays. */
export type ArrayClass = new (buffer: ArrayBuffer) => ArrayBufferView

/** Arrays by the letter of their elements in 32-bit Python. */
const CLASSES: Readonly<Record<string, ArrayClass | undefined>> = {
  b: Int8Array,
  B: Uint8Array,
  c: Uint8Array,
  "?": Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: Int32Array,
  L: Uint32Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  e: (globalThis as { Float16Array?: ArrayClass }).Float16Array,
  f: Float32Array,
  d: Float64Array,
}

/** Where the memory lies that an object exposes, and what is in it. */
export interface Exposed {
  readonly Class: ArrayClass
  readonly from: number
  readonly byteLength: number
}

/**
 * The memory that an object exposes; it stays there until Python runs again.
 *
 * @throws {NoCounterpart} that names `path`
 */
export function memoryOf(c: BridgeApi, object: number, path: string, writable = false): Exposed {
  const buffer = c._malloc(BUFFER.ALL * 4)
  try {
    if (c._PyObject_GetBuffer(object, buffer, writable ? FLAGS | WRITABLE : FLAGS) !== 0)
      throw new Raised()
    try {
      return described(c, buffer >>> 2, path)
    } finally {
      c._PyBuffer_Release(buffer)
    }
  } finally {
    c._free(buffer)
  }
}

function described(c: BridgeApi, view: number, path: string): Exposed {
  const heap = c.HEAPU32
  const dimensions = heap[view + BUFFER.DIMENSIONS]
  if (dimensions !== 1) {
    throw new NoCounterpart(path, `is memory of ${dimensions} dimensions: send it flat`)
  }
  const format = formatAt(c, heap[view + BUFFER.FORMAT])
  const Class = CLASSES[format.replace(/^[@=<]/, "")]
  if (Class === undefined) {
    const problem = `is memory of elements ${JSON.stringify(format)}, which have no counterpart`
    throw new NoCounterpart(path, problem)
  }
  return { Class, from: heap[view + BUFFER.DATA], byteLength: heap[view + BUFFER.BYTES] }
}

function formatAt(c: BridgeApi, at: number): string {
  if (at === 0) return "B"
  let text = ""
  for (let i = at; c.HEAPU8[i] !== 0; i++) text += String.fromCharCode(c.HEAPU8[i])
  return text
}
