/** The producer that ends first closes the channel of both. */
import assert from "node:assert/strict"
import { type Channel, channel, go, type Sender } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "wrong side closes",
  finds: "error",
  source: "Go's FAQ of channels: who closes; text and code our own",
}

async function produceAndClose(jobs: Channel<number>, me: number): Promise<void> {
  await jobs.send(me)
  jobs.close()
}

async function produce(jobs: Sender<number>, me: number): Promise<void> {
  using out = jobs
  await out.send(me)
}

async function sum(jobs: Channel<number>): Promise<number> {
  let total = 0
  for await (const job of jobs) total += job
  return total
}

export async function broken(): Promise<void> {
  const jobs = channel<number>(2)
  const tasks = [go(produceAndClose, jobs, 1), go(produceAndClose, jobs, 2)]
  assert.equal(await sum(jobs), 3)
  await Promise.all(tasks)
}

export async function fixed(): Promise<void> {
  const jobs = channel<number>(2)
  const { sender } = jobs
  const tasks = [go(produce, sender, 1), go(produce, sender, 2)]
  sender.close()
  assert.equal(await sum(jobs), 3)
  await Promise.all(tasks)
}
