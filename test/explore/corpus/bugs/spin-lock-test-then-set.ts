/** A lock that is tested and then set in two steps lets two in. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Herlihy, Shavit: The art of multiprocessor programming, chapter 7",
}

function enterInTwo(words: Int32Array): boolean {
  if (Atomics.load(words, 0) === 1) return false
  Atomics.store(words, 0, 1)
  return true
}

function enterAtOnce(words: Int32Array): boolean {
  return Atomics.compareExchange(words, 0, 0, 1) === 0
}

async function two(fn: (words: Int32Array) => boolean): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const entered = await Promise.all([go(fn, words), go(fn, words)])
  assert.equal(entered.filter(Boolean).length, 1, "both are inside")
}

export const broken = () => two(enterInTwo)
export const fixed = () => two(enterAtOnce)
