/** Layouts of typed channels: as Python writes them, and what their values are in Python. */
import { type Schema, schemaFrom } from "../../internal/wire/struct.ts"
import type { SchemaDescription } from "../../internal/wire/struct-schema.ts"

/**
 * The schema that Python names: `"f64"`, `("text", 32)`, `("list", "i32", 8)`, and a dict of these
 * for a struct.
 *
 * @throws {TypeError} when there is none
 */
export function schemaNamed(of: unknown): Schema<unknown> {
  return schemaFrom(describe(of))
}

function describe(of: unknown): SchemaDescription {
  if (typeof of === "string") return of
  if (Array.isArray(of)) {
    const [kind, first, second] = of as [string, unknown, unknown]
    if (kind === "list") return [kind, describe(first), second]
    return kind === "optional" ? [kind, describe(first)] : [kind, first]
  }
  if (typeof of !== "object" || of === null)
    throw new TypeError("of must be the name of a layout, or a dict of them")
  return ["struct", Object.entries(of).map(([name, inner]) => [name, describe(inner)])]
}

/** Shapes of a struct's fields. */
export interface Fields {
  readonly [name: string]: Shape
}

/** How a value with a layout differs from one without: numbers of floats are floats. */
export type Shape = "float" | undefined | Fields | readonly [Shape]

/** The shape of values with this layout. */
export function shapeOf(of: SchemaDescription | undefined): Shape {
  if (of === undefined || typeof of === "string")
    return of === "f64" || of === "f32" ? "float" : undefined
  const [kind, first] = of as [string, unknown]
  if (kind === "optional") return shapeOf(first as SchemaDescription)
  if (kind === "list") return [shapeOf(first as SchemaDescription)]
  if (kind !== "struct") return undefined
  const fields = first as readonly (readonly [string, SchemaDescription])[]
  return Object.fromEntries(fields.map(([name, inner]) => [name, shapeOf(inner)]))
}
