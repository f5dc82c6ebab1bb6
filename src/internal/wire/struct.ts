/**
 * Objects of fixed layout: no keys, tags or lengths travel, and reading is compiled.
 *
 * Fields lie by falling alignment, in the order given within one alignment, so that no byte is
 * spent on padding between them.
 */

import { keyStep } from "./codec-refusal.ts"
import { shown } from "./shown.ts"
import { bytes, list, type OptionalSchema, optional, text } from "./struct-parts.ts"
import { scalars } from "./struct-scalars.ts"
import {
  align,
  type Code,
  type Infer,
  newPart,
  type Part,
  plus,
  type Schema,
  type SchemaDescription,
  type Tools,
} from "./struct-schema.ts"

export { bytes, list, type OptionalSchema, optional, text } from "./struct-parts.ts"
export { bool, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64 } from "./struct-scalars.ts"
export type { Infer, ScalarName, Schema, SchemaDescription } from "./struct-schema.ts"

/** The fields of a struct by name. */
export type StructFields = Readonly<Record<string, Schema<unknown>>>

type OptionalKeys<F> = {
  [K in keyof F]: F[K] extends OptionalSchema<infer _T> ? K : never
}[keyof F]

/** The type of a struct's values. */
export type StructValue<F> = {
  -readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]>
} & { -readonly [K in OptionalKeys<F>]?: Infer<F[K]> } extends infer V
  ? { [K in keyof V]: V[K] }
  : never

interface Field {
  readonly key: string
  readonly part: Part<unknown>
  offset: number
}

/**
 * A schema for objects with exactly these fields.
 *
 * Values are plain objects; other properties they have are not sent. A value that the layout cannot
 * hold is refused with a `TypeError` or `RangeError` naming the field. What comes back has every
 * key, in the order of the fields; an optional field that was missing is `undefined`. About 50 ns
 * to write and 60 ns to read an object with five strings, where code may be generated.
 *
 * @throws {TypeError} when a field is not a schema
 * @example
 * const Point = struct({ x: f64, y: f64, id: u32, label: text(32) })
 * type Point = Infer<typeof Point>
 */
export function struct<const F extends StructFields>(fields: F): Schema<StructValue<F>> {
  if (typeof fields !== "object" || fields === null) {
    throw new TypeError(`struct takes an object of schemas, received ${shown(fields)}`)
  }
  const ordered = Object.entries(fields).map(([key, part]) => checked(key, part))
  if (ordered.length === 0) throw new TypeError("a struct needs at least one field")
  const { byteLength, alignment } = layOut(ordered)
  const names = ordered.map(({ key, part }) => `${key}: ${part.name}`)
  const part = newPart<Record<string, unknown>>({
    name: `{ ${names.join(", ")} }`,
    description: ["struct", ordered.map(({ key, part: inner }) => [key, inner.description])],
    byteLength,
    alignment,
    emitWrite: (code, value, at, path) => emitWrite(ordered, code, value, at, path),
    emitRead(code, at) {
      const inner = ordered.map(({ key, part: field, offset }) => {
        return `${JSON.stringify(key)}: ${field.emitRead(code, plus(at, offset))}`
      })
      return `{ ${inner.join(", ")} }`
    },
    interpretWrite: (tools, path) => interpretWrite(ordered, tools, path),
    interpretRead(tools) {
      const reads = ordered.map((field) => ({ ...field, read: field.part.interpretRead(tools) }))
      return (byte) => {
        const value: Record<string, unknown> = {}
        for (const { key, offset, read } of reads) value[key] = read(byte + offset)
        return value
      }
    },
  })
  // The fields decide the type: what was checked above holds for every value of it.
  return part as unknown as Schema<StructValue<F>>
}

function checked(key: string, part: unknown): Field {
  if (key === "__proto__") throw new TypeError("a struct cannot have a field named __proto__")
  if (typeof (part as Part<unknown> | undefined)?.emitWrite !== "function") {
    throw new TypeError(
      `field ${key} of a struct must be a schema such as f64 or text(32), received ${shown(part)}`,
    )
  }
  return { key, part: part as Part<unknown>, offset: 0 }
}

/** Gives every field its offset. */
function layOut(fields: readonly Field[]): { byteLength: number; alignment: number } {
  let offset = 0
  for (const field of fields.toSorted((a, b) => b.part.alignment - a.part.alignment)) {
    offset = align(offset, field.part.alignment)
    field.offset = offset
    offset += field.part.byteLength
  }
  const alignment = Math.max(...fields.map(({ part }) => part.alignment))
  return { byteLength: align(offset, alignment), alignment }
}

function emitWrite(
  fields: readonly Field[],
  code: Code,
  value: string,
  at: string,
  path: string,
): void {
  const v = code.name()
  code.line(`const ${v} = ${value}`)
  code.line(`if (typeof ${v} !== "object" || ${v} === null) fail("an object", ${path}, ${v})`)
  for (const { key, part, offset } of fields) {
    const step = JSON.stringify(keyStep(key))
    part.emitWrite(code, `${v}[${JSON.stringify(key)}]`, plus(at, offset), `${path} + ${step}`)
  }
}

function interpretWrite(
  fields: readonly Field[],
  tools: Tools,
  path: () => string,
): (value: Record<string, unknown>, byte: number) => void {
  const writes = fields.map((field) => {
    const step = keyStep(field.key)
    return { ...field, write: field.part.interpretWrite(tools, () => path() + step) }
  })
  return (value, byte) => {
    if (typeof value !== "object" || value === null) tools.fail("an object", path(), value)
    for (const { key, offset, write } of writes) write(value[key], byte + offset)
  }
}

/** The schema with this description: how a typed channel's layout reaches another isolate. */
export function schemaFrom(description: SchemaDescription): Schema<unknown> {
  if (typeof description === "string") {
    const scalar = scalars.get(description)
    if (scalar === undefined) throw new TypeError(`no schema is named ${description}`)
    return scalar
  }
  const [kind, first, second] = description
  switch (kind) {
    case "text":
      return text(first as number)
    case "bytes":
      return bytes(first as number)
    case "optional":
      return optional(schemaFrom(first as SchemaDescription))
    case "list":
      return list(schemaFrom(first as SchemaDescription), second as number)
    case "struct": {
      const fields = (first as readonly (readonly [string, SchemaDescription])[]).map(
        ([key, inner]) => [key, schemaFrom(inner)] as const,
      )
      return struct(Object.fromEntries(fields))
    }
    default:
      throw new TypeError(`no schema is of kind ${kind}`)
  }
}
