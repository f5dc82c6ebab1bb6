/**
 * Writing what is neither a primitive, plain object nor array: the built-in classes, errors,
 * registered classes and handles.
 *
 * Recognition is by prototype, exactly: an instance of a subclass is refused, because a copy would
 * lose its class in silence. Errors are the exception, see `codec-errors.ts`.
 */

import { ownBytes } from "#platform/bytes"
import type { Encoder } from "./codec-encode.ts"
import { isError, writeDomException, writeError } from "./codec-errors.ts"
import { located, Refusal, refuseObject, say } from "./codec-refusal.ts"
import * as tag from "./codec-tags.ts"
import { viewClasses } from "./codec-views.ts"
import { Lent, LentMemory } from "./foreign-bytes.ts"
import { isMarked } from "./move.ts"
import { type Registration, registrationOf } from "./sendable.ts"
import { knownKind, Shareable } from "./shareable.ts"

type Writer = (encoder: Encoder, value: object, at: number) => number

/** Writes an object that is not plain; it has been numbered already. */
export function writeExotic(
  encoder: Encoder,
  value: object,
  prototype: object | null,
  at: number,
): number {
  if (value instanceof Shareable) return writeHandle(encoder, value, at)
  if (prototype === null) throw new Refusal("is an array without a prototype")
  const writer = writers.get(prototype)
  if (writer !== undefined) return branded(writer, encoder, value, prototype, at)
  const registration = registrationOf(prototype)
  if (registration !== undefined) return writeInstance(encoder, value, registration, at)
  if (isError(value)) {
    refuseSubclass(prototype)
    const write = value instanceof DOMException ? writeDomException : writeError
    return write(encoder, value, at)
  }
  const foreign = foreignWriter(value, prototype)
  if (foreign !== undefined) return branded(foreign, encoder, value, prototype, at)
  refuseSubclass(prototype)
  throw refuseObject(prototype, undefined)
}

/** An instance of a subclass of a registered class must not pass for something else. */
function refuseSubclass(prototype: object): void {
  for (
    let base = Reflect.getPrototypeOf(prototype);
    base !== null;
    base = Reflect.getPrototypeOf(base)
  ) {
    const registration = registrationOf(base)
    if (registration !== undefined) throw refuseObject(prototype, registration.Class.name)
  }
}

/** Runs a writer whose methods throw a TypeError when only the prototype is of that class. */
function branded(
  writer: Writer,
  encoder: Encoder,
  value: object,
  prototype: object,
  at: number,
): number {
  try {
    return writer(encoder, value, at)
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown
    const name = (prototype.constructor as { name?: string })?.name
    throw new Refusal(`has the prototype of ${name} but is not one: ${say(thrown)}`, thrown)
  }
}

function writeHandle(encoder: Encoder, value: Shareable, at: number): number {
  const movedAt = Shareable.movedAt(value)
  if (movedAt !== "") throw new Refusal(`was moved already ${movedAt}`)
  const number = knownKind(value.kindId).handleOf(value)
  if (number === 0) throw new Refusal(`is a ${value.constructor.name} that is closed`)
  encoder.freight.addHandle(value, value.kindId, number)
  return encoder.word(tag.FREIGHT_NEXT, at)
}

function writeInstance(
  encoder: Encoder,
  value: object,
  registration: Registration,
  at: number,
): number {
  let data: unknown
  try {
    data = registration.encode(value)
  } catch (thrown) {
    throw new Refusal(`could not be encoded as "${registration.id}": ${say(thrown)}`, thrown)
  }
  encoder.enterSolid()
  encoder.building.push(value)
  let next = encoder.word(tag.INSTANCE, at)
  if (next >= 0) next = encoder.strings.write(registration.id, next, encoder.limit)
  if (next >= 0) next = encoder.at(`.encode("${registration.id}")`, data, next)
  encoder.building.pop()
  encoder.leave()
  return next
}

const dateTime = Date.prototype.getTime

function writeDate(encoder: Encoder, value: object, at: number): number {
  const next = encoder.word(tag.DATE, at)
  const time = dateTime.call(value as Date)
  return next < 0 ? -1 : encoder.size(time, next)
}

const patternOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")!.get!
const flagsOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "flags")!.get!

function writeRegExp(encoder: Encoder, value: object, at: number): number {
  const source = patternOf.call(value) as string
  const flags = flagsOf.call(value) as string
  let next = encoder.word(tag.REGEXP, at)
  if (next >= 0) next = encoder.strings.write(source, next, encoder.limit)
  return next < 0 ? -1 : encoder.strings.write(flags, next, encoder.limit)
}

function boxed(unbox: (this: never) => unknown): Writer {
  return (encoder, value, at) => {
    const primitive = unbox.call(value as never)
    const next = encoder.word(tag.BOXED, at)
    return next < 0 ? -1 : encoder.value(primitive, next)
  }
}

const mapEntries = Map.prototype.entries
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, "size")!.get!

function writeMap(encoder: Encoder, value: object, at: number): number {
  const size = mapSize.call(value) as number
  if (!encoder.enter()) return encoder.postpone(value, tag.MAP, 0, at)
  // A getter met on the way may change the map: what is written is what was there.
  const entries = [...mapEntries.call(value as Map<unknown, unknown>)]
  let next = encoder.word(tag.MAP, at)
  if (next >= 0) next = encoder.word(size, next)
  for (let i = 0; i < size && next >= 0; i++) {
    const [key, element] = entries[i]
    next = encoder.at(`.keys()[${i}]`, key, next)
    if (next >= 0) next = writeMapValue(encoder, key, element, i, next)
  }
  encoder.leave()
  return next
}

function writeMapValue(
  encoder: Encoder,
  key: unknown,
  element: unknown,
  index: number,
  at: number,
): number {
  try {
    return encoder.value(element, at)
  } catch (thrown) {
    const named = typeof key === "string" || typeof key === "number"
    throw located(thrown, named ? `.get(${JSON.stringify(key)})` : `.values()[${index}]`)
  }
}

const setValues = Set.prototype.values
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, "size")!.get!

function writeSet(encoder: Encoder, value: object, at: number): number {
  const size = setSize.call(value) as number
  if (!encoder.enter()) return encoder.postpone(value, tag.SET, 0, at)
  const members = [...setValues.call(value as Set<unknown>)]
  let next = encoder.word(tag.SET, at)
  if (next >= 0) next = encoder.word(size, next)
  for (let i = 0; i < size && next >= 0; i++) {
    next = encoder.at(`.values()[${i}]`, members[i], next)
  }
  encoder.leave()
  return next
}

const bufferBytes = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!

function writeBuffer(encoder: Encoder, value: object, at: number): number {
  const buffer = value as ArrayBuffer
  const length = bufferBytes.call(buffer) as number
  if (buffer.detached) throw new Refusal("is a buffer that was moved already")
  if (isMarked(buffer)) {
    encoder.freight.addParcel(buffer)
    return encoder.word(tag.FREIGHT_NEXT, at)
  }
  let next = encoder.word(tag.BUFFER | (buffer.resizable ? 1 << 8 : 0), at)
  if (next >= 0) next = encoder.size(length, next)
  if (next >= 0 && buffer.resizable) next = encoder.size(buffer.maxByteLength, next)
  return next < 0 ? -1 : writeBytes(encoder, new Uint8Array(buffer), next)
}

/** Copies bytes to the next multiple of 8. */
function writeBytes(encoder: Encoder, source: Uint8Array, at: number): number {
  const first = at + (at & 1)
  const end = first + Math.ceil(source.length / 4)
  if (end > encoder.limit) return -1
  encoder.bytes.set(source, first * 4)
  return end
}

function writeShared(encoder: Encoder, value: object, at: number): number {
  encoder.freight.addShared(value as SharedArrayBuffer)
  return encoder.word(tag.FREIGHT_NEXT, at)
}

function viewWriter(index: number): Writer {
  const { elementBytes } = viewClasses[index]
  return (encoder, value, at) => {
    if (!ArrayBuffer.isView(value)) throw new TypeError("not a view")
    const { buffer, byteOffset, byteLength } = value
    let next = encoder.word(tag.VIEW | (index << 8), at)
    if (next >= 0) next = encoder.size(byteOffset, next)
    if (next >= 0) next = encoder.size(byteLength / elementBytes, next)
    return next < 0 ? -1 : encoder.at(".buffer", buffer, next)
  }
}

/**
 * A Node `Buffer` is mostly a window of a pool that other parts of the program use: only the window
 * is copied, unless its memory is shared or moved.
 */
function nodeBufferWriter(index: number): Writer {
  const asView = viewWriter(index)
  return (encoder, value, at) => {
    if (!ArrayBuffer.isView(value)) throw new TypeError("not a view")
    const { buffer, byteOffset, byteLength } = value
    if (!(buffer instanceof ArrayBuffer) || isMarked(buffer)) return asView(encoder, value, at)
    let next = encoder.word(tag.NODE_BUFFER, at)
    if (next >= 0) next = encoder.size(byteLength, next)
    if (next < 0) return -1
    return writeBytes(encoder, new Uint8Array(buffer, byteOffset, byteLength), next)
  }
}

/** What is lent arrives as an array with a buffer of its own. */
function writeLent(encoder: Encoder, value: object, at: number): number {
  const { className, memory } = value as Lent
  const index = viewClasses.findIndex(({ prototype }) => prototype.constructor.name === className)
  let next = encoder.word(tag.VIEW | (index << 8), at)
  if (next >= 0) next = encoder.size(0, next)
  if (next >= 0) next = encoder.size(memory.byteLength / viewClasses[index].elementBytes, next)
  return next < 0 ? -1 : encoder.at(".buffer", memory, next)
}

function writeLentMemory(encoder: Encoder, value: object, at: number): number {
  const memory = value as LentMemory
  let next = encoder.word(tag.BUFFER, at)
  if (next >= 0) next = encoder.size(memory.byteLength, next)
  return next < 0 ? -1 : writeBytes(encoder, memory.read(), next)
}

const writers = new Map<object, Writer>([
  [Lent.prototype, writeLent],
  [LentMemory.prototype, writeLentMemory],
  [Map.prototype, writeMap],
  [Set.prototype, writeSet],
  [Date.prototype, writeDate],
  [RegExp.prototype, writeRegExp],
  [Number.prototype, boxed(Number.prototype.valueOf)],
  [String.prototype, boxed(String.prototype.valueOf)],
  [Boolean.prototype, boxed(Boolean.prototype.valueOf)],
  [BigInt.prototype, boxed(BigInt.prototype.valueOf)],
  [ArrayBuffer.prototype, writeBuffer],
  [SharedArrayBuffer.prototype, writeShared],
  [DOMException.prototype, writeDomException],
])

viewClasses.forEach(({ prototype }, index) => {
  const writer = prototype === ownBytes.prototype ? nodeBufferWriter(index) : viewWriter(index)
  writers.set(prototype, writer)
})

const byName = new Map<string, Writer>()
for (const [prototype, writer] of writers) byName.set(prototype.constructor.name, writer)
byName.set("Object", (encoder, value, at) => encoder.plain(value, tag.OBJECT, at))
byName.set("Array", (encoder, value, at) => encoder.array(value as unknown[], at))

/**
 * The writer for a built-in of another realm (`node:vm`, test runners): its prototype is not ours,
 * but has the shape of one: made by the host, with a constructor of that name.
 */
function foreignWriter(value: object, prototype: object): Writer | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, "constructor")
  const Class: unknown = descriptor?.value
  if (typeof Class !== "function" || Class.prototype !== prototype) return undefined
  if (!/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(Class))) return undefined
  const writer = byName.get(Class.name)
  return writer !== undefined && hasTag(value, Class.name) ? writer : undefined
}

function hasTag(value: object, name: string): boolean {
  return name === "Buffer" || Object.prototype.toString.call(value) === `[object ${name}]`
}
