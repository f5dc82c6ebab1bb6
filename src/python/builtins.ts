/**
 * A TypeScript function as a builtin of Python.
 *
 * The function lies in the table of WebAssembly's functions and is called as C calls C: pointers
 * in, a pointer with a reference of its own out, 0 when a Python exception is set. It is entered
 * with a frame of JavaScript on the stack, so it calls no Python.
 */
import type { CApi } from "./c-api.ts"

/** A builtin: `argument(i)` is the address of an argument, borrowed. */
export type Builtin = (args: Arguments) => number

const METHOD_FASTCALL = 0x80
const METHOD_WORDS = 4

/** The arguments of one call; one object serves all calls of a builtin. */
export class Arguments {
  readonly #c: CApi
  #first = 0
  count = 0

  constructor(c: CApi) {
    this.#c = c
  }

  /** Address of the first of them. */
  get first(): number {
    return this.#first << 2
  }

  /** Says where the arguments lie. */
  set(first: number, count: number): void {
    this.#first = first >>> 2
    this.count = count
  }

  /** Address of an argument; None's when it was not given. */
  pointer(index: number): number {
    return index < this.count ? this.#c.HEAPU32[this.#first + index] : this.#c.__Py_NoneStruct
  }
}

/** Text as C wants it, for good. */
export function cString(c: CApi, text: string): number {
  const bytes = new TextEncoder().encode(`${text}\0`)
  const pointer = c._malloc(bytes.length)
  c.HEAPU8.set(bytes, pointer)
  return pointer
}

/** Sets a Python exception; returns what a builtin then returns. */
export function raise(c: CApi, type: number, message: string): 0 {
  const pointer = cString(c, message)
  c._PyErr_SetString(c.HEAPU32[type >>> 2], pointer)
  c._free(pointer)
  return 0
}

/** Puts functions as builtins into the Python module with this name, which is made if need be. */
export function addBuiltins(
  c: CApi,
  moduleName: string,
  functions: Readonly<Record<string, Builtin>>,
): void {
  const module = c._PyImport_AddModuleRef(cString(c, moduleName))
  for (const [name, fn] of Object.entries(functions)) {
    const builtin = makeBuiltin(c, name, fn)
    c._PyObject_SetAttrString(module, cString(c, name), builtin)
    c._Py_DecRef(builtin)
  }
  c._Py_DecRef(module)
}

/** A C function of the table as a builtin in the Python module with this name. */
export function addFunction(c: CApi, moduleName: string, name: string, index: number): void {
  const module = c._PyImport_AddModuleRef(cString(c, moduleName))
  const builtin = builtinOf(c, name, index)
  c._PyObject_SetAttrString(module, cString(c, name), builtin)
  c._Py_DecRef(builtin)
  c._Py_DecRef(module)
}

function makeBuiltin(c: CApi, name: string, fn: Builtin): number {
  const args = new Arguments(c)
  const entry = (_self: number, first: number, count: number): number => {
    args.set(first, count)
    try {
      return fn(args)
    } catch (error) {
      // Thrown further it would tear C frames off the stack.
      return raise(c, c._PyExc_RuntimeError, `${name}: ${error}`)
    }
  }
  return builtinOf(c, name, c.addFunction(entry, "iiii"))
}

function builtinOf(c: CApi, name: string, index: number): number {
  const method = c._malloc(METHOD_WORDS * 4)
  c.HEAPU32.set([cString(c, name), index, METHOD_FASTCALL, 0], method >>> 2)
  return c._PyCFunction_NewEx(method, 0, 0)
}
