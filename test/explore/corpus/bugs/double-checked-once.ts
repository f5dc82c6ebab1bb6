/** The flag says that the value is there before it is. */
import assert from "node:assert/strict"
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Bacon et al.: The 'double-checked locking is broken' declaration, 2000",
}

function publishFlagFirst(words: Int32Array): void {
  Atomics.store(words, 0, 1)
  Atomics.store(words, 1, 42)
}

function publishValueFirst(words: Int32Array): void {
  Atomics.store(words, 1, 42)
  Atomics.store(words, 0, 1)
}

async function get(words: Int32Array, lock: Mutex, rightly: boolean): Promise<number> {
  if (Atomics.load(words, 0) === 0) {
    using _guard = await lock.lock()
    if (Atomics.load(words, 0) === 0) (rightly ? publishValueFirst : publishFlagFirst)(words)
  }
  return Atomics.load(words, 1)
}

async function two(rightly: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  const lock = mutex()
  const tasks = [go(get, words, lock, rightly), go(get, words, lock, rightly)]
  assert.deepEqual(await Promise.all(tasks), [42, 42])
}

export const broken = () => two(false)
export const fixed = () => two(true)
