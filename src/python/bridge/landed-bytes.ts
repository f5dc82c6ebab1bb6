/** Bytes that arrive in an interpreter: read from shared memory right into an object of Python. */
import { Landed, landBytes } from "../../internal/wire/foreign-bytes.ts"
import { OFFSET } from "../c-api.ts"
import type { BridgeApi } from "./c-api.ts"

/** Shorter bytes are arrays for a moment: that costs less than a place of their own. */
const SHORT = 1024

/** Bytes of a message, as Python has them. */
export class LandedBytes extends Landed {
  readonly byteLength: number
  readonly #c: BridgeApi
  readonly #object: number
  #isTaken = false

  constructor(c: BridgeApi, object: number, byteLength: number) {
    super()
    this.#c = c
    this.#object = object
    this.byteLength = byteLength
  }

  /** A new reference to the object; the first is the message's own. */
  take(): number {
    if (this.#isTaken) this.#c._Py_IncRef(this.#object)
    this.#isTaken = true
    return this.#object
  }

  /** It is given back, unless somebody has it. */
  discard(): void {
    if (!this.#isTaken) this.#c._Py_DecRef(this.#object)
    this.#isTaken = true
  }

  override toBuffer(): ArrayBuffer {
    const from = this.#object + OFFSET.BYTES
    return this.#c.HEAPU8.slice(from, from + this.byteLength).buffer
  }
}

/** What landed in a value that nobody takes, or not all of it, is given back. */
export function discardLanded(value: unknown, met = new Set<object>()): void {
  if (typeof value !== "object" || value === null || met.has(value)) return
  met.add(value)
  if (value instanceof LandedBytes) value.discard()
  else for (const inner of contentsOf(value)) discardLanded(inner, met)
}

function contentsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  if (Array.isArray(value) || value instanceof Set) return value
  if (ArrayBuffer.isView(value)) return []
  if (value instanceof Error) return [value.cause, ...Object.values(value)]
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.values(value) : []
}

/** From here on, the bytes of messages are read into objects of Python. */
export function landInPython(c: BridgeApi): void {
  landBytes((bytes) => {
    if (bytes.length < SHORT) return undefined
    const object = c._PyBytes_FromStringAndSize(0, bytes.length)
    if (object === 0) {
      c._PyErr_Clear()
      return undefined
    }
    c.HEAPU8.set(bytes, object + OFFSET.BYTES)
    return new LandedBytes(c, object, bytes.length)
  })
}
