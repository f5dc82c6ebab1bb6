/** A task that waits in a channel is called off, and does not hear it. */
import { type Channel, channel, current, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "unbounded wait",
  finds: "partial deadlock",
  source: "Tu et al., ASPLOS 2019: contexts that nobody listens to",
}

async function wait(jobs: Channel<number>, listens: boolean): Promise<void> {
  const { signal } = current()
  await jobs.receive(listens ? { signal } : {}).catch(() => -1)
}

async function run(listens: boolean): Promise<void> {
  const jobs = channel<number>(1)
  const task = go(wait, jobs, listens)
  task.cancel()
  await task.catch(() => {})
}

export const broken = () => run(false)
export const fixed = () => run(true)
