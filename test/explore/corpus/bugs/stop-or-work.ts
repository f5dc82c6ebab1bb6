/** After the stop is there one more job may be taken: of two ready cases either is chosen. */
import assert from "node:assert/strict"
import { type Channel, channel, go, select, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "select",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: select chooses among ready cases",
}

async function work(
  jobs: Channel<number>,
  stop: Channel<number>,
  words: Int32Array,
  looks: boolean,
): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const hit = await select({ job: jobs, stop })
    if (hit.case === "stop") return
    if (looks && stop.tryReceive().state !== "empty") return
    Atomics.add(words, Atomics.load(words, 0) === 1 ? 2 : 1, 1)
    if (hit.closed === true) return
  }
}

async function run(looks: boolean): Promise<void> {
  const jobs = channel<number>(2)
  const stop = channel<number>(1)
  const words = sharedArray(Int32Array, 3)
  await jobs.send(1)
  await stop.send(0)
  Atomics.store(words, 0, 1)
  await go(work, jobs, stop, words, looks)
  assert.equal(Atomics.load(words, 2), 0, "a job was done after the stop")
}

export const broken = () => run(false)
export const fixed = () => run(true)
