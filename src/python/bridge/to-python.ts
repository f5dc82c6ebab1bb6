/** Values of JavaScript as Python's objects. */
import { PythonError } from "../../errors.ts"
import { cString } from "../builtins.ts"
import { OFFSET } from "../c-api.ts"
import { Ancestors } from "./ancestors.ts"
import { type BridgeApi, Raised, sure } from "./c-api.ts"
import type { Classes } from "./classes.ts"
import { discardLanded, LandedBytes } from "./landed-bytes.ts"
import { NoCounterpart } from "./no-counterpart.ts"
import type { Fields, Shape } from "./schemas.ts"
import { strOf } from "./text.ts"

/** A new Python handle for a handle of TypeScript; 0 for any other object. */
export type NewHandle = (value: object) => number

const SMALL_MAX = 0x7fffffff

/** Letters of typed arrays' elements, in 32-bit Python. */
const FORMATS: Readonly<Record<string, string>> = {
  Int8Array: "b",
  Uint8ClampedArray: "B",
  Int16Array: "h",
  Uint16Array: "H",
  Int32Array: "i",
  Uint32Array: "I",
  BigInt64Array: "q",
  BigUint64Array: "Q",
  Float16Array: "e",
  Float32Array: "f",
  Float64Array: "d",
}

/** The format of a typed array's elements; undefined when Python has none. */
export function formatOf(view: ArrayBufferView): string | undefined {
  if (view instanceof DataView || view instanceof Uint8Array) return "B"
  return FORMATS[view.constructor.name]
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}

/** Makes Python's objects of values of JavaScript: each result is a new reference. */
export class ToPython {
  readonly #c: BridgeApi
  readonly #classes: Classes
  readonly #newHandle: NewHandle
  /** The containers that are being made, and their objects. */
  readonly #around = new Ancestors<object, number>()
  /** Whether errors were among them, of which Python gets a part. */
  #hasErrors = false

  constructor(c: BridgeApi, classes: Classes, newHandle: NewHandle) {
    this.#c = c
    this.#classes = classes
    this.#newHandle = newHandle
  }

  /** The counterpart of a value. @throws {NoCounterpart} that names `path`, or {Raised} */
  value(value: unknown, path: string): number {
    switch (typeof value) {
      case "number":
        return this.#number(value)
      case "string":
        return sure(strOf(this.#c, value))
      case "boolean":
        return this.#kept(value ? this.#c.__Py_TrueStruct : this.#c.__Py_FalseStruct)
      case "undefined":
        return this.#kept(this.#c.__Py_NoneStruct)
      case "bigint":
        return this.#bigint(value)
      case "object":
        return value === null ? this.#kept(this.#c.__Py_NoneStruct) : this.#whole(value, path)
    }
    throw new NoCounterpart(path, `is a ${typeof value}, which has no counterpart in Python`)
  }

  /** Whole numbers are ints. */
  #number(value: number): number {
    const c = this.#c
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) return c._PyLong_FromLong(value)
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      return sure(c._PyFloat_FromDouble(value))
    return this.#bigint(BigInt(value))
  }

  /** As `value`, for one with a layout: what is a float there is one in Python. */
  shaped(value: unknown, shape: Shape, path: string): number {
    if (shape === undefined || value === null || value === undefined) return this.value(value, path)
    if (typeof value === "number") return this.#float(value)
    if (isList(shape)) return this.#list(value as unknown[], path, shape[0])
    return this.#dict(value, Object.entries(value), path, shape as Fields)
  }

  #float(value: number): number {
    return sure(this.#c._PyFloat_FromDouble(value))
  }

  #bigint(value: bigint): number {
    const c = this.#c
    if (value >= -SMALL_MAX && value <= SMALL_MAX) return c._PyLong_FromLong(Number(value))
    const text = cString(c, value.toString(16))
    const object = c._PyLong_FromString(text, 0, 16)
    c._free(text)
    return sure(object)
  }

  #kept(object: number): number {
    this.#c._Py_IncRef(object)
    return object
  }

  #whole(value: object, path: string): number {
    if (!this.#around.isEmpty) return this.#object(value, path)
    let takesAll = false
    try {
      const object = this.#object(value, path)
      takesAll = !this.#hasErrors
      return object
    } finally {
      this.#hasErrors = false
      if (!takesAll) discardLanded(value)
    }
  }

  #object(value: object, path: string): number {
    const around = this.#around.get(value)
    if (around !== undefined) return this.#kept(around)
    if (Array.isArray(value)) return this.#list(value, path)
    if (value instanceof LandedBytes) return value.take()
    if (value instanceof SharedArrayBuffer) return this.#newHandle(new Uint8Array(value))
    if (ArrayBuffer.isView(value) && value.buffer instanceof SharedArrayBuffer)
      return this.#newHandle(value)
    if (value instanceof Uint8Array) return this.#bytes(value)
    if (value instanceof ArrayBuffer) return this.#bytes(new Uint8Array(value))
    if (ArrayBuffer.isView(value)) return this.#view(value, path)
    if (value instanceof Map) return this.#dict(value, value, path)
    if (value instanceof Set) return this.#set(value, path)
    if (value instanceof Date) return this.#date(value)
    if (value instanceof Error) return this.#error(value, path)
    const handle = this.#newHandle(value)
    if (handle !== 0) return handle
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null)
      return this.#dict(value, Object.entries(value), path)
    const name = (value.constructor as { name?: string } | undefined)?.name ?? "object"
    throw new NoCounterpart(path, `is a ${name}, which has no counterpart in Python`)
  }

  #list(values: readonly unknown[], path: string, shape?: Shape): number {
    const c = this.#c
    return this.#filled(values, sure(c._PyList_New(values.length)), path, (list) => {
      for (let i = 0; i < values.length; i++) {
        const item = this.shaped(values[i], shape, `${path}[${i}]`)
        c.HEAPU32[(c.HEAPU32[(list + OFFSET.LIST_ITEMS) >>> 2] >>> 2) + i] = item
      }
    })
  }

  #dict(
    whole: object,
    pairs: Iterable<[unknown, unknown]>,
    path: string,
    shapes: Fields = {},
  ): number {
    const c = this.#c
    return this.#filled(whole, sure(c._PyDict_New()), path, (dict) => {
      for (const [name, item] of pairs) {
        const key = this.value(name, `${path} key`)
        this.#with(key, () => {
          const value = this.shaped(item, shapes[String(name)], `${path}.${String(name)}`)
          this.#with(value, () => c._PyDict_SetItem(dict, key, value))
        })
      }
    })
  }

  #set(values: ReadonlySet<unknown>, path: string): number {
    const c = this.#c
    return this.#filled(values, sure(c._PySet_New(0)), path, (set) => {
      for (const value of values) {
        const item = this.value(value, `${path} item`)
        this.#with(item, () => c._PySet_Add(set, item))
      }
    })
  }

  /** A new container once `fill` has filled it; where it contains itself it is this object. */
  #filled(whole: object, object: number, path: string, fill: (object: number) => void): number {
    try {
      this.#around.within(whole, object, path, fill)
    } catch (error) {
      this.#c._Py_DecRef(object)
      throw error
    }
    return object
  }

  /** Gives a reference back after its use, whose result tells of an exception by -1. */
  #with(object: number, use: () => number | undefined): void {
    try {
      if (use() === -1) throw new Raised()
    } finally {
      this.#c._Py_DecRef(object)
    }
  }

  #bytes(bytes: Uint8Array): number {
    const object = sure(this.#c._PyBytes_FromStringAndSize(0, bytes.length))
    this.#c.HEAPU8.set(bytes, object + OFFSET.BYTES)
    return object
  }

  /** A memoryview of a bytearray that nobody else has. */
  #view(view: ArrayBufferView, path: string): number {
    const c = this.#c
    const format = formatOf(view)
    if (format === undefined) {
      const problem = `is a ${view.constructor.name}, which has no counterpart in Python`
      throw new NoCounterpart(path, problem)
    }
    const array = sure(c._PyByteArray_FromStringAndSize(0, view.byteLength))
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    c.HEAPU8.set(bytes, c._PyByteArray_AsString(array))
    const plain = c._PyMemoryView_FromObject(array)
    c._Py_DecRef(array)
    return format === "B" ? sure(plain) : this.#call(sure(plain), "cast", strOf(c, format))
  }

  /** Calls a method with one argument; takes both references. */
  #call(object: number, method: string, argument: number): number {
    const c = this.#c
    const bound = c._PyObject_GetAttrString(object, this.#classes.name(method))
    const result = bound === 0 ? 0 : c._PyObject_CallOneArg(bound, argument)
    for (const held of [object, argument, bound]) if (held !== 0) c._Py_DecRef(held)
    return sure(result)
  }

  /** A datetime in UTC. */
  #date(value: Date): number {
    const c = this.#c
    const args = sure(c._PyTuple_New(2))
    const items = (args + OFFSET.TUPLE_ITEMS) >>> 2
    c.HEAPU32[items] = this.#float(value.getTime() / 1000)
    c.HEAPU32[items + 1] = this.#kept(this.#classes.find("datetime", "timezone.utc"))
    const make = this.#classes.find("datetime", "datetime.fromtimestamp")
    const object = c._PyObject_CallObject(make, args)
    c._Py_DecRef(args)
    return sure(object)
  }

  /** An exception with the error's message, name, code and stack, and a cause that is an error. */
  #error(value: Error, path: string): number {
    const c = this.#c
    this.#hasErrors = true
    const message = sure(strOf(c, value.message))
    const exception = c._PyObject_CallOneArg(this.#classOf(value), message)
    c._Py_DecRef(message)
    sure(exception)
    const code: unknown = Reflect.get(value, "code")
    return this.#filled(value, exception, path, () => {
      this.#set1(exception, "name", value.name)
      this.#set1(exception, "stack", value.stack)
      this.#set1(exception, "code", typeof code === "string" ? code : undefined)
      if (value instanceof PythonError) {
        this.#set1(exception, "type", value.type)
        this.#set1(exception, "traceback", value.traceback)
      }
      if (value.cause instanceof Error)
        this.#set1(exception, "__cause__", value.cause, `${path}.cause`)
    })
  }

  /** Errors of Heddle have classes of their own names. */
  #classOf({ name }: Error): number {
    const c = this.#c
    const errors = this.#classes.own("_errors")
    const key = sure(strOf(c, name))
    const known = c._PyDict_GetItem(errors, key)
    c._Py_DecRef(key)
    return known === 0 ? this.#classes.own("JavaScriptError") : known
  }

  #set1(object: number, name: string, value: unknown, path = name): void {
    const item = this.value(value, path)
    this.#c._PyObject_SetAttrString(object, this.#classes.name(name), item)
    this.#c._Py_DecRef(item)
  }
}
