/**
 * Simple Python values as words in shared memory: None, bool, int, float, str, bytes, and tuples
 * of these, by exact type. Everything else is packed by Python before it comes here.
 *
 * A value is a word with its tag in the low byte, then what the tag says; all is a multiple of
 * four bytes. `measure` tells the bytes a value takes, `write` writes it, `read` makes it anew.
 */
import type { Memory } from "../internal/memory/memory.ts"
import { type CApi, OFFSET } from "./c-api.ts"
import { oneDigit } from "./numbers.ts"

/** Tags of values. */
export const TAG = {
  NONE: 0,
  TRUE: 1,
  FALSE: 2,
  SMALL: 3,
  LONG: 4,
  FLOAT: 5,
  TEXT: 6,
  BYTES: 7,
  TUPLE: 8,
} as const

/** Tuples within tuples; what is deeper is no simple value. */
const DEPTH_MAX = 64

/** Longest integer in bytes; what is longer is no simple value. */
const LONG_BYTES = 8

const NATIVE_LITTLE = 1
const NOT_SIMPLE = -1

const KIND_SHIFT = 2
const KIND_MASK = 7
const ASCII_BIT = 1 << 6
const ASCII_DATA = 20
const WIDE_DATA = 28

/** Reads and writes simple values for one interpreter. */
export class Values {
  readonly #memory: Memory
  readonly #c: CApi
  readonly #buffer: number

  constructor(memory: Memory, c: CApi) {
    this.#memory = memory
    this.#c = c
    this.#buffer = c._malloc(LONG_BYTES)
  }

  /** Bytes the object at this address takes; -1 when it is no simple value. */
  measure(object: number, depth = 0): number {
    const c = this.#c
    const heap = c.HEAPU32
    switch (heap[(object + OFFSET.TYPE) >>> 2]) {
      case c._PyLong_Type:
        return this.#measureLong(object)
      case c._PyUnicode_Type: {
        const length = heap[(object + OFFSET.UNICODE_LENGTH) >>> 2]
        return 8 + padded(length * this.#kindOf(object))
      }
      case c._PyBytes_Type:
        return 8 + padded(heap[(object + OFFSET.SIZE) >>> 2])
      case c._PyFloat_Type:
        return 12
      case c._PyBool_Type:
        return 4
      case c._PyTuple_Type:
        return this.#measureTuple(object, depth)
    }
    return object === c.__Py_NoneStruct ? 4 : NOT_SIMPLE
  }

  #measureTuple(tuple: number, depth: number): number {
    if (depth === DEPTH_MAX) return NOT_SIMPLE
    const heap = this.#c.HEAPU32
    const count = heap[(tuple + OFFSET.SIZE) >>> 2]
    let bytes = 8
    for (let i = 0; i < count; i++) {
      const item = heap[((tuple + OFFSET.TUPLE_ITEMS) >>> 2) + i]
      const size = this.measure(item, depth + 1)
      if (size < 0) return NOT_SIMPLE
      bytes += size
    }
    return bytes
  }

  #measureLong(object: number): number {
    if (oneDigit(this.#c, object) !== undefined) return 8
    const bytes = this.#c._PyLong_AsNativeBytes(object, this.#buffer, LONG_BYTES, NATIVE_LITTLE)
    return bytes <= LONG_BYTES ? 4 + LONG_BYTES : NOT_SIMPLE
  }

  /** Writes a measured value from word `at` on; returns the word behind it. */
  write(object: number, at: number): number {
    const c = this.#c
    const { words } = this.#memory
    switch (c.HEAPU32[(object + OFFSET.TYPE) >>> 2]) {
      case c._PyLong_Type:
        return this.#writeLong(object, at)
      case c._PyUnicode_Type:
        return this.#writeText(object, at)
      case c._PyBytes_Type: {
        const length = c.HEAPU32[(object + OFFSET.SIZE) >>> 2]
        words[at] = TAG.BYTES
        words[at + 1] = length
        return this.#writeBytes(object + OFFSET.BYTES, length, at + 2)
      }
      case c._PyFloat_Type: {
        const heap = c.HEAP32
        words[at] = TAG.FLOAT
        words[at + 1] = heap[(object + OFFSET.FLOAT) >>> 2]
        words[at + 2] = heap[(object + OFFSET.FLOAT + 4) >>> 2]
        return at + 3
      }
      case c._PyTuple_Type:
        return this.#writeTuple(object, at)
    }
    words[at] =
      object === c.__Py_TrueStruct ? TAG.TRUE : object === c.__Py_FalseStruct ? TAG.FALSE : TAG.NONE
    return at + 1
  }

  #writeLong(object: number, at: number): number {
    const { words } = this.#memory
    const small = oneDigit(this.#c, object)
    if (small !== undefined) {
      words[at] = TAG.SMALL
      words[at + 1] = small
      return at + 2
    }
    this.#c._PyLong_AsNativeBytes(object, this.#buffer, LONG_BYTES, NATIVE_LITTLE)
    words[at] = TAG.LONG
    return this.#writeBytes(this.#buffer, LONG_BYTES, at + 1)
  }

  #kindOf(text: number): number {
    return (this.#c.HEAPU32[(text + OFFSET.UNICODE_STATE) >>> 2] >>> KIND_SHIFT) & KIND_MASK
  }

  #writeText(text: number, at: number): number {
    const { words } = this.#memory
    const heap = this.#c.HEAPU32
    const state = heap[(text + OFFSET.UNICODE_STATE) >>> 2]
    const kind = (state >>> KIND_SHIFT) & KIND_MASK
    const length = heap[(text + OFFSET.UNICODE_LENGTH) >>> 2]
    words[at] = TAG.TEXT | (kind << 8)
    words[at + 1] = length
    const data = text + ((state & ASCII_BIT) !== 0 ? ASCII_DATA : WIDE_DATA)
    return this.#writeBytes(data, length * kind, at + 2)
  }

  #writeTuple(tuple: number, at: number): number {
    const { words } = this.#memory
    const heap = this.#c.HEAPU32
    const count = heap[(tuple + OFFSET.SIZE) >>> 2]
    words[at] = TAG.TUPLE
    words[at + 1] = count
    let next = at + 2
    const items = (tuple + OFFSET.TUPLE_ITEMS) >>> 2
    for (let i = 0; i < count; i++) next = this.write(heap[items + i], next)
    return next
  }

  #writeBytes(from: number, length: number, at: number): number {
    const heap = this.#c.HEAPU8
    const { bytes } = this.#memory
    const to = at * 4
    if (length > 48) bytes.set(heap.subarray(from, from + length), to)
    else for (let i = 0; i < length; i++) bytes[to + i] = heap[from + i]
    return at + (padded(length) >>> 2)
  }

  /** The word behind the value that `read` made last. */
  end = 0

  /** Makes the value at word `at` anew: a new reference; 0 when memory is used up. */
  read(at: number): number {
    const c = this.#c
    const { words } = this.#memory
    const head = words[at]
    switch (head & 0xff) {
      case TAG.SMALL:
        this.end = at + 2
        return c._PyLong_FromLong(words[at + 1])
      case TAG.TEXT:
        return this.#readText(at, head >>> 8, words[at + 1])
      case TAG.BYTES:
        return this.#readBytes(at, words[at + 1])
      case TAG.TUPLE:
        return this.#readTuple(at, words[at + 1])
      case TAG.LONG:
        c.HEAP32.set([words[at + 1], words[at + 2]], this.#buffer >>> 2)
        this.end = at + 3
        return c._PyLong_FromNativeBytes(this.#buffer, LONG_BYTES, NATIVE_LITTLE)
      case TAG.FLOAT:
        c.HEAP32.set([words[at + 1], words[at + 2]], this.#buffer >>> 2)
        this.end = at + 3
        return c._PyFloat_FromDouble(c.HEAPF64[this.#buffer >>> 3])
    }
    this.end = at + 1
    return this.#constant(head)
  }

  #constant(tag: number): number {
    const c = this.#c
    const object =
      tag === TAG.TRUE
        ? c.__Py_TrueStruct
        : tag === TAG.FALSE
          ? c.__Py_FalseStruct
          : c.__Py_NoneStruct
    c._Py_IncRef(object)
    return object
  }

  #readBytes(at: number, length: number): number {
    const c = this.#c
    this.end = at + 2 + (padded(length) >>> 2)
    const object = c._PyBytes_FromStringAndSize(0, length)
    if (object !== 0) this.#copyOut(at + 2, length, object + OFFSET.BYTES)
    return object
  }

  #readText(at: number, kind: number, length: number): number {
    const c = this.#c
    const size = length * kind
    this.end = at + 2 + (padded(size) >>> 2)
    const buffer = c._malloc(size + 4)
    if (buffer === 0) return c._PyErr_NoMemory()
    this.#copyOut(at + 2, size, buffer)
    const object = c._PyUnicode_FromKindAndData(kind, buffer, length)
    c._free(buffer)
    return object
  }

  #copyOut(at: number, length: number, to: number): void {
    const heap = this.#c.HEAPU8
    const { bytes } = this.#memory
    const from = at * 4
    if (length > 48) heap.set(bytes.subarray(from, from + length), to)
    else for (let i = 0; i < length; i++) heap[to + i] = bytes[from + i]
  }

  #readTuple(at: number, count: number): number {
    const c = this.#c
    const tuple = c._PyTuple_New(count)
    if (tuple === 0) return 0
    let next = at + 2
    for (let i = 0; i < count; i++) {
      const item = this.read(next)
      if (item === 0) {
        c._Py_DecRef(tuple)
        return 0
      }
      c.HEAPU32[((tuple + OFFSET.TUPLE_ITEMS) >>> 2) + i] = item
      next = this.end
    }
    this.end = next
    return tuple
  }
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3
}
