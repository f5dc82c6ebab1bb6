/** A consumer that has seen a value in the channel waits for it; another one has taken it. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "check, then act",
  finds: "deadlock",
  source: "Go vet folklore: len(ch) > 0 before a receive; text and code our own",
}

async function takeIfThere(jobs: Channel<number>): Promise<void> {
  if (jobs.statistics().depth > 0) await jobs.receive()
}

async function tryToTake(jobs: Channel<number>): Promise<void> {
  jobs.tryReceive()
}

async function consumers(fn: (jobs: Channel<number>) => Promise<void>): Promise<void> {
  const jobs = channel<number>(2)
  await jobs.send(1)
  await Promise.all([go(fn, jobs), go(fn, jobs)])
}

export const broken = () => consumers(takeIfThere)
export const fixed = () => consumers(tryToTake)
