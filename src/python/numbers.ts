/** Numbers in and out of builtins. */
import { type CApi, OFFSET } from "./c-api.ts"

const DIGITS_SHIFT = 3
/** Bits of the tag that are 1 less the sign. */
const SIGN = 3
const NEGATIVE = 2

/** The value of an int that fits 30 bits; undefined for any other object. */
export function smallInt(c: CApi, object: number): number | undefined {
  if (c.HEAPU32[(object + OFFSET.TYPE) >>> 2] !== c._PyLong_Type) return undefined
  return oneDigit(c, object)
}

/** The value of an object that is an int, when it fits 30 bits; undefined of a larger one. */
export function oneDigit(c: CApi, object: number): number | undefined {
  const heap = c.HEAPU32
  const tag = heap[(object + OFFSET.LONG_TAG) >>> 2]
  if (tag >>> DIGITS_SHIFT > 1) return undefined
  return (1 - (tag & SIGN)) * heap[(object + OFFSET.LONG_DIGIT) >>> 2]
}

/** The value of an int or a float, infinite beyond all floats; undefined for any other object. */
export function numberOf(c: CApi, object: number): number | undefined {
  const type = c.HEAPU32[(object + OFFSET.TYPE) >>> 2]
  if (type === c._PyFloat_Type) return c._PyFloat_AsDouble(object)
  if (type !== c._PyLong_Type) return undefined
  return smallInt(c, object) ?? largeInt(c, object)
}

function largeInt(c: CApi, object: number): number {
  const value = c._PyLong_AsDouble(object)
  if (value !== -1) return value
  c._PyErr_Clear()
  const isNegative = (c.HEAPU32[(object + OFFSET.LONG_TAG) >>> 2] & SIGN) === NEGATIVE
  return isNegative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** The small ints of a tuple, in order; none for any other object. */
export function ints(c: CApi, object: number): number[] {
  const heap = c.HEAPU32
  if (heap[(object + OFFSET.TYPE) >>> 2] !== c._PyTuple_Type) return []
  const first = (object + OFFSET.TUPLE_ITEMS) >>> 2
  const items = heap.subarray(first, first + heap[(object + OFFSET.SIZE) >>> 2])
  return Array.from(items, (item) => smallInt(c, item) ?? 0)
}

/** A new reference to None. */
export function none(c: CApi): number {
  c._Py_IncRef(c.__Py_NoneStruct)
  return c.__Py_NoneStruct
}

/** A new reference to True or False. */
export function bool(c: CApi, value: boolean): number {
  const object = value ? c.__Py_TrueStruct : c.__Py_FalseStruct
  c._Py_IncRef(object)
  return object
}

/** A tuple of ints. */
export function intTuple(c: CApi, numbers: readonly number[]): number {
  return tuple(
    c,
    numbers.map((value) => c._PyLong_FromLong(value)),
  )
}

/** A tuple that takes over these references. */
export function tuple(c: CApi, items: readonly number[]): number {
  const made = c._PyTuple_New(items.length)
  if (made === 0) return 0
  c.HEAPU32.set(items, (made + OFFSET.TUPLE_ITEMS) >>> 2)
  return made
}

/** A list that takes over these references; builtins return one for what is no plain result. */
export function list(c: CApi, items: readonly number[]): number {
  const made = c._PyList_New(items.length)
  if (made === 0) return 0
  c.HEAPU32.set(items, c.HEAPU32[(made + OFFSET.LIST_ITEMS) >>> 2] >>> 2)
  return made
}
