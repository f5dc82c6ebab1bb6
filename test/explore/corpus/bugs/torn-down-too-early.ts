/** The program takes away the queue's guard while a consumer still uses it. */
import assert from "node:assert/strict"
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Thomson, Donaldson, Betts: Concurrency testing using schedule bounding, 2014 (pbzip2)",
}

async function consume(words: Int32Array, jobs: Channel<number>): Promise<void> {
  for await (const _job of jobs) assert.equal(Atomics.load(words, 0), 0, "used after it was freed")
}

async function run(joined: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const jobs = channel<number>(2)
  const consumer = go(consume, words, jobs)
  await jobs.send(1)
  await jobs.send(2)
  jobs.close()
  if (joined) await consumer
  Atomics.store(words, 0, 1)
  await consumer
}

export const broken = () => run(false)
export const fixed = () => run(true)
