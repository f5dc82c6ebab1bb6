/** A worker that fails does not count down what all others wait for. */
import { go, type Latch, latch, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "unbounded wait",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: Done not called on the way of the error",
}

function work(words: Int32Array, done: Latch, always: boolean): void {
  try {
    if (Atomics.add(words, 0, 1) > 0) throw new RangeError("nothing left")
    if (!always) done.countDown()
  } finally {
    if (always) done.countDown()
  }
}

async function run(always: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const done = latch(2)
  const tasks = [go(work, words, done, always), go(work, words, done, always)]
  const ends = Promise.allSettled(tasks)
  await done.wait()
  await ends
}

export const broken = () => run(false)
export const fixed = () => run(true)
