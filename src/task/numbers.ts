/**
 * Numbers side by side instead of one value each: as int32 while all are, else as float64.
 *
 * The copy is exact: -0, NaN and the infinities are float64; anything that is no number ends the
 * packing.
 */

/** What a block of packed numbers holds. */
export const INTS = 1
export const DOUBLES = 2

/** Two views of the same bytes. */
export interface Room {
  readonly ints: Int32Array
  readonly doubles: Float64Array
}

/** Views of a part of a buffer; it begins at a multiple of 8. */
export function roomIn(buffer: ArrayBufferLike, byteOffset: number, count: number): Room {
  return {
    ints: new Int32Array(buffer, byteOffset, count),
    doubles: new Float64Array(buffer, byteOffset, count),
  }
}

/** Whether a value is stored as int32. */
export function isInt(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value && !Object.is(value, -0)
}

/** Packs `count` items from `from` on; INTS, DOUBLES, or 0 when one of them is no number. */
export function pack(
  items: ArrayLike<unknown>,
  from: number,
  count: number,
  { ints, doubles }: Room,
): number {
  let i = 0
  for (; i < count; i++) {
    const value = items[from + i]
    if (!isInt(value)) break
    ints[i] = value
  }
  if (i === count) return INTS
  if (typeof items[from + i] !== "number") return 0
  widen(ints, doubles, i)
  for (; i < count; i++) {
    const value = items[from + i]
    if (typeof value !== "number") return 0
    doubles[i] = value
  }
  return DOUBLES
}

/** Makes the first `count` ints doubles, in place: from the end, as a double covers two ints. */
export function widen(ints: Int32Array, doubles: Float64Array, count: number): void {
  for (let i = count - 1; i >= 0; i--) doubles[i] = ints[i]
}

/** Copies packed numbers into an array, from `to` on. */
export function unpack(numbers: Int32Array | Float64Array, into: unknown[], to: number): void {
  for (let i = 0; i < numbers.length; i++) into[to + i] = numbers[i]
}
