/** A value is written plainly, and its reader is in no order with the writer. */
import assert from "node:assert/strict"
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "data race",
  source: "Adve, Boehm: Memory models, a case for rethinking parallel languages, 2010",
}

async function publish(words: Int32Array, there: Channel<number>): Promise<void> {
  await there.send(0)
  words[0] = 42
}

async function publishInOrder(words: Int32Array, there: Channel<number>): Promise<void> {
  words[0] = 42
  await there.send(0)
}

async function reader(fn: typeof publish): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const there = channel<number>(1)
  const task = go(fn, words, there)
  await there.receive()
  assert.equal(words[0], 42)
  await task
}

export const broken = () => reader(publish)
export const fixed = () => reader(publishInOrder)
