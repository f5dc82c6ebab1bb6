/**
 * Errors in messages: class by name, all own fields with their enumerability, and the stack.
 *
 * A class known to every isolate (the language's and Heddle's) comes back as itself. An error of
 * any other class comes back as its nearest known ancestor with its own `name`: its fields are
 * plain data to the receiver. To keep the class, register it with `sendable`.
 */

import { errorClasses } from "../../errors.ts"
import type { Decoder } from "./codec-decode.ts"
import type { Encoder } from "./codec-encode.ts"
import { setOwn } from "./codec-layouts.ts"
import { keyStep, located } from "./codec-refusal.ts"
import * as tag from "./codec-tags.ts"

interface ErrorClass {
  readonly prototype: object
}

const suppressed = (globalThis as { SuppressedError?: ErrorClass }).SuppressedError

/** Position is the number that is sent; the list is the same in every isolate of one version. */
const classes: readonly ErrorClass[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
  suppressed ?? Error,
  ...Object.values(errorClasses),
]

const numberOf = new Map<object, number>()
classes.forEach(({ prototype }, index) => {
  if (!numberOf.has(prototype)) numberOf.set(prototype, index)
})

const byName = new Map<string, number>()
for (const [prototype, index] of numberOf) byName.set(prototype.constructor.name, index)

const builtinIsError = (Error as { isError?(value: unknown): boolean }).isError

/** Whether this is an error, of any realm. */
export function isError(value: unknown): value is Error {
  return builtinIsError === undefined ? value instanceof Error : builtinIsError(value)
}

/** The number of the nearest class that every isolate knows. */
function classOf(error: object): number {
  let prototype = Reflect.getPrototypeOf(error)
  while (prototype !== null) {
    const known = numberOf.get(prototype)
    if (known !== undefined) return known
    const foreign = byName.get(String(prototype.constructor?.name))
    const isOurs = foreign !== undefined && error instanceof Error
    if (foreign !== undefined && !isOurs) return foreign
    prototype = Reflect.getPrototypeOf(prototype)
  }
  return 0
}

/** Writes an error; it has been numbered already. */
export function writeError(encoder: Encoder, error: Error, at: number): number {
  const index = classOf(error)
  const next = encoder.word(tag.ERROR | (index << 8), at)
  return next < 0 ? -1 : writeParts(encoder, error, nameFor(error, classes[index].prototype), next)
}

/** Writes a `DOMException`, whose message and name are not fields. */
export function writeDomException(encoder: Encoder, value: object, at: number): number {
  const error = value as DOMException
  const { message, name } = error
  let next = encoder.word(tag.DOM_EXCEPTION, at)
  if (next >= 0) next = encoder.strings.write(message, next, encoder.limit)
  if (next >= 0) next = encoder.strings.write(name, next, encoder.limit)
  return next < 0 ? -1 : writeParts(encoder, error, undefined, next)
}

/** The name to carry as a field, when the class known to the receiver would not give it. */
function nameFor(error: Error, prototype: object): string | undefined {
  if (Object.hasOwn(error, "name")) return undefined
  const known = (prototype as { name?: unknown }).name
  const { name } = error
  if (typeof name !== "string") return undefined
  if (name !== known) return name
  const own = error.constructor?.name
  const isKnown = Reflect.getPrototypeOf(error) === prototype
  return isKnown || typeof own !== "string" || own === "" || own === known ? undefined : own
}

function writeParts(encoder: Encoder, error: Error, name: string | undefined, at: number): number {
  encoder.enterSolid()
  const stack: unknown = error.stack
  let next = encoder.strings.write(typeof stack === "string" ? stack : "", at, encoder.limit)
  const keys = Object.getOwnPropertyNames(error).filter((key) => isSent(error, key))
  if (next >= 0) next = encoder.word(keys.length + (name === undefined ? 0 : 1), next)
  if (name !== undefined && next >= 0) next = writeField(encoder, "name", name, false, next)
  for (let i = 0; i < keys.length && next >= 0; i++) {
    const key = keys[i]
    const isEnumerable = Object.prototype.propertyIsEnumerable.call(error, key)
    next = writeField(encoder, key, readField(error, key), isEnumerable, next)
  }
  encoder.leave()
  return next
}

function readField(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key]
  } catch (thrown) {
    throw located(thrown, keyStep(key))
  }
}

/** Hidden helpers, such as a method stored on the error, are not part of what it says. */
function isSent(error: Error, key: string): boolean {
  if (key === "stack") return false
  const descriptor = Object.getOwnPropertyDescriptor(error, key)
  if (descriptor === undefined) return false
  return descriptor.enumerable === true || typeof descriptor.value !== "function"
}

function writeField(
  encoder: Encoder,
  key: string,
  value: unknown,
  isEnumerable: boolean,
  at: number,
): number {
  let next = encoder.strings.write(key, at, encoder.limit)
  if (next >= 0) next = encoder.word(isEnumerable ? 1 : 0, next)
  return next < 0 ? -1 : encoder.at(keyStep(key), value, next)
}

/** Reads an error of the class with this number. */
export function readError(decoder: Decoder, index: number): Error {
  return readParts(decoder, withoutStack(classes[index]))
}

/** Reads a `DOMException`. */
export function readDomException(decoder: Decoder): Error {
  const message = decoder.value() as string
  const name = decoder.value() as string
  return readParts(decoder, new DOMException(message, name))
}

/** An error of a class without running its constructor and without collecting a stack. */
function withoutStack(Class: ErrorClass): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return Reflect.construct(Error, [], Class as unknown as new () => Error) as Error
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function readParts(decoder: Decoder, error: Error): Error {
  decoder.hold(error)
  setOwn(error, "stack", decoder.value(), false)
  const count = decoder.word()
  for (let i = 0; i < count; i++) {
    const key = decoder.value() as string
    const isEnumerable = decoder.word() === 1
    setOwn(error, key, decoder.value(), isEnumerable)
  }
  return error
}
