/** Two ways to the end close the channel; the one without the error comes first and hides it. */
import assert from "node:assert/strict"
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "double close",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: a channel closed twice (Docker)",
}

async function fail(jobs: Channel<number>): Promise<void> {
  jobs.close(new RangeError("lost connection"))
}

async function finish(jobs: Channel<number>): Promise<void> {
  jobs.close()
}

async function drain(jobs: Channel<number>): Promise<string> {
  try {
    for await (const _job of jobs);
    return "complete"
  } catch {
    return "failed"
  }
}

export async function broken(): Promise<void> {
  const jobs = channel<number>(1)
  const tasks = [go(fail, jobs), go(finish, jobs)]
  assert.equal(await drain(jobs), "failed")
  await Promise.all(tasks)
}

export async function fixed(): Promise<void> {
  const jobs = channel<number>(1)
  const failing = go(fail, jobs)
  await failing
  const finishing = go(finish, jobs)
  assert.equal(await drain(jobs), "failed")
  await finishing
}
