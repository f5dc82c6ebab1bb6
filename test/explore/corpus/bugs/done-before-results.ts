/** Workers give results and then say that they are done; the results are read only after that. */
import assert from "node:assert/strict"
import { type Channel, channel, go, type Latch, latch } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "channel misuse",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: waiting for the group before receiving (Docker)",
}

async function work(results: Channel<number>, done: Latch, me: number): Promise<void> {
  await results.send(me)
  done.countDown()
}

async function run(capacity: number): Promise<void> {
  const results = channel<number>(capacity)
  const done = latch(2)
  const tasks = [go(work, results, done, 1), go(work, results, done, 2)]
  await done.wait()
  assert.equal((await results.receive()) + (await results.receive()), 3)
  await Promise.all(tasks)
}

export const broken = () => run(1)
export const fixed = () => run(2)
