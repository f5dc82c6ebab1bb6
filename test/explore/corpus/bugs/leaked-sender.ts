/** The program keeps a sending end that it never uses: the channel never closes. */
import assert from "node:assert/strict"
import { channel, go, type Sender } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "leak of a sender",
  finds: "deadlock",
  source: "Rust's mpsc documentation: the sender that the loop keeps alive",
}

async function produce(out: Sender<number>): Promise<void> {
  using own = out
  await own.send(1)
}

async function run(closes: boolean): Promise<void> {
  const jobs = channel<number>(2)
  const { sender } = jobs
  const task = go(produce, sender)
  if (closes) sender.close()
  let count = 0
  for await (const _job of jobs) count++
  assert.equal(count, 1)
  await task
}

export const broken = () => run(false)
export const fixed = () => run(true)
