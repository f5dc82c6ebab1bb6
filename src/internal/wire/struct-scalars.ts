/** Numbers, booleans and bigints of fixed width. */

import type { Memory } from "../memory/memory.ts"
import { newPart, type Part, type ScalarName, type Schema } from "./struct-schema.ts"

/** One scalar. In the texts, `$` is the value and `@` its byte offset. */
interface ScalarOptions<T> {
  readonly name: string
  readonly scalar?: ScalarName
  readonly bytes: number
  readonly expected: string
  readonly type: "number" | "bigint" | "boolean"
  /** What holds for a value of the right type that fits. */
  readonly fits: string
  readonly fitting: (value: T) => boolean
  readonly set: string
  readonly setting: (memory: Memory, byte: number, value: T) => void
  readonly get: string
  readonly getting: (memory: Memory, byte: number) => T
}

/** Every scalar by name, for `schemaFrom`. */
export const scalars: Map<string, Part<unknown>> = new Map()

function scalar<T>(options: ScalarOptions<T>): Schema<T> {
  const { name, bytes, type, expected, fits, fitting, setting, getting } = options
  const part = newPart<T>({
    name,
    description: name,
    byteLength: bytes,
    alignment: bytes,
    scalar: options.scalar,
    emitWrite(code, value, at, path) {
      const v = code.name()
      code.line(`const ${v} = ${value}`)
      const wrong = `typeof ${v} !== "${type}" || !(${fits.replaceAll("$", v)})`
      code.line(`if (${wrong}) fail("${expected}", ${path}, ${v}, typeof ${v} === "${type}")`)
      code.line(options.set.replaceAll("$", v).replaceAll("@", `(${at})`))
    },
    emitRead: (_code, at) => options.get.replaceAll("@", `(${at})`),
    interpretWrite: (tools, path) => (value, byte) => {
      const isType = typeof value === type
      if (!isType || !fitting(value)) tools.fail(expected, path(), value, isType)
      setting(tools, byte, value)
    },
    interpretRead: (tools) => (byte) => getting(tools, byte),
  })
  scalars.set(name, part as Part<unknown>)
  return part
}

/** Any number, exactly. */
export const f64: Schema<number> = scalar<number>({
  name: "f64",
  scalar: "f64",
  bytes: 8,
  expected: "a number",
  type: "number",
  fits: "true",
  fitting: () => true,
  set: "doubles[@ >>> 3] = $",
  setting: (memory, byte, value) => memory.view.setFloat64(byte, value, true),
  get: "doubles[@ >>> 3]",
  getting: (memory, byte) => memory.view.getFloat64(byte, true),
})

/** Any number, rounded to 32-bit floating point. */
export const f32: Schema<number> = scalar<number>({
  name: "f32",
  scalar: "f32",
  bytes: 4,
  expected: "a number",
  type: "number",
  fits: "true",
  fitting: () => true,
  set: "view.setFloat32(@, $, true)",
  setting: (memory, byte, value) => memory.view.setFloat32(byte, value, true),
  get: "view.getFloat32(@, true)",
  getting: (memory, byte) => memory.view.getFloat32(byte, true),
})

/** An integer from -2147483648 to 2147483647. */
export const i32: Schema<number> = scalar<number>({
  name: "i32",
  scalar: "i32",
  bytes: 4,
  expected: "an integer from -2147483648 to 2147483647",
  type: "number",
  fits: "($ | 0) === $",
  fitting: (value) => (value | 0) === value,
  set: "words[@ >>> 2] = $",
  setting: (memory, byte, value) => memory.view.setInt32(byte, value, true),
  get: "words[@ >>> 2]",
  getting: (memory, byte) => memory.view.getInt32(byte, true),
})

/** An integer from 0 to 4294967295. */
export const u32: Schema<number> = scalar<number>({
  name: "u32",
  scalar: "u32",
  bytes: 4,
  expected: "an integer from 0 to 4294967295",
  type: "number",
  fits: "($ >>> 0) === $",
  fitting: (value) => value >>> 0 === value,
  set: "words[@ >>> 2] = $",
  setting: (memory, byte, value) => memory.view.setUint32(byte, value, true),
  get: "(words[@ >>> 2] >>> 0)",
  getting: (memory, byte) => memory.view.getUint32(byte, true),
})

/** An integer from -32768 to 32767. */
export const i16: Schema<number> = scalar<number>({
  name: "i16",
  scalar: "i16",
  bytes: 2,
  expected: "an integer from -32768 to 32767",
  type: "number",
  fits: "($ << 16 >> 16) === $",
  fitting: (value) => (value << 16) >> 16 === value,
  set: "view.setInt16(@, $, true)",
  setting: (memory, byte, value) => memory.view.setInt16(byte, value, true),
  get: "view.getInt16(@, true)",
  getting: (memory, byte) => memory.view.getInt16(byte, true),
})

/** An integer from 0 to 65535. */
export const u16: Schema<number> = scalar<number>({
  name: "u16",
  scalar: "u16",
  bytes: 2,
  expected: "an integer from 0 to 65535",
  type: "number",
  fits: "($ & 0xffff) === $",
  fitting: (value) => (value & 0xffff) === value,
  set: "view.setUint16(@, $, true)",
  setting: (memory, byte, value) => memory.view.setUint16(byte, value, true),
  get: "view.getUint16(@, true)",
  getting: (memory, byte) => memory.view.getUint16(byte, true),
})

/** An integer from -128 to 127. */
export const i8: Schema<number> = scalar<number>({
  name: "i8",
  scalar: "i8",
  bytes: 1,
  expected: "an integer from -128 to 127",
  type: "number",
  fits: "($ << 24 >> 24) === $",
  fitting: (value) => (value << 24) >> 24 === value,
  set: "bytes[@] = $",
  setting: (memory, byte, value) => memory.view.setInt8(byte, value),
  get: "(bytes[@] << 24 >> 24)",
  getting: (memory, byte) => memory.view.getInt8(byte),
})

/** An integer from 0 to 255. */
export const u8: Schema<number> = scalar<number>({
  name: "u8",
  scalar: "u8",
  bytes: 1,
  expected: "an integer from 0 to 255",
  type: "number",
  fits: "($ & 0xff) === $",
  fitting: (value) => (value & 0xff) === value,
  set: "bytes[@] = $",
  setting: (memory, byte, value) => memory.view.setUint8(byte, value),
  get: "bytes[@]",
  getting: (memory, byte) => memory.view.getUint8(byte),
})

/** True or false, in one byte. */
export const bool: Schema<boolean> = scalar<boolean>({
  name: "bool",
  bytes: 1,
  expected: "a boolean",
  type: "boolean",
  fits: "true",
  fitting: () => true,
  set: "bytes[@] = $ ? 1 : 0",
  setting: (memory, byte, value) => memory.view.setUint8(byte, value ? 1 : 0),
  get: "(bytes[@] === 1)",
  getting: (memory, byte) => memory.view.getUint8(byte) === 1,
})

/** A bigint from -2^63 to 2^63 - 1. */
export const i64: Schema<bigint> = scalar<bigint>({
  name: "i64",
  scalar: "i64",
  bytes: 8,
  expected: "a bigint from -2^63 to 2^63 - 1",
  type: "bigint",
  fits: "BigInt.asIntN(64, $) === $",
  fitting: (value) => BigInt.asIntN(64, value) === value,
  set: "view.setBigInt64(@, $, true)",
  setting: (memory, byte, value) => memory.view.setBigInt64(byte, value, true),
  get: "view.getBigInt64(@, true)",
  getting: (memory, byte) => memory.view.getBigInt64(byte, true),
})

/** A bigint from 0 to 2^64 - 1. */
export const u64: Schema<bigint> = scalar<bigint>({
  name: "u64",
  scalar: "u64",
  bytes: 8,
  expected: "a bigint from 0 to 2^64 - 1",
  type: "bigint",
  fits: "BigInt.asUintN(64, $) === $",
  fitting: (value) => BigInt.asUintN(64, value) === value,
  set: "view.setBigUint64(@, $, true)",
  setting: (memory, byte, value) => memory.view.setBigUint64(byte, value, true),
  get: "view.getBigUint64(@, true)",
  getting: (memory, byte) => memory.view.getBigUint64(byte, true),
})
