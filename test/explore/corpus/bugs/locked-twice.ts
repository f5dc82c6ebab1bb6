/** A method that holds the lock calls, in a rare case, another one that takes it too. */
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: double locking",
}

async function total(lock: Mutex, words: Int32Array): Promise<number> {
  using _guard = await lock.lock()
  return Atomics.load(words, 0)
}

async function add(lock: Mutex, words: Int32Array, rightly: boolean): Promise<void> {
  using _guard = await lock.lock()
  if (Atomics.add(words, 0, 1) > 0) await (rightly ? words[0] : total(lock, words))
}

async function two(rightly: boolean): Promise<void> {
  const lock = mutex()
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(add, lock, words, rightly), go(add, lock, words, rightly)])
}

export const broken = () => two(false)
export const fixed = () => two(true)
