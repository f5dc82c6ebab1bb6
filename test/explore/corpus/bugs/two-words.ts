/** A pair that belongs together is written in two steps; a reader sees one of each. */
import assert from "node:assert/strict"
import { go, type Mutex, mutex, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Lu et al., ASPLOS 2008: several variables (Mozilla's cache and its flag)",
}

function writePair(words: Int32Array): void {
  Atomics.store(words, 0, 1)
  Atomics.store(words, 1, 1)
}

function readPair(words: Int32Array): number[] {
  return [Atomics.load(words, 0), Atomics.load(words, 1)]
}

async function writeLocked(words: Int32Array, lock: Mutex): Promise<void> {
  using _guard = await lock.lock()
  writePair(words)
}

async function readLocked(words: Int32Array, lock: Mutex): Promise<number[]> {
  using _guard = await lock.lock()
  return readPair(words)
}

export async function broken(): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  const writer = go(writePair, words)
  const [first, second] = await go(readPair, words)
  assert.equal(first, second)
  await writer
}

export async function fixed(): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  const lock = mutex()
  const writer = go(writeLocked, words, lock)
  const [first, second] = await go(readLocked, words, lock)
  assert.equal(first, second)
  await writer
}
