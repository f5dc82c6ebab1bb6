/** A hand-made barrier is reset by its last party while a slow one still looks at the count. */
import { current, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "lost wake-up",
  finds: "livelock",
  source: "Downey: The little book of semaphores: the reusable barrier",
}

async function meet(words: Int32Array, twoPhases: boolean): Promise<void> {
  const phase = Atomics.load(words, 1)
  if (Atomics.add(words, 0, 1) === 1) {
    Atomics.store(words, 0, 0)
    Atomics.add(words, 1, 1)
    return
  }
  if (twoPhases) while (Atomics.load(words, 1) === phase) await current().yield()
  else while (Atomics.load(words, 0) !== 0) await current().yield()
}

async function rounds(words: Int32Array, twoPhases: boolean): Promise<void> {
  for (let i = 0; i < 2; i++) await meet(words, twoPhases)
}

async function run(twoPhases: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  await Promise.all([go(rounds, words, twoPhases), go(rounds, words, twoPhases)])
}

export const broken = () => run(false)
export const fixed = () => run(true)
