/** A consumer takes all there is until the end; nobody tells the end. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "channel misuse",
  finds: "partial deadlock",
  source: "GOLF micro-benchmarks: range over a channel that is never closed",
}

async function consume(jobs: Channel<number>): Promise<void> {
  for await (const _job of jobs);
}

async function produce(closes: boolean): Promise<void> {
  const jobs = channel<number>(1)
  void go(consume, jobs)
  await jobs.send(1)
  if (closes) jobs.close()
}

export const broken = () => produce(false)
export const fixed = () => produce(true)
