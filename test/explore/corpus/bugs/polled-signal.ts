/** A loop looks for its signal between jobs only, and sleeps in a receive when it comes. */
import { type Channel, channel, go, select } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "select",
  finds: "deadlock",
  source: "GOLF micro-benchmarks: a receive outside of the select",
}

async function work(jobs: Channel<number>, stop: Channel<number>, waits: boolean): Promise<void> {
  for (;;) {
    if (waits) {
      const hit = await select({ job: jobs, stop })
      if (hit.case === "stop") return
    } else {
      if (stop.tryReceive().state === "ok") return
      await jobs.receive()
    }
  }
}

async function run(waits: boolean): Promise<void> {
  const jobs = channel<number>(1)
  const stop = channel<number>(1)
  const worker = go(work, jobs, stop, waits)
  await jobs.send(1)
  await stop.send(1)
  await worker
}

export const broken = () => run(false)
export const fixed = () => run(true)
