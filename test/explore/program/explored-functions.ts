/** Functions that an explored program knows by the name of their module only. */

/** Twice as much. */
export function double(value: number): number {
  return value * 2
}
