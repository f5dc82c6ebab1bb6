/**
 * Tasks of unequal size, the same in every run: 400 tasks of about 200,000 rounds, after the
 * `random-load` benchmark of the knitting library. Measures scheduling: what crosses is a number.
 */

export type Shape = "flat" | "random" | "heavy"

const SEED = 12_345
const TASKS = 400
const BASE_ROUNDS = 200_000

/** Rounds of each task. */
export function load(shape: Shape, share = 1): number[] {
  const next = mulberry32(SEED)
  const base = Math.max(1, Math.round(BASE_ROUNDS * share))
  return Array.from({ length: TASKS }, () => rounds(shape, next(), base))
}

function rounds(shape: Shape, chance: number, base: number): number {
  if (shape === "flat") return base
  if (shape === "heavy") return chance < 0.1 ? base * 20 : base
  return Math.max(1, Math.floor(base * (0.2 + chance * 1.8)))
}

/** The small seeded generator mulberry32: numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
