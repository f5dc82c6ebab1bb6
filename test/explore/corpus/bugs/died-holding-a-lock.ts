/** The holder dies with half of its change made; the next one goes on as if it were whole. */
import assert from "node:assert/strict"
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "kill while holding",
  finds: "error",
  source: "Robust mutexes of POSIX.1-2008: EOWNERDEAD",
  options: { kill: true },
}

async function change(words: Int32Array, lock: Mutex): Promise<void> {
  using _guard = await lock.lock({ repair: () => {} })
  Atomics.add(words, 0, 1)
  Atomics.add(words, 1, 1)
}

async function changeRepaired(words: Int32Array, lock: Mutex): Promise<void> {
  using _guard = await lock.lock({ repair: () => repair(words) })
  Atomics.add(words, 0, 1)
  Atomics.add(words, 1, 1)
}

function repair(words: Int32Array): void {
  Atomics.store(words, 1, Atomics.load(words, 0))
}

async function run(fn: typeof change): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  const lock = mutex()
  await Promise.allSettled([go(fn, words, lock), go(fn, words, lock)])
  using _guard = await lock.lock({ repair: fn === change ? () => {} : () => repair(words) })
  assert.equal(Atomics.load(words, 0), Atomics.load(words, 1))
}

export const broken = () => run(change)
export const fixed = () => run(changeRepaired)
