/** Three count by a load and a store; one lost count would be borne, two are not. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Burckhardt et al.: A randomized scheduler, ASPLOS 2010: a bug of depth 3",
}

function count(words: Int32Array): void {
  Atomics.store(words, 0, Atomics.load(words, 0) + 1)
}

function countAtOnce(words: Int32Array): void {
  Atomics.add(words, 0, 1)
}

async function three(fn: (words: Int32Array) => void): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(fn, words), go(fn, words), go(fn, words)])
  assert.ok(words[0] >= 2)
}

export const broken = () => three(count)
export const fixed = () => three(countAtOnce)
