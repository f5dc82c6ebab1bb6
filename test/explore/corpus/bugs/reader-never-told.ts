/** Jobs are sent after the only consumer has gone; they lie there at the end. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "forgotten receive",
  finds: "leak",
  source: "GOLF micro-benchmarks: sends into a buffer that nobody reads",
  options: { leaks: "all" },
}

async function consume(jobs: Channel<number>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await jobs.receive()
}

async function run(count: number): Promise<void> {
  const jobs = channel<number>(2)
  const consumer = go(consume, jobs, count)
  await jobs.send(1)
  await jobs.send(2)
  await consumer
}

export const broken = () => run(1)
export const fixed = () => run(2)
