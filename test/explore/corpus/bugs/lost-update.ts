/** Two tasks count by a load and a store: one count is lost between them. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Lu et al., Learning from mistakes, ASPLOS 2008: read, then write",
}

function count(words: Int32Array): void {
  Atomics.store(words, 0, Atomics.load(words, 0) + 1)
}

function countAtOnce(words: Int32Array): void {
  Atomics.add(words, 0, 1)
}

async function twice(fn: (words: Int32Array) => void): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(fn, words), go(fn, words)])
  assert.equal(words[0], 2)
}

export const broken = () => twice(count)
export const fixed = () => twice(countAtOnce)
