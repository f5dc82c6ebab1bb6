/** Each of three consumers ends with a farewell, and only two are sent. */
import assert from "node:assert/strict"
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "channel misuse",
  finds: "deadlock",
  source: "Farchi, Nir, Ur, 2003: the lost notify",
}

async function consume(jobs: Channel<number>): Promise<number> {
  let taken = 0
  while ((await jobs.receive()) >= 0) taken++
  return taken
}

async function run(farewells: number): Promise<void> {
  const jobs = channel<number>(2)
  const consumers = [go(consume, jobs), go(consume, jobs), go(consume, jobs)]
  await jobs.send(1)
  for (let i = 0; i < farewells; i++) await jobs.send(-1)
  const taken = await Promise.all(consumers)
  assert.equal(Math.max(...taken), 1)
}

export const broken = () => run(2)
export const fixed = () => run(3)
