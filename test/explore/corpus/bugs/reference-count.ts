/** Whoever finds the count at zero frees; two who counted down first both find it so. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Lu et al., ASPLOS 2008: reference counts looked at after they were changed",
}

function letGo(words: Int32Array): void {
  Atomics.sub(words, 0, 1)
  if (Atomics.load(words, 0) === 0) Atomics.add(words, 1, 1)
}

function letGoAtOnce(words: Int32Array): void {
  if (Atomics.sub(words, 0, 1) === 1) Atomics.add(words, 1, 1)
}

async function owners(fn: (words: Int32Array) => void): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  words[0] = 2
  await Promise.all([go(fn, words), go(fn, words)])
  assert.equal(words[1], 1, "freed once")
}

export const broken = () => owners(letGo)
export const fixed = () => owners(letGoAtOnce)
