/**
 * A thrown value as data: what an isolate reports when user code fails there.
 *
 * Reporting a failure must not fail. What can be sent is sent as it is; an error with a field that
 * cannot be sent loses that field and says so in `notSent`; what cannot be sent at all is
 * described.
 */

import { type Memory, memoryOver } from "../memory/memory.ts"
import { Codec } from "./codec.ts"
import { isError } from "./codec-errors.ts"
import { hasFreight } from "./codec-freight.ts"
import { setOwn } from "./codec-layouts.ts"
import { say } from "./codec-refusal.ts"
import { framesOf, withoutCallers } from "./frames.ts"

/** What `toFailure` gives: data for the codec. */
interface Failure {
  readonly thrown: unknown
  /** Where it was thrown, such as `isolate 3`. */
  readonly origin: string
}

const SCRATCH_BYTES = 16 << 10
/** A failure larger than this is described instead of sent. */
const SCRATCH_BYTES_MAX = 16 << 20
/** Errors within one error that are repaired field by field; more of them are only summed up. */
const REPAIRED_MAX = 64

/** A private place to try an encoding; grows to what was needed. */
let scratch: { memory: Memory; codec: Codec; bytes: number } | undefined

/**
 * Makes a thrown value into data that the codec accepts. Never throws.
 *
 * `origin` names the isolate in which it was thrown; the receiver's stack shows it.
 */
export function toFailure(thrown: unknown, origin = "another isolate"): unknown {
  return { thrown: sendableOf(thrown), origin } satisfies Failure
}

/** A thrown value, or what is sent in its place. Never throws. */
export function sendableOf(thrown: unknown): unknown {
  if (refusalOf(thrown) === undefined) return thrown
  let safe: unknown
  try {
    safe = isError(thrown) ? repaired(thrown, new Map()) : described(thrown)
  } catch (failed) {
    safe = new Error(`a value was thrown that cannot be sent or shown: ${say(failed)}`)
  }
  return refusalOf(safe) === undefined ? safe : summary(thrown)
}

/**
 * The thrown value again, from what `toFailure` gave and the codec carried.
 *
 * With `awaitedStack`, the stack of the place that waits for the outcome, an error's stack shows
 * both sides: where it was thrown (up to the user's outermost function), a line naming the isolate,
 * where it was awaited.
 */
export function fromFailure(data: unknown, options: { awaitedStack?: string } = {}): unknown {
  const { thrown, origin } = data as Failure
  if (options.awaitedStack !== undefined && isError(thrown)) {
    const stack = `${withoutCallers(String(thrown.stack))}\n    --- thrown in ${origin}, awaited here: ---`
    setOwn(thrown, "stack", [stack, ...framesOf(options.awaitedStack)].join("\n"), false)
  }
  return thrown
}

/**
 * A thrown value as bytes of its own, for what the host carries; handles in it are only described.
 */
export function packFailure(thrown: unknown): Uint8Array {
  const failure = toFailure(thrown)
  return packed(failure) ?? packed({ ...(failure as Failure), thrown: summary(thrown) }) ?? NOTHING
}

/** What was thrown, from what `packFailure` gave. */
export function unpackFailure(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  const memory = memoryOver(new SharedArrayBuffer(Math.ceil(bytes.length / 8) * 8))
  memory.bytes.set(bytes)
  return fromFailure(new Codec(memory).decode(0))
}

const NOTHING = new Uint8Array(0)

function packed(failure: unknown): Uint8Array | undefined {
  if (refusalOf(failure) !== undefined || scratch === undefined) return undefined
  const end = scratch.codec.encode(failure, 0, scratch.bytes, "")
  if (end < 0 || hasFreight(scratch.memory, 0)) return undefined
  return scratch.memory.bytes.slice(0, end)
}

/** Why a value cannot be sent, or undefined when it can. */
function refusalOf(value: unknown): string | undefined {
  for (let bytes = scratch?.bytes ?? SCRATCH_BYTES; bytes <= SCRATCH_BYTES_MAX; bytes *= 4) {
    if (scratch === undefined || scratch.bytes < bytes) {
      const memory = memoryOver(new SharedArrayBuffer(bytes))
      scratch = { memory, codec: new Codec(memory), bytes }
    }
    try {
      if (scratch.codec.encode(value, 0, bytes, "") >= 0) return undefined
    } catch (error) {
      return say(error).trim()
    }
  }
  return "is too large for a failure"
}

/**
 * A copy of an error with every field that can be sent; `copies` keeps circles of errors circles.
 */
function repaired(error: Error, copies: Map<Error, Error>): Error {
  const copy = emptyLike(error)
  copies.set(error, copy)
  setOwn(copy, "stack", String(error.stack), false)
  const lost: string[] = []
  for (const key of Object.getOwnPropertyNames(error)) {
    if (key === "stack") continue
    const isEnumerable = Object.prototype.propertyIsEnumerable.call(error, key)
    const field = safeField(error, key, copies)
    if ("value" in field) setOwn(copy, key, field.value, isEnumerable)
    else lost.push(`${key} ${field.refused}`)
  }
  if (lost.length > 0) setOwn(copy, "notSent", lost)
  return copy
}

function emptyLike(error: Error): Error {
  if (error instanceof DOMException) return new DOMException(error.message, error.name)
  const copy = new Error()
  // The codec finds class and name by the prototype.
  Object.setPrototypeOf(copy, Reflect.getPrototypeOf(error))
  Reflect.deleteProperty(copy, "message")
  return copy
}

function safeField(
  error: Error,
  key: string,
  copies: Map<Error, Error>,
): { value: unknown } | { refused: string } {
  let value: unknown
  try {
    value = (error as unknown as Record<string, unknown>)[key]
  } catch (thrown) {
    return { refused: `threw when read: ${say(thrown)}` }
  }
  if (isError(value)) return { value: safeError(value, copies) }
  if (Array.isArray(value) && value.some(isError)) {
    return { value: value.map((one) => (isError(one) ? safeError(one, copies) : safe(one))) }
  }
  const refused = refusalOf(value)
  return refused === undefined ? { value } : { refused }
}

/** An error inside an error, repaired when it must be. */
function safeError(error: Error, copies: Map<Error, Error>): Error {
  const copy = copies.get(error)
  if (copy !== undefined) return copy
  if (copies.size >= REPAIRED_MAX) return summary(error)
  return refusalOf(error) === undefined ? error : repaired(error, copies)
}

function safe(value: unknown): unknown {
  return refusalOf(value) === undefined ? value : say(value)
}

/** An error in place of a thrown value that is none and cannot be sent. */
function described(thrown: unknown): Error {
  const name = typeof thrown === "object" ? Object.prototype.toString.call(thrown) : say(thrown)
  return new Error(`a value was thrown that cannot be sent (it ${refusalOf(thrown)}): ${name}`)
}

/** The least that can be said about an error: always sendable. */
function summary(thrown: unknown): Error {
  const copy = new Error(say(thrown))
  try {
    const { name, stack } = thrown as Error
    if (typeof stack === "string") setOwn(copy, "stack", stack.slice(0, SCRATCH_BYTES), false)
    if (typeof name === "string") setOwn(copy, "name", name.slice(0, 256), false)
  } catch {
    // Its fields throw: the message is all there is.
  }
  copy.message = copy.message.slice(0, SCRATCH_BYTES)
  return copy
}
