/** The consumer closes when it has enough; the producer is not told before it sends. */
import assert from "node:assert/strict"
import { type Channel, channel, go, select } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "send after close",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: channels closed by the receiving side",
}

async function produce(jobs: Channel<number>, until: Channel<number> | null): Promise<void> {
  for (let i = 0; i < 3; i++) {
    if (until === null) await jobs.send(i)
    else {
      const hit = await select({ sent: jobs.sending(i), stop: until })
      if (hit.case === "stop") break
    }
  }
  if (until !== null) jobs.close()
}

async function consume(rightly: boolean): Promise<void> {
  const jobs = channel<number>(1)
  const stop = channel<number>(1)
  const producer = go(produce, jobs, rightly ? stop : null)
  assert.equal(await jobs.receive(), 0)
  if (rightly) stop.close()
  else jobs.close()
  await producer
}

export const broken = () => consume(false)
export const fixed = () => consume(true)
