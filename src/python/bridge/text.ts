/** Text of Python and of JavaScript. */
import { OFFSET } from "../c-api.ts"
import type { BridgeApi } from "./c-api.ts"

const KIND_SHIFT = 2
const KIND_MASK = 7
/** The characters lie in the object itself; those of a subclass's instance elsewhere. */
const COMPACT_BIT = 1 << 5
const ASCII_BIT = 1 << 6
const ASCII_DATA = 20
const WIDE_DATA = 28
const DATA_POINTER = 28

/** Characters that are turned into text with one call. */
const CHUNK = 4096

/** Shorter text is made character by character. */
const SHORT = 32

const ascii = new TextDecoder()

/** The text of a str. */
export function textOf(c: BridgeApi, object: number): string {
  const heap = c.HEAPU32
  const state = heap[(object + OFFSET.UNICODE_STATE) >>> 2]
  const length = heap[(object + OFFSET.UNICODE_LENGTH) >>> 2]
  const kind = (state >>> KIND_SHIFT) & KIND_MASK
  const isAscii = (state & ASCII_BIT) !== 0
  const data =
    (state & COMPACT_BIT) === 0
      ? heap[(object + DATA_POINTER) >>> 2]
      : object + (isAscii ? ASCII_DATA : WIDE_DATA)
  if (isAscii && length > SHORT) return ascii.decode(c.HEAPU8.subarray(data, data + length))
  if (kind === 1) return chunked(c.HEAPU8.subarray(data, data + length), String.fromCharCode)
  if (kind === 2) {
    return chunked(c.HEAPU16.subarray(data >>> 1, (data >>> 1) + length), String.fromCharCode)
  }
  return chunked(heap.subarray(data >>> 2, (data >>> 2) + length), String.fromCodePoint)
}

function chunked(
  units: Uint8Array | Uint16Array | Uint32Array,
  make: (...units: number[]) => string,
): string {
  if (units.length <= CHUNK) return make(...units)
  let text = ""
  for (let i = 0; i < units.length; i += CHUNK) text += make(...units.subarray(i, i + CHUNK))
  return text
}

const SURROGATES = 0xd800
const SURROGATES_END = 0xe000

/** A str with this text: a new reference; 0 when memory is used up. */
export function strOf(c: BridgeApi, text: string): number {
  const { length } = text
  let all = 0
  let surrogates = false
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    all |= unit
    if (unit >= SURROGATES && unit < SURROGATES_END) surrogates = true
  }
  if (surrogates) return strOfPoints(c, text)
  const kind = all < 256 ? 1 : 2
  const buffer = c._malloc(length * kind + 1)
  if (buffer === 0) return c._PyErr_NoMemory()
  const units = kind === 1 ? c.HEAPU8 : c.HEAPU16
  const first = kind === 1 ? buffer : buffer >>> 1
  for (let i = 0; i < length; i++) units[first + i] = text.charCodeAt(i)
  const object = c._PyUnicode_FromKindAndData(kind, buffer, length)
  c._free(buffer)
  return object
}

/** Pairs of surrogates are one character in Python; a lone one stays what it is. */
function strOfPoints(c: BridgeApi, text: string): number {
  const points = Uint32Array.from(text, (character) => character.codePointAt(0) as number)
  const buffer = c._malloc(points.length * 4 + 4)
  if (buffer === 0) return c._PyErr_NoMemory()
  c.HEAPU32.set(points, buffer >>> 2)
  const object = c._PyUnicode_FromKindAndData(4, buffer, points.length)
  c._free(buffer)
  return object
}
