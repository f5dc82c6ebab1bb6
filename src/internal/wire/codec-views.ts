/** The classes of views, numbered alike in every isolate. */
import { ownBytes, ownBytesOver } from "#platform/bytes"

/** Makes a view of `buffer`; `length` counts elements, bytes for `DataView` and `Buffer`. */
interface ViewClass {
  readonly prototype: object
  readonly elementBytes: number
  make(buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView
}

interface TypedArrayClass {
  readonly prototype: object
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView
}

function typed(Class: TypedArrayClass): ViewClass {
  return {
    prototype: Class.prototype,
    elementBytes: Class.BYTES_PER_ELEMENT,
    make: (buffer, byteOffset, length) => new Class(buffer, byteOffset, length),
  }
}

const dataView: ViewClass = {
  prototype: DataView.prototype,
  elementBytes: 1,
  make: (buffer, byteOffset, length) => new DataView(buffer, byteOffset, length),
}

const nodeBuffer: ViewClass = {
  prototype: ownBytes.prototype,
  elementBytes: 1,
  make: ownBytesOver,
}

const float16 = (globalThis as { Float16Array?: TypedArrayClass }).Float16Array

/**
 * The position is the number that is sent; a host without the last class never meets its number.
 */
export const viewClasses: readonly ViewClass[] = [
  typed(Int8Array),
  typed(Uint8Array),
  typed(Uint8ClampedArray),
  typed(Int16Array),
  typed(Uint16Array),
  typed(Int32Array),
  typed(Uint32Array),
  typed(Float32Array),
  typed(Float64Array),
  typed(BigInt64Array),
  typed(BigUint64Array),
  dataView,
  nodeBuffer,
  ...(float16 === undefined ? [] : [typed(float16)]),
]
