/** Parts that hold other things: text, bytes, an optional part, a list of parts. */

import { shown } from "./shown.ts"
import { align, newPart, type Part, plus, type Schema } from "./struct-schema.ts"

/** Every variable part begins with a word that says how much of it is used. */
const HEAD_BYTES = 4
const SIZE_MAX = 0x3fff_ffff

/** A schema that a struct may lack: its key is optional in the value's type. */
export interface OptionalSchema<T> extends Schema<T | undefined> {
  readonly isOptional: true
}

function size(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > SIZE_MAX) {
    throw new RangeError(
      `${name} must be an integer from 1 to ${SIZE_MAX}, received ${shown(value)}`,
    )
  }
  return value
}

/**
 * A string in at most `maxBytes` bytes: one byte per UTF-16 unit when all units are below 256, else
 * two. Every string that fits comes back exactly.
 *
 * @throws {RangeError} when the string is too long (at the write)
 */
export function text(maxBytes: number): Schema<string> {
  size("maxBytes of text", maxBytes)
  const expected = `a string of at most ${maxBytes} bytes`
  return newPart<string>({
    name: `text(${maxBytes})`,
    description: ["text", maxBytes],
    byteLength: HEAD_BYTES + align(maxBytes, 4),
    alignment: 4,
    emitWrite(code, value, at, path) {
      const v = code.name()
      code.line(`const ${v} = ${value}`)
      code.line(`if (typeof ${v} !== "string" || !strings.writeHeaded(${v}, ${at}, ${maxBytes}))`)
      code.line(`  fail("${expected}", ${path}, ${v}, typeof ${v} === "string")`)
    },
    emitRead: (_code, at) => `strings.readHeaded(${at})`,
    interpretWrite: (tools, path) => (value, byte) => {
      const isText = typeof value === "string"
      if (!isText || !tools.strings.writeHeaded(value, byte, maxBytes)) {
        tools.fail(expected, path(), value, isText)
      }
    },
    interpretRead: (tools) => (byte) => tools.strings.readHeaded(byte),
  })
}

/**
 * At most `n` bytes, as a `Uint8Array`; they are copied.
 *
 * @throws {RangeError} when there are more (at the write)
 */
export function bytes(n: number): Schema<Uint8Array> {
  size("n of bytes", n)
  const expected = `a Uint8Array of at most ${n} bytes`
  return newPart<Uint8Array>({
    name: `bytes(${n})`,
    description: ["bytes", n],
    byteLength: HEAD_BYTES + align(n, 4),
    alignment: 4,
    emitWrite(code, value, at, path) {
      const v = code.name()
      code.line(`const ${v} = ${value}`)
      code.line(`if (!(${v} instanceof Uint8Array) || ${v}.length > ${n})`)
      code.line(`  fail("${expected}", ${path}, ${v}, ${v} instanceof Uint8Array)`)
      code.line(`words[(${at}) >>> 2] = ${v}.length`)
      code.line(`bytes.set(${v}, ${plus(at, HEAD_BYTES)})`)
    },
    emitRead: (_code, at) =>
      `bytes.slice(${plus(at, HEAD_BYTES)}, ${plus(at, HEAD_BYTES)} + words[(${at}) >>> 2])`,
    interpretWrite: (tools, path) => (value, byte) => {
      const isBytes = value instanceof Uint8Array
      if (!isBytes || value.length > n) tools.fail(expected, path(), value, isBytes)
      tools.words[byte >>> 2] = value.length
      tools.bytes.set(value, byte + HEAD_BYTES)
    },
    interpretRead: (tools) => (byte) => {
      const from = byte + HEAD_BYTES
      return tools.bytes.slice(from, from + tools.words[byte >>> 2])
    },
  })
}

/** @throws {TypeError} when `field` is no schema */
function partOf<T>(field: Schema<T>, what: string): Part<T> {
  if (typeof (field as Partial<Part<T>> | undefined)?.emitWrite === "function") {
    return field as Part<T>
  }
  throw new TypeError(`${what} takes a schema such as f64 or text(32), received ${shown(field)}`)
}

/** A part that may be `undefined`; as a struct's field its key may be missing. */
export function optional<T>(field: Schema<T>): OptionalSchema<T> {
  const inner = partOf(field, "optional")
  const offset = inner.alignment
  const part = newPart<T | undefined>({
    name: `optional(${inner.name})`,
    description: ["optional", inner.description],
    byteLength: align(offset + inner.byteLength, inner.alignment),
    alignment: inner.alignment,
    emitWrite(code, value, at, path) {
      const v = code.name()
      code.line(`const ${v} = ${value}`)
      code.line(`bytes[${at}] = ${v} === undefined ? 0 : 1`)
      code.line(`if (${v} !== undefined) {`)
      inner.emitWrite(code, v, plus(at, offset), path)
      code.line("}")
    },
    emitRead(code, at) {
      const v = code.name()
      code.line(`let ${v}`)
      code.line(`if (bytes[${at}] === 1) {`)
      code.line(`${v} = ${inner.emitRead(code, plus(at, offset))}`)
      code.line("}")
      return v
    },
    interpretWrite(tools, path) {
      const write = inner.interpretWrite(tools, path)
      return (value, byte) => {
        tools.bytes[byte] = value === undefined ? 0 : 1
        if (value !== undefined) write(value, byte + offset)
      }
    },
    interpretRead(tools) {
      const read = inner.interpretRead(tools)
      return (byte) => (tools.bytes[byte] === 1 ? read(byte + offset) : undefined)
    },
  })
  return Object.freeze({ ...part, isOptional: true as const })
}

/** Where the elements of a list lie, and what the list accepts. */
interface ListLayout {
  readonly max: number
  readonly offset: number
  readonly stride: number
  readonly expected: string
}

/**
 * An array of at most `max` elements.
 *
 * @throws {RangeError} when there are more (at the write)
 */
export function list<T>(field: Schema<T>, max: number): Schema<T[]> {
  size("max of list", max)
  const inner = partOf(field, "list")
  const alignment = Math.max(HEAD_BYTES, inner.alignment)
  const offset = align(HEAD_BYTES, inner.alignment)
  const stride = align(inner.byteLength, inner.alignment)
  const byteLength = align(offset + max * stride, alignment)
  if (byteLength > SIZE_MAX) throw new RangeError(`list(${inner.name}, ${max}) is too large`)
  const layout = { max, offset, stride, expected: `an array of at most ${max} elements` }
  return newPart<T[]>({
    name: `list(${inner.name}, ${max})`,
    description: ["list", inner.description, max],
    byteLength,
    alignment,
    ...emittedList(inner, layout),
    ...interpretedList(inner, layout),
  })
}

function emittedList<T>(
  inner: Part<T>,
  { max, offset, stride, expected }: ListLayout,
): Pick<Part<T[]>, "emitWrite" | "emitRead"> {
  const element = (at: string, i: string): string => `${plus(at, offset)} + ${i} * ${stride}`
  return {
    emitWrite(code, value, at, path) {
      const v = code.name()
      const i = code.name()
      code.line(`const ${v} = ${value}`)
      code.line(`if (!Array.isArray(${v}) || ${v}.length > ${max})`)
      code.line(`  fail("${expected}", ${path}, ${v}, Array.isArray(${v}))`)
      code.line(`words[(${at}) >>> 2] = ${v}.length`)
      code.line(`for (let ${i} = 0; ${i} < ${v}.length; ${i}++) {`)
      inner.emitWrite(code, `${v}[${i}]`, element(at, i), `${path} + "[" + ${i} + "]"`)
      code.line("}")
    },
    emitRead(code, at) {
      const v = code.name()
      const i = code.name()
      const length = code.name()
      code.line(`const ${v} = [], ${length} = words[(${at}) >>> 2]`)
      code.line(`for (let ${i} = 0; ${i} < ${length}; ${i}++) {`)
      code.line(`${v}.push(${inner.emitRead(code, element(at, i))})`)
      code.line("}")
      return v
    },
  }
}

function interpretedList<T>(
  inner: Part<T>,
  { max, offset, stride, expected }: ListLayout,
): Pick<Part<T[]>, "interpretWrite" | "interpretRead"> {
  return {
    interpretWrite(tools, path) {
      let index = 0
      const write = inner.interpretWrite(tools, () => `${path()}[${index}]`)
      return (value, byte) => {
        const isArray = Array.isArray(value)
        if (!isArray || value.length > max) tools.fail(expected, path(), value, isArray)
        tools.words[byte >>> 2] = value.length
        for (let i = 0; i < value.length; i++) {
          index = i
          write(value[i], byte + offset + i * stride)
        }
      }
    },
    interpretRead(tools) {
      const read = inner.interpretRead(tools)
      return (byte) => {
        const length = tools.words[byte >>> 2]
        return Array.from({ length }, (_, i) => read(byte + offset + i * stride))
      }
    },
  }
}
