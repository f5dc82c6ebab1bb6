/** What the type checker must know of structs; compiled by `tsc`, never run. */

import {
  bool,
  f64,
  type Infer,
  i64,
  list,
  optional,
  struct,
  text,
  u32,
} from "../../../src/internal/wire/struct.ts"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const Point = struct({ x: f64, id: u32, label: text(32) })
const Shape = struct({ points: list(Point, 8), big: i64, name: optional(text(8)), open: bool })

/** Each line is an error when the inference is not exact. */
export const checks: [
  Same<Infer<typeof Point>, { x: number; id: number; label: string }>,
  Same<
    Infer<typeof Shape>,
    {
      points: { x: number; id: number; label: string }[]
      big: bigint
      open: boolean
      name?: string | undefined
    }
  >,
  Same<Infer<typeof f64>, number>,
] = [true, true, true]

/** A missing optional field is fine; a wrong or missing other field is not. */
export const shape: Infer<typeof Shape> = { points: [], big: 1n, open: true }
// @ts-expect-error a number is no bigint
export const wrong: Infer<typeof Shape> = { points: [], big: 1, open: true }
// @ts-expect-error id is missing
export const missing: Infer<typeof Point> = { x: 1, label: "" }
