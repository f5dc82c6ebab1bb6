/** The length is read under the lock, and used under the same lock taken anew. */
import assert from "node:assert/strict"
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Flanagan, Qadeer: A type and effect system for atomicity, 2003 (StringBuffer.append)",
}

async function copyInTwo(words: Int32Array, lock: Mutex): Promise<number> {
  const length = await lock.with(() => words[0])
  return lock.with(() => length - words[0])
}

async function copyInOne(words: Int32Array, lock: Mutex): Promise<number> {
  return lock.with(() => {
    const length = words[0]
    return length - words[0]
  })
}

async function cut(words: Int32Array, lock: Mutex): Promise<void> {
  using _guard = await lock.lock()
  words[0] = 0
}

async function append(fn: typeof copyInTwo): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const lock = mutex()
  words[0] = 3
  const cutter = go(cut, words, lock)
  const beyond = await go(fn, words, lock)
  assert.equal(beyond, 0, "read past the end")
  await cutter
}

export const broken = () => append(copyInTwo)
export const fixed = () => append(copyInOne)
