/** What shall be made once is made by each who finds it missing. */
import assert from "node:assert/strict"
import { current, go, type Once, once, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: once-only initialisation by a plain check",
}

const MADE = 0

async function makeIfMissing(words: Int32Array): Promise<void> {
  if (Atomics.load(words, MADE) > 0) return
  await current().yield()
  Atomics.add(words, MADE, 1)
}

async function makeOnce(made: Once<number>): Promise<number> {
  return made.get()
}

export async function broken(): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(makeIfMissing, words), go(makeIfMissing, words)])
  assert.equal(words[MADE], 1)
}

export async function fixed(): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const made = once(() => Atomics.add(words, MADE, 1) + 1)
  assert.deepEqual(await Promise.all([go(makeOnce, made), go(makeOnce, made)]), [1, 1])
  assert.equal(words[MADE], 1)
}
