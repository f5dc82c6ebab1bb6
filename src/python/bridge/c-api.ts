/** More of the C API: what values of any kind need on their way in and out. */
import type { CApi } from "../c-api.ts"

type Pointer = number

/** The C API as the bridge uses it. */
export interface BridgeApi extends CApi {
  readonly HEAPU16: Uint16Array
  _PyImport_ImportModule(name: Pointer): Pointer
  _PyType_GetFlags(type: Pointer): number
  _PyObject_CallNoArgs(callable: Pointer): Pointer
  _PyObject_CallOneArg(callable: Pointer, argument: Pointer): Pointer
  _PyObject_CallObject(callable: Pointer, args: Pointer): Pointer
  _PyObject_CheckBuffer(object: Pointer): number
  _PyObject_GetBuffer(object: Pointer, buffer: Pointer, flags: number): number
  _PyBuffer_Release(buffer: Pointer): void
  _PyObject_GetIter(object: Pointer): Pointer
  _PyIter_Next(iterator: Pointer): Pointer
  _PyObject_IsInstance(object: Pointer, type: Pointer): number
  _PyDict_New(): Pointer
  _PyDict_SetItem(dict: Pointer, key: Pointer, value: Pointer): number
  _PyDict_Next(dict: Pointer, at: Pointer, key: Pointer, value: Pointer): number
  _PyDict_GetItem(dict: Pointer, key: Pointer): Pointer
  _PySet_New(iterable: Pointer): Pointer
  _PySet_Add(set: Pointer, item: Pointer): number
  _PyNumber_ToBase(number: Pointer, base: number): Pointer
  _PyLong_FromString(text: Pointer, end: Pointer, base: number): Pointer
  _PyByteArray_FromStringAndSize(data: Pointer, length: number): Pointer
  _PyByteArray_AsString(object: Pointer): Pointer
  _PyMemoryView_FromObject(object: Pointer): Pointer
  _PyErr_SetObject(type: Pointer, value: Pointer): void
  readonly _PySet_Type: Pointer
  readonly _PyFrozenSet_Type: Pointer
}

/** Bits of a type's flags: what its instances are at heart. */
export const SUBCLASS = {
  LONG: 1 << 24,
  LIST: 1 << 25,
  TUPLE: 1 << 26,
  BYTES: 1 << 27,
  TEXT: 1 << 28,
  DICT: 1 << 29,
} as const

/** Python's exception is set: whoever is called by C returns 0. */
export class Raised extends Error {}

/** The result of a call of the C API that has not failed. */
export function sure(pointer: Pointer): Pointer {
  if (pointer === 0) throw new Raised()
  return pointer
}
