/**
 * From words to a value.
 *
 * Most messages contain no object twice: their objects are made in one step, together with their
 * contents. Only when the header says NUMBERED are objects made empty first, numbered and filled.
 */

import { ownBytesOver } from "#platform/bytes"
import type { Memory } from "../memory/memory.ts"
import { readDomException, readError } from "./codec-errors.ts"
import { freightAt, releaseFreight, takeFreight } from "./codec-freight.ts"
import { type Layout, type LayoutCache, setOwn } from "./codec-layouts.ts"
import type { Strings } from "./codec-strings.ts"
import * as tag from "./codec-tags.ts"
import { viewClasses } from "./codec-views.ts"
import { Landed, landed, landsBytes } from "./foreign-bytes.ts"
import { knownRegistration } from "./sendable.ts"

/** The number of the class `Uint8Array`. */
const BYTES = viewClasses.findIndex(({ prototype }) => prototype === Uint8Array.prototype)

/** Reads one message after the other. Not reentrant: `busy` says that a message is being read. */
export class Decoder {
  readonly #memory: Memory
  readonly #words: Int32Array
  readonly #view: DataView
  readonly #strings: Strings
  readonly #cache: LayoutCache
  busy = false
  #at = 0
  #isNumbered = false
  #objects: unknown[] = []
  #later: object[] = []
  readonly #layouts: Layout[] = []
  #freight = 0
  #taken = 0

  constructor(memory: Memory, strings: Strings, cache: LayoutCache) {
    this.#memory = memory
    this.#words = memory.words
    this.#view = memory.view
    this.#strings = strings
    this.#cache = cache
  }

  /** Reads the message at word `start`. */
  decode(start: number): unknown {
    this.busy = true
    const flags = this.#words[start]
    this.#isNumbered = (flags & tag.NUMBERED) !== 0
    try {
      if (flags > 0) this.#readTail(start, flags)
      this.#at = start + tag.HEADER_WORDS
      const value = this.value()
      if (this.#later.length > 0) this.#readLater()
      return value
    } catch (error) {
      if (this.#freight !== 0) releaseFreight(this.#memory, this.#freight, this.#taken)
      throw error
    } finally {
      this.#end()
    }
  }

  #end(): void {
    this.busy = false
    this.#freight = 0
    if (!this.#isNumbered) return
    this.#objects = []
    this.#later = []
  }

  #readTail(start: number, flags: number): void {
    const words = this.#words
    let at = start + words[start + 1]
    this.#taken = 0
    this.#freight = freightAt(this.#memory, start)
    if (this.#freight !== 0) at += 1 + words[at] * tag.FREIGHT_WORDS
    const count = flags >>> 8
    const layouts = this.#layouts
    for (let i = 0; i < count; i++) {
      layouts[i] = this.#cache.find(words, at)
      at += words[at + 1]
    }
  }

  /** Reads the next value. */
  value(): unknown {
    const word = this.#words[this.#at++]
    switch (word & 0xff) {
      case tag.INT24:
        return word >> 8
      case tag.STRING:
        return this.#narrow(word >>> 8)
      case tag.OBJECT:
        return this.#plain(word >>> 8)
      case tag.ARRAY:
        return this.#array()
      case tag.DOUBLE:
        return this.size()
      case tag.TRUE:
        return true
      case tag.FALSE:
        return false
      case tag.UNDEFINED:
        return undefined
      case tag.NULL:
        return null
      case tag.INT32:
        return this.word()
      case tag.REFERENCE:
        return this.#objects[word >>> 8]
      default:
        return this.#rare(word & 0xff, word >>> 8)
    }
  }

  /** The next word as it is. */
  word(): number {
    return this.#words[this.#at++]
  }

  /** The next double as it is. */
  size(): number {
    const at = this.#at
    this.#at = at + 2
    return this.#view.getFloat64(at * 4, true)
  }

  /** Gives an object its number, when numbers matter. */
  hold(object: object): void {
    if (this.#isNumbered) this.#objects.push(object)
  }

  #narrow(length: number): string {
    const at = this.#at
    this.#at = at + ((length + 3) >>> 2)
    return this.#strings.narrow(length, at * 4)
  }

  #wide(length: number): string {
    const at = this.#at
    this.#at = at + ((length + 1) >>> 1)
    return this.#strings.wide(length, at * 4)
  }

  #plain(index: number): object {
    const layout = this.#layouts[index]
    if (!this.#isNumbered) return layout.read(this)
    const object = {}
    this.#objects.push(object)
    return layout.fill(object, this)
  }

  #array(): unknown[] {
    const length = this.word() >>> 0
    const array: unknown[] = []
    if (this.#isNumbered) this.#objects.push(array)
    return this.#elements(array, length)
  }

  #elements(array: unknown[], length: number): unknown[] {
    const words = this.#words
    for (let i = 0; i < length; i++) {
      const word = words[this.#at]
      const kind = word & 0xff
      if (kind === tag.INT24) {
        this.#at++
        array.push(word >> 8)
      } else if (kind === tag.HOLES) {
        this.#at++
        i += (word >>> 8) - 1
        array.length = i + 1
      } else if (kind === tag.SPARSE) {
        this.#at++
        this.#pairs(array, length)
        break
      } else {
        array.push(this.value())
      }
    }
    return array
  }

  #pairs(array: unknown[], length: number): void {
    array.length = length
    const count = this.word() >>> 0
    for (let i = 0; i < count; i++) {
      const index = this.word() >>> 0
      array[index] = this.value()
    }
  }

  #rare(kind: number, payload: number): unknown {
    switch (kind) {
      case tag.STRING_WIDE:
        return this.#wide(payload)
      case tag.STRING_LONG: {
        const length = this.word()
        return payload === 0 ? this.#narrow(length) : this.#wide(length)
      }
      case tag.BIGINT64:
        this.#at += 2
        return this.#view.getBigInt64((this.#at - 2) * 4, true)
      case tag.BIGINT: {
        const magnitude = BigInt(`0x${this.value()}`)
        return payload === 1 ? -magnitude : magnitude
      }
      case tag.OBJECT_NULL:
        return this.#nullObject(payload)
      case tag.ARRAY_FIELDS:
        return this.#match()
      case tag.MAP:
        return this.#map(this.#made(new Map()))
      case tag.SET:
        return this.#set(this.#made(new Set()))
      case tag.LATER:
        return this.#empty(payload)
      case tag.INSTANCE:
        return this.#instance()
      default:
        return this.#builtin(kind, payload)
    }
  }

  #builtin(kind: number, payload: number): unknown {
    switch (kind) {
      case tag.DATE:
        return this.#made(new Date(this.size()))
      case tag.REGEXP: {
        const source = this.value() as string
        return this.#made(new RegExp(source, this.value() as string))
      }
      case tag.BOXED:
        return this.#made(Object(this.value()) as object)
      case tag.BUFFER:
        return this.#made(this.#buffer(payload === 1))
      case tag.VIEW:
        return this.#viewOf(payload)
      case tag.NODE_BUFFER: {
        const bytes = this.#bytes(this.size())
        return this.#made(ownBytesOver(bytes.buffer, 0, bytes.length))
      }
      case tag.ERROR:
        return readError(this, payload)
      case tag.DOM_EXCEPTION:
        return readDomException(this)
      case tag.FREIGHT_NEXT:
        return this.#made(this.#nextFreight())
      default:
        throw new Error(`assertion failed: no value has tag ${kind}`)
    }
  }

  #made<T extends object>(object: T): T {
    if (this.#isNumbered) this.#objects.push(object)
    return object
  }

  #nullObject(index: number): object {
    return this.#layouts[index].fill(this.#made(Object.create(null) as object), this)
  }

  #match(): unknown[] {
    const array = this.#array()
    const count = this.word()
    for (let i = 0; i < count; i++) {
      const name = this.value() as string
      setOwn(array, name, this.value())
    }
    return array
  }

  #map(map: Map<unknown, unknown>): Map<unknown, unknown> {
    const size = this.word()
    for (let i = 0; i < size; i++) {
      const key = this.value()
      map.set(key, this.value())
    }
    return map
  }

  #set(set: Set<unknown>): Set<unknown> {
    const size = this.word()
    for (let i = 0; i < size; i++) set.add(this.value())
    return set
  }

  /** A container whose contents come after the body. */
  #empty(kind: number): object {
    const container = this.#made(this.#newContainer(kind))
    this.#later.push(container)
    return container
  }

  #newContainer(kind: number): object {
    switch (kind) {
      case tag.OBJECT:
        return {}
      case tag.OBJECT_NULL:
        return Object.create(null) as object
      case tag.ARRAY:
        this.#at++
        return []
      case tag.MAP:
        return new Map()
      default:
        return new Set()
    }
  }

  #readLater(): void {
    const later = this.#later
    for (let i = 0; i < later.length; i++) {
      const target = later[i]
      const word = this.word()
      if (target instanceof Map) this.#map(target)
      else if (target instanceof Set) this.#set(target)
      else if (Array.isArray(target)) this.#laterArray(target, word & 0xff)
      else this.#layouts[word >>> 8].fill(target, this)
    }
  }

  #laterArray(target: unknown[], kind: number): void {
    this.#elements(target, this.word() >>> 0)
    if (kind !== tag.ARRAY_FIELDS) return
    const count = this.word()
    for (let i = 0; i < count; i++) {
      const name = this.value() as string
      setOwn(target, name, this.value())
    }
  }

  /** An instance exists only after its data: its number is reserved. */
  #instance(): object {
    const number = this.#objects.length
    if (this.#isNumbered) this.#objects.push(undefined)
    const registration = knownRegistration(this.value() as string)
    const instance = registration.decode(this.value())
    if (this.#isNumbered) this.#objects[number] = instance
    return instance
  }

  #bytes(length: number): Uint8Array {
    const first = this.#at + (this.#at & 1)
    this.#at = first + Math.ceil(length / 4)
    return this.#memory.bytes.slice(first * 4, first * 4 + length)
  }

  #buffer(isResizable: boolean): ArrayBuffer {
    const length = this.size()
    if (!isResizable) return this.#bytes(length).buffer as ArrayBuffer
    const maxByteLength = this.size()
    const buffer = new ArrayBuffer(length, { maxByteLength })
    new Uint8Array(buffer).set(this.#bytes(length))
    return buffer
  }

  #viewOf(index: number): ArrayBufferView {
    const number = this.#objects.length
    if (this.#isNumbered) this.#objects.push(undefined)
    const byteOffset = this.size()
    const length = this.size()
    const elsewhere = index === BYTES && byteOffset === 0 ? this.#land(length) : undefined
    if (elsewhere !== undefined) {
      if (this.#isNumbered) this.#objects[number] = elsewhere
      return elsewhere as unknown as ArrayBufferView
    }
    const memory = this.value()
    const buffer = memory instanceof Landed ? memory.toBuffer() : (memory as ArrayBufferLike)
    const view = viewClasses[index].make(buffer, byteOffset, length)
    if (this.#isNumbered) this.#objects[number] = view
    return view
  }

  /** A buffer of just this length that follows, read to where this isolate wants its bytes. */
  #land(length: number): Landed | undefined {
    if (!landsBytes()) return undefined
    const start = this.#at
    if (this.#memory.words[start] !== tag.BUFFER) return undefined
    this.#at++
    const isWhole = this.size() === length
    const first = this.#at + (this.#at & 1)
    const bytes = this.#memory.bytes.subarray(first * 4, first * 4 + length)
    const made = isWhole ? landed(bytes) : undefined
    this.#at = made === undefined ? start : first + Math.ceil(length / 4)
    // The array's own buffer has a number, too; nothing else names it.
    if (made !== undefined && this.#isNumbered) this.#objects.push(made)
    return made
  }

  #nextFreight(): object {
    const word = this.#freight + 1 + this.#taken * tag.FREIGHT_WORDS
    this.#taken++
    return takeFreight(this.#memory, word)
  }
}
