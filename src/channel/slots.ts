/**
 * How values lie in the slots of a channel: as cells, which hold anything, or by a schema.
 *
 * A value is staged first, outside any guard, where everything that can fail happens and the user's
 * getters may run; then it is put into its slot in a few plain writes. Taking is the mirror image:
 * the slot is lifted out, its side of the ring is left, then the value is made.
 */
import { CELL_WORDS } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import type { Schema } from "../internal/wire/struct.ts"
import { cellSlots } from "./slots/cells.ts"
import { ScalarSlots } from "./slots/numbers.ts"
import { SchemaSlots } from "./slots/schema.ts"
import type { Slots } from "./slots/types.ts"

/** Bytes from one slot to the next. */
export function slotBytesOf(schema: Schema<unknown> | undefined): number {
  if (schema === undefined) return CELL_WORDS * 4
  if (isDense(schema)) return schema.byteLength
  const alignment = Math.max(4, schema.alignment)
  return Math.ceil(schema.byteLength / alignment) * alignment
}

function isDense(schema: Schema<unknown>): boolean {
  return schema.scalar === "i32" || schema.scalar === "f64"
}

/** How the values of a channel lie in its slots; `keeps` when several may receive one value. */
export function slotsFor(at: Here, schema: Schema<unknown> | undefined, keeps = false): Slots {
  if (schema === undefined) return cellSlots(at, keeps)
  return isDense(schema)
    ? new ScalarSlots(at, schema)
    : new SchemaSlots(at, schema, slotBytesOf(schema))
}
