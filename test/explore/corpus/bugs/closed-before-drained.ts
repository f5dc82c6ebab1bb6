/** Whoever closes does not wait for what others still want to send. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: close races with send",
}

async function produce(jobs: Channel<number>): Promise<void> {
  await jobs.send(1)
}

async function run(waits: boolean): Promise<void> {
  const jobs = channel<number>(1)
  const producer = go(produce, jobs)
  if (waits) await producer
  jobs.close()
  await producer
}

export const broken = () => run(false)
export const fixed = () => run(true)
