/** The only chance in the house: a small seeded generator per isolate (xorshift32, Marsaglia). */
import { simulated } from "./simulation.ts"

let state = (Math.random() * 0x7fffffff) | 1

/** A non-negative integer below `bound`. */
export function below(bound: number): number {
  const stand = simulated()
  if (stand !== undefined) return stand.below(bound)
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % bound
}

/** Starts the sequence anew from `seed`. */
export function seed(value: number): void {
  state = value | 1
}
