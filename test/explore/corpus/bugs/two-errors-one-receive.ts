/** A task that fails tells so twice, and is listened to once. */
import assert from "node:assert/strict"
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "forgotten receive",
  finds: "partial deadlock",
  source: "GOLF micro-benchmarks: a double send for want of a return",
}

async function work(out: Channel<string>, fails: boolean, returns: boolean): Promise<void> {
  if (fails) {
    await out.send("failed")
    if (returns) return
  }
  await out.send("done")
}

async function run(returns: boolean): Promise<void> {
  const ends = channel<string>(0)
  void go(work, ends, true, returns)
  assert.equal(await ends.receive(), "failed")
}

export const broken = () => run(false)
export const fixed = () => run(true)
