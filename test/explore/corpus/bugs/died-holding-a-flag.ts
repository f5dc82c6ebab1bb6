/** A lock made of a flag is never given back by the dead. */
import { current, go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "kill while holding",
  finds: "livelock",
  source: "Robust mutexes of POSIX.1-2008, and their absence",
  options: { kill: true },
}

async function byFlag(words: Int32Array): Promise<void> {
  while (Atomics.compareExchange(words, 0, 0, 1) !== 0) await current().yield()
  Atomics.add(words, 1, 1)
  Atomics.store(words, 0, 0)
}

async function byMutex(words: Int32Array, lock: Mutex): Promise<void> {
  using _guard = await lock.lock({ repair: () => {} })
  Atomics.add(words, 1, 1)
}

async function run(flag: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  const lock = mutex()
  const start = () => (flag ? go(byFlag, words) : go(byMutex, words, lock))
  await Promise.allSettled([start(), start()])
}

export const broken = () => run(true)
export const fixed = () => run(false)
