/** A task uses what whoever started it sets only after starting it. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Lu et al., ASPLOS 2008: order violations (a Mozilla thread used before it was stored)",
}

function use(words: Int32Array): number {
  return Atomics.load(words, 0)
}

export async function broken(): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const task = go(use, words)
  Atomics.store(words, 0, 7)
  assert.equal(await task, 7)
}

export async function fixed(): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  Atomics.store(words, 0, 7)
  const task = go(use, words)
  assert.equal(await task, 7)
}
