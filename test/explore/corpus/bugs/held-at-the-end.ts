/** A task takes the lock and, on one of its ways, forgets to give it back. */
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "leak of a lock",
  finds: "leak",
  source: "Tu et al., ASPLOS 2019: a missing unlock",
}

async function count(words: Int32Array, lock: Mutex, gives: boolean): Promise<void> {
  const guard = lock.tryLock()
  if (guard === undefined) return
  if (Atomics.add(words, 0, 1) === 0 || gives) guard.unlock()
}

async function run(gives: boolean): Promise<void> {
  const lock = mutex()
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(count, words, lock, gives), go(count, words, lock, gives)])
}

export const broken = () => run(false)
export const fixed = () => run(true)
