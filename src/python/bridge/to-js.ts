/**
 * Python's objects as values of JavaScript.
 *
 * None, bool, int, float, str and bytes; list and tuple become arrays, dict an object (a Map when a
 * key is no str), set and frozenset a Set; whatever exposes its memory becomes a typed array of the
 * same element; datetime becomes a Date; handles become what they stand for. Instances of
 * subclasses travel as what they are at heart.
 */

import { setOwn } from "../../internal/wire/codec-layouts.ts"
import { Lent } from "../../internal/wire/foreign-bytes.ts"
import { OFFSET } from "../c-api.ts"
import { oneDigit } from "../numbers.ts"
import { Ancestors } from "./ancestors.ts"
import { type BridgeApi, Raised, SUBCLASS, sure } from "./c-api.ts"
import type { Classes } from "./classes.ts"
import { type ArrayClass, memoryOf } from "./memory-of.ts"
import { NoCounterpart } from "./no-counterpart.ts"
import { textOf } from "./text.ts"

/** Shorter memory is copied: that costs less than to lend it. */
const SHORT = 1024

/** What Python's handles stand for. */
export type HandleOf = (n: number) => unknown

/** What a container becomes; a dict's is made early where the dict contains itself. */
interface Around {
  whole?: object
}

const CONTAINER = SUBCLASS.LIST | SUBCLASS.TUPLE | SUBCLASS.DICT

/** Turns Python's objects into values of JavaScript. */
export class ToJs {
  readonly #c: BridgeApi
  readonly #classes: Classes
  readonly #handleOf: HandleOf
  /** Three words that C writes into. */
  readonly #scratch: number
  #lends = false
  /** The lists, tuples and dicts that are being turned, and what they become. */
  readonly #around = new Ancestors<number, Around>()

  constructor(c: BridgeApi, classes: Classes, handleOf: HandleOf) {
    this.#c = c
    this.#classes = classes
    this.#handleOf = handleOf
    this.#scratch = c._malloc(16)
  }

  /**
   * As `value`, for what is written before Python runs again: its memory is lent instead of copied.
   */
  lent(object: number, path: string): unknown {
    this.#lends = true
    try {
      return this.value(object, path)
    } finally {
      this.#lends = false
    }
  }

  /** The counterpart of an object. @throws {NoCounterpart} that names `path` */
  value(object: number, path: string): unknown {
    const c = this.#c
    const type = c.HEAPU32[(object + OFFSET.TYPE) >>> 2]
    switch (type) {
      case c._PyLong_Type:
        return this.#int(object)
      case c._PyFloat_Type:
        return c._PyFloat_AsDouble(object)
      case c._PyUnicode_Type:
        return textOf(c, object)
      case c._PyBool_Type:
        return object === c.__Py_TrueStruct
    }
    if (object === c.__Py_NoneStruct) return null
    return this.#other(object, type, path)
  }

  #other(object: number, type: number, path: string): unknown {
    const c = this.#c
    const flags = c._PyType_GetFlags(type)
    if (flags & CONTAINER) return this.#container(object, flags, path)
    if (flags & SUBCLASS.BYTES) {
      const from = object + OFFSET.BYTES
      return this.#memoryAt(Uint8Array, from, c.HEAPU32[(object + OFFSET.SIZE) >>> 2])
    }
    if (flags & SUBCLASS.TEXT) return textOf(c, object)
    if (flags & SUBCLASS.LONG) return this.#int(object)
    if (type === c._PySet_Type || type === c._PyFrozenSet_Type) return this.#set(object, path)
    const n = this.#classes.handleIn(object, type)
    if (n !== undefined) return this.#handle(n, path)
    if (c._PyObject_CheckBuffer(object) !== 0) return this.#exposed(object, path)
    return this.#rest(object, path)
  }

  /** Lent while the value is only written; else a copy. */
  #memoryAt(Class: ArrayClass, from: number, byteLength: number): object {
    const read = (): Uint8Array => this.#c.HEAPU8.subarray(from, from + byteLength)
    if (this.#lends && byteLength >= SHORT) return new Lent(Class.name, byteLength, read)
    return new Class(read().slice().buffer)
  }

  #exposed(object: number, path: string): object {
    const { Class, from, byteLength } = memoryOf(this.#c, object, path)
    return this.#memoryAt(Class, from, byteLength)
  }

  #handle(n: number, path: string): unknown {
    const handle = this.#handleOf(n)
    if (handle === undefined) throw new NoCounterpart(path, "is a handle that was closed")
    return handle
  }

  #rest(object: number, path: string): unknown {
    const ms = this.#classes.timeOf(object)
    if (ms !== undefined) return new Date(ms)
    if (this.#c._PyObject_IsInstance(object, this.#c._PyFloat_Type) === 1)
      return this.#c._PyFloat_AsDouble(object)
    const name = this.#classes.nameOfType(object)
    throw new NoCounterpart(path, `is of class ${name}, which has no counterpart in TypeScript`)
  }

  #int(object: number): number | bigint {
    const c = this.#c
    const small = oneDigit(c, object)
    if (small !== undefined) return small
    const hex = sure(c._PyNumber_ToBase(object, 16))
    const text = textOf(c, hex)
    c._Py_DecRef(hex)
    const big = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text)
    const near = Number(big)
    return Number.isSafeInteger(near) ? near : big
  }

  #container(object: number, flags: number, path: string): unknown {
    const around = this.#around.get(object)
    if (around !== undefined) {
      around.whole ??= this.#hasTextKeys(object) ? {} : new Map()
      return around.whole
    }
    if (flags & SUBCLASS.DICT) return this.#dict(object, path)
    const heap = this.#c.HEAPU32
    const count = heap[(object + OFFSET.SIZE) >>> 2]
    const isTuple = (flags & SUBCLASS.TUPLE) !== 0
    const first = isTuple ? object + OFFSET.TUPLE_ITEMS : heap[(object + OFFSET.LIST_ITEMS) >>> 2]
    const items: unknown[] = []
    this.#around.within(object, { whole: items }, path, () => {
      for (let i = 0; i < count; i++)
        items.push(this.#within(this.#c.HEAPU32[(first >>> 2) + i], path, `[${i}]`))
    })
    return items
  }

  /** A value within another; its path is made only when it is needed. */
  #within(object: number, path: string, step: string): unknown {
    try {
      return this.value(object, "")
    } catch (error) {
      if (!(error instanceof NoCounterpart)) throw error
      throw new NoCounterpart(`${path}${step}${error.path}`, error.problem)
    }
  }

  #dict(dict: number, path: string): unknown {
    const around: Around = {}
    const pairs: [unknown, unknown][] = []
    this.#around.within(dict, around, path, () => this.#eachPair(dict, path, pairs))
    const { whole } = around
    if (whole instanceof Map) {
      for (const [name, value] of pairs) whole.set(name, value)
      return whole
    }
    if (whole !== undefined) {
      for (const [name, value] of pairs) setOwn(whole, name as string, value)
      return whole
    }
    return pairs.every(([name]) => typeof name === "string")
      ? Object.fromEntries(pairs as [string, unknown][])
      : new Map(pairs)
  }

  #eachPair(dict: number, path: string, pairs: [unknown, unknown][]): void {
    const c = this.#c
    const [at, key, value] = [this.#scratch, this.#scratch + 4, this.#scratch + 8]
    let place = 0
    for (;;) {
      c.HEAPU32[at >>> 2] = place
      if (c._PyDict_Next(dict, at, key, value) === 0) break
      place = c.HEAPU32[at >>> 2]
      const item = c.HEAPU32[value >>> 2]
      const name = this.#within(c.HEAPU32[key >>> 2], path, " key ")
      const shown = typeof name === "string" ? JSON.stringify(name) : String(name)
      pairs.push([name, this.#within(item, path, `[${shown}]`)])
    }
  }

  /** Whether a dict becomes an object. */
  #hasTextKeys(dict: number): boolean {
    const c = this.#c
    const [at, key, value] = [this.#scratch, this.#scratch + 4, this.#scratch + 8]
    c.HEAPU32[at >>> 2] = 0
    while (c._PyDict_Next(dict, at, key, value) !== 0) {
      const type = c.HEAPU32[(c.HEAPU32[key >>> 2] + OFFSET.TYPE) >>> 2]
      if ((c._PyType_GetFlags(type) & SUBCLASS.TEXT) === 0) return false
    }
    return true
  }

  #set(set: number, path: string): Set<unknown> {
    const c = this.#c
    const values = new Set<unknown>()
    const iterator = sure(c._PyObject_GetIter(set))
    try {
      for (;;) {
        const item = c._PyIter_Next(iterator)
        if (item === 0) break
        try {
          values.add(this.#within(item, path, " item "))
        } finally {
          c._Py_DecRef(item)
        }
      }
    } finally {
      c._Py_DecRef(iterator)
    }
    if (c._PyErr_Occurred() !== 0) throw new Raised()
    return values
  }
}
