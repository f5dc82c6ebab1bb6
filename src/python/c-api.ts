/**
 * The C API of the CPython in this thread: the functions we call and the offsets we read.
 *
 * Pyodide's module exports every function of the C API as a function of WebAssembly, and the
 * addresses of static objects as numbers. The layout of objects is that of CPython 3.14 with 32-bit
 * pointers; `installThreads` refuses other builds when an interpreter starts.
 */
import type { PyodideAPI } from "pyodide"

type Pointer = number

/** What we use of Pyodide's module. Pointers and table indices are numbers. */
export interface CApi {
  readonly HEAPU8: Uint8Array
  readonly HEAP32: Int32Array
  readonly HEAPU32: Uint32Array
  readonly HEAPF64: Float64Array
  addFunction(fn: (...args: number[]) => number | undefined, signature: string): number
  _malloc(bytes: number): Pointer
  _free(block: Pointer): void
  _Py_IncRef(object: Pointer): void
  _Py_DecRef(object: Pointer): void
  _PyCFunction_NewEx(method: Pointer, self: Pointer, module: Pointer): Pointer
  _PyImport_AddModuleRef(name: Pointer): Pointer
  _PyObject_GetAttrString(object: Pointer, name: Pointer): Pointer
  _PyObject_SetAttrString(object: Pointer, name: Pointer, value: Pointer): number
  _PyLong_FromLong(value: number): Pointer
  _PyLong_AsDouble(object: Pointer): number
  _PyLong_AsNativeBytes(object: Pointer, buffer: Pointer, bytes: number, flags: number): number
  _PyLong_FromNativeBytes(buffer: Pointer, bytes: number, flags: number): Pointer
  _PyFloat_FromDouble(value: number): Pointer
  _PyFloat_AsDouble(object: Pointer): number
  _PyUnicode_FromKindAndData(kind: number, data: Pointer, length: number): Pointer
  _PyUnicode_AsUTF8AndSize(object: Pointer, size: Pointer): Pointer
  _PyBytes_FromStringAndSize(data: Pointer, length: number): Pointer
  _PyTuple_New(length: number): Pointer
  _PyList_New(length: number): Pointer
  _PyErr_CheckSignals(): number
  _PyErr_Occurred(): Pointer
  _PyErr_Clear(): void
  _PyErr_NoMemory(): Pointer
  _PyErr_SetString(type: Pointer, text: Pointer): void
  readonly _PyExc_RuntimeError: Pointer
  readonly _PyExc_TypeError: Pointer
  readonly _PyExc_ValueError: Pointer
  readonly _PyLong_Type: Pointer
  readonly _PyBool_Type: Pointer
  readonly _PyFloat_Type: Pointer
  readonly _PyUnicode_Type: Pointer
  readonly _PyBytes_Type: Pointer
  readonly _PyTuple_Type: Pointer
  readonly __Py_NoneStruct: Pointer
  readonly __Py_TrueStruct: Pointer
  readonly __Py_FalseStruct: Pointer
}

/** Pyodide's interface with the part that it does not declare. */
export interface Pyodide extends PyodideAPI {
  readonly _module: CApi
  makeMemorySnapshot(): Uint8Array
}

/** Byte offsets in objects. */
export const OFFSET = {
  TYPE: 4,
  /** Count of digits above three bits of sign and kind. */
  LONG_TAG: 8,
  LONG_DIGIT: 12,
  FLOAT: 8,
  /** Items of tuples, after their cached hash; the length is at SIZE. */
  SIZE: 8,
  TUPLE_ITEMS: 16,
  LIST_ITEMS: 12,
  BYTES: 16,
  UNICODE_LENGTH: 8,
  UNICODE_STATE: 16,
} as const
