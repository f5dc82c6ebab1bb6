/** A consumer dies with the message it has taken; nobody does that job. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "kill while holding",
  finds: "deadlock",
  source: "message queues: at most once where at least once was meant",
  options: { kill: true },
}

async function consume(jobs: Channel<number>, results: Channel<number>): Promise<void> {
  for await (const job of jobs) await results.send(job)
}

async function run(whenReceiverDies: "drop" | "redeliver"): Promise<void> {
  const jobs = channel<number>({ capacity: 2, whenReceiverDies })
  const results = channel<number>(4)
  const consumers = [go(consume, jobs, results), go(consume, jobs, results)]
  await jobs.send(1)
  await results.receive()
  jobs.close()
  await Promise.allSettled(consumers)
}

export const broken = () => run("drop")
export const fixed = () => run("redeliver")
