/** Two withdrawals look at the balance before either takes its money. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Farchi, Nir, Ur: Concurrent bug patterns and how to test them, 2003: account",
}

function withdraw(words: Int32Array): void {
  if (Atomics.load(words, 0) >= 60) Atomics.sub(words, 0, 60)
}

function withdrawAtOnce(words: Int32Array): void {
  let balance = Atomics.load(words, 0)
  while (balance >= 60) {
    const found = Atomics.compareExchange(words, 0, balance, balance - 60)
    if (found === balance) return
    balance = found
  }
}

async function two(fn: (words: Int32Array) => void): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  words[0] = 100
  await Promise.all([go(fn, words), go(fn, words)])
  assert.equal(words[0], 40)
}

export const broken = () => two(withdraw)
export const fixed = () => two(withdrawAtOnce)
