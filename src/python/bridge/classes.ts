/**
 * Classes of Python that the bridge makes instances of, looked up when they are first needed: a
 * memory snapshot of an interpreter outlives what is remembered here.
 */
import { cString } from "../builtins.ts"
import { OFFSET } from "../c-api.ts"
import { smallInt } from "../numbers.ts"
import { type BridgeApi, sure } from "./c-api.ts"
import { textOf } from "./text.ts"

/** The module that Python programs import. */
const MODULE = "heddle"

/** Classes of handles: their instances have a number. */
const HANDLES = ["Channel", "Sender", "Receiver", "ActorRef", "SharedBytes"] as const

/** The name of a class of handles. */
export type HandleClass = (typeof HANDLES)[number]

/** Classes by name, in one interpreter. */
export class Classes {
  readonly #c: BridgeApi
  readonly #known = new Map<string, number>()
  readonly #names = new Map<string, number>()
  #handles: ReadonlySet<number> | undefined

  constructor(c: BridgeApi) {
    this.#c = c
  }

  /** Text as C wants it, made once. */
  name(text: string): number {
    const known = this.#names.get(text) ?? cString(this.#c, text)
    this.#names.set(text, known)
    return known
  }

  /** Something of a module: borrowed. */
  find(module: string, path: string): number {
    const key = `${module}:${path}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    let object = sure(this.#c._PyImport_ImportModule(this.name(module)))
    for (const part of path.split("."))
      object = sure(this.#c._PyObject_GetAttrString(object, this.name(part)))
    this.#known.set(key, object)
    return object
  }

  /** Something of the module `heddle`: borrowed. */
  own(name: string): number {
    return this.find(MODULE, name)
  }

  /** The number of a handle; undefined for any other object. */
  handleIn(object: number, type: number): number | undefined {
    this.#handles ??= new Set(HANDLES.map((name) => this.own(name)))
    return this.#handles.has(type) ? this.numberIn(object) : undefined
  }

  /** The number of an object that is a handle; -1 when it was closed. */
  numberIn(object: number): number {
    const c = this.#c
    const number = c._PyObject_GetAttrString(object, this.name("_n"))
    if (number === 0) {
      c._PyErr_Clear()
      return -1
    }
    const n = smallInt(c, number) ?? -1
    c._Py_DecRef(number)
    return n
  }

  /** A new handle with this number. */
  newHandle(name: HandleClass, n: number): number {
    const c = this.#c
    const object = sure(c._PyObject_CallNoArgs(this.own(name)))
    const number = c._PyLong_FromLong(n)
    c._PyObject_SetAttrString(object, this.name("_n"), number)
    c._Py_DecRef(number)
    return object
  }

  /** Milliseconds of a datetime; undefined for any other object. */
  timeOf(object: number): number | undefined {
    const c = this.#c
    if (c._PyObject_IsInstance(object, this.find("datetime", "datetime")) !== 1) return undefined
    const method = sure(c._PyObject_GetAttrString(object, this.name("timestamp")))
    const seconds = c._PyObject_CallNoArgs(method)
    c._Py_DecRef(method)
    const ms = Math.round(c._PyFloat_AsDouble(sure(seconds)) * 1000)
    c._Py_DecRef(seconds)
    return ms
  }

  /** The name of an object's type. */
  nameOfType(object: number): string {
    const c = this.#c
    const type = c.HEAPU32[(object + OFFSET.TYPE) >>> 2]
    const name = sure(c._PyObject_GetAttrString(type, this.name("__qualname__")))
    const text = textOf(c, name)
    c._Py_DecRef(name)
    return text
  }
}
