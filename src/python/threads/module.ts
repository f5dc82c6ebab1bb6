/**
 * The interpreter's module as green threads use it: functions of the C API by the names under which
 * Pyodide exports them, and the C helpers that several builtins share.
 *
 * `threadModule` holds the list against the module when an interpreter starts, so that another
 * build of Pyodide fails there, with the name of what is missing.
 */
import type { Pointer } from "./seam.ts"

/** A function of the interpreter, as the table holds it. */
export type CFunction = (...args: number[]) => number

/** What we use of Pyodide's module. */
export interface ThreadModule {
  readonly HEAPU8: Uint8Array
  readonly HEAP32: Int32Array
  readonly HEAPU32: Uint32Array
  readonly HEAP64: BigInt64Array
  readonly wasmTable: { get(index: number): CFunction }
  readonly ___stack_pointer: { value: number }
  addFunction(fn: CFunction, signature?: string): number
  UTF8ToString(text: Pointer): string
  _malloc(bytes: number): Pointer
  _free(block: Pointer): void
  _Py_IncRef(object: Pointer): void
  _Py_DecRef(object: Pointer): void
  _PyInterpreterState_Get(): Pointer
  _PyThreadState_Get(): Pointer
  _PyThreadState_New(interpreter: Pointer): Pointer
  _PyThreadState_Swap(state: Pointer): Pointer
  _PyThreadState_Clear(state: Pointer): void
  _PyThreadState_Delete(state: Pointer): void
  _PyUnstable_ThreadState_SetStackProtection(state: Pointer, start: Pointer, size: number): number
  _PyObject_Call(callable: Pointer, args: Pointer, kwargs: Pointer): Pointer
  _PyObject_GetAttrString(object: Pointer, name: Pointer): Pointer
  _PyObject_SetAttrString(object: Pointer, name: Pointer, value: Pointer): number
  _PyImport_ImportModule(name: Pointer): Pointer
  _PyCFunction_NewEx(method: Pointer, self: Pointer, module: Pointer): Pointer
  _PyCallable_Check(object: Pointer): number
  _PyType_IsSubtype(type: Pointer, base: Pointer): number
  _PyTuple_New(length: number): Pointer
  _PyLong_FromLong(value: number): Pointer
  _PyLong_FromUnsignedLong(value: number): Pointer
  _PyFloat_AsDouble(object: Pointer): number
  _PyArg_ParseTuple(args: Pointer, format: Pointer, into: Pointer): number
  _PyArg_ParseTupleAndKeywords(
    args: Pointer,
    kwargs: Pointer,
    format: Pointer,
    names: Pointer,
    into: Pointer,
  ): number
  _Py_BuildValue(format: Pointer, values: Pointer): Pointer
  _PySys_Audit(event: Pointer, format: Pointer, values: Pointer): number
  __PyTime_FromSecondsObject(into: Pointer, seconds: Pointer, round: number): number
  _PyObject_IsTrue(object: Pointer): number
  _PyUnicode_CompareWithASCIIString(text: Pointer, ascii: Pointer): number
  _PyErr_CheckSignals(): number
  _PyErr_SetInterruptEx(signal: number): number
  _PyErr_Occurred(): Pointer
  _PyErr_Clear(): void
  _PyErr_ExceptionMatches(type: Pointer): number
  _PyErr_SetString(type: Pointer, text: Pointer): void
  _PyErr_FormatUnraisable(format: Pointer, values: Pointer): void
  readonly _Py_EMSCRIPTEN_SIGNAL_HANDLING: Pointer
  readonly __Py_emscripten_signal_clock: Pointer
  readonly __PyRuntime: Pointer
  readonly __Py_NoneStruct: Pointer
  readonly __Py_TrueStruct: Pointer
  readonly __Py_FalseStruct: Pointer
  readonly _PyCFunction_Type: Pointer
  readonly _PyMethodDescr_Type: Pointer
  readonly _PyTuple_Type: Pointer
  readonly _PyDict_Type: Pointer
  readonly _PyExc_RuntimeError: Pointer
  readonly _PyExc_ValueError: Pointer
  readonly _PyExc_TypeError: Pointer
  readonly _PyExc_OverflowError: Pointer
  readonly _PyExc_SystemExit: Pointer
  readonly _PyExc_PythonFinalizationError: Pointer
}

const FUNCTIONS = [
  ..."addFunction UTF8ToString _malloc _free _Py_IncRef _Py_DecRef".split(" "),
  ..."_PyInterpreterState_Get _PyThreadState_Get _PyThreadState_New _PyThreadState_Swap".split(" "),
  ..."_PyThreadState_Clear _PyThreadState_Delete _PyObject_Call _PyObject_GetAttrString".split(" "),
  ..."_PyUnstable_ThreadState_SetStackProtection _PyObject_SetAttrString _PyTuple_New".split(" "),
  ..."_PyImport_ImportModule _PyCFunction_NewEx _PyCallable_Check _PyType_IsSubtype".split(" "),
  ..."_PyLong_FromLong _PyLong_FromUnsignedLong _PyFloat_AsDouble _PyArg_ParseTuple".split(" "),
  ..."_PyArg_ParseTupleAndKeywords _Py_BuildValue _PySys_Audit _PyObject_IsTrue".split(" "),
  ..."__PyTime_FromSecondsObject _PyUnicode_CompareWithASCIIString _PyErr_CheckSignals".split(" "),
  ..."_PyErr_SetInterruptEx _PyErr_Occurred _PyErr_Clear _PyErr_ExceptionMatches".split(" "),
  ..."_PyErr_SetString _PyErr_FormatUnraisable".split(" "),
]

const ADDRESSES = [
  ..."_Py_EMSCRIPTEN_SIGNAL_HANDLING __Py_emscripten_signal_clock __PyRuntime".split(" "),
  ..."__Py_NoneStruct __Py_TrueStruct __Py_FalseStruct _PyCFunction_Type".split(" "),
  ..."_PyMethodDescr_Type _PyTuple_Type _PyDict_Type _PyExc_RuntimeError".split(" "),
  ..."_PyExc_ValueError _PyExc_TypeError _PyExc_OverflowError _PyExc_SystemExit".split(" "),
  "_PyExc_PythonFinalizationError",
]

const OBJECTS = ["HEAPU8", "HEAP32", "HEAPU32", "HEAP64", "wasmTable", "___stack_pointer"]

/** What green threads use of Pyodide's module and `value` lacks; undefined when it has it all. */
function missingFrom(value: object): string | undefined {
  const lacks = (names: readonly string[], type: string) =>
    names.find((name) => typeof Reflect.get(value, name) !== type)
  return lacks(FUNCTIONS, "function") ?? lacks(ADDRESSES, "number") ?? lacks(OBJECTS, "object")
}

/** Pyodide's module, once it has been seen to have what green threads use. */
export function threadModule(value: unknown): ThreadModule {
  const missing = missingFrom(value as object)
  if (missing !== undefined) throw unknownBuild(`it does not export ${missing}`)
  return value as ThreadModule
}

/** The error of an interpreter whose insides are not those that we know. */
export function unknownBuild(detail: string): Error {
  return new Error(
    "Python's threads need the package pyodide 314.0.x (CPython 3.14), and this is another: " +
      detail,
  )
}

const encoder = new TextEncoder()

/** Text as C wants it, in memory that is never given back: for names and formats. */
export function cString(module: ThreadModule, text: string): Pointer {
  const bytes = encoder.encode(text)
  const at = module._malloc(bytes.length + 1)
  module.HEAPU8.set(bytes, at)
  module.HEAPU8[at + bytes.length] = 0
  return at
}

/** The names of exceptions' types, whose addresses lie where the module's symbols point. */
type ExceptionName = keyof ThreadModule & `_PyExc_${string}`

/** The type of an exception. */
export function exception(module: ThreadModule, name: ExceptionName): Pointer {
  return module.HEAPU32[module[name] >> 2]
}

/** Sets Python's exception and answers 0, as a builtin does. */
export function raise(module: ThreadModule, name: ExceptionName, text: string): 0 {
  const at = cString(module, text)
  module._PyErr_SetString(exception(module, name), at)
  module._free(at)
  return 0
}
