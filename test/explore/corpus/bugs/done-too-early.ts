/** A worker counts itself done before it has stored its result. */
import assert from "node:assert/strict"
import { go, type Latch, latch, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: WaitGroup.Done called too early",
}

function counted(words: Int32Array, done: Latch): void {
  done.countDown()
  Atomics.add(words, 0, 1)
}

function stored(words: Int32Array, done: Latch): void {
  Atomics.add(words, 0, 1)
  done.countDown()
}

async function run(fn: typeof counted): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const done = latch(2)
  const tasks = [go(fn, words, done), go(fn, words, done)]
  await done.wait()
  assert.equal(Atomics.load(words, 0), 2)
  await Promise.all(tasks)
}

export const broken = () => run(counted)
export const fixed = () => run(stored)
