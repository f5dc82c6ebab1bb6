/** A sender holds the lock that its receiver needs before it receives. */
import assert from "node:assert/strict"
import { type Channel, channel, go, type Mutex, mutex } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: a channel and a lock together (BoltDB)",
}

async function sendHolding(lock: Mutex, out: Channel<number>): Promise<void> {
  using _guard = await lock.lock()
  await out.send(1)
}

async function sendAfter(lock: Mutex, out: Channel<number>): Promise<void> {
  const value = await lock.with(() => 1)
  await out.send(value)
}

async function receive(lock: Mutex, from: Channel<number>): Promise<number> {
  using _guard = await lock.lock()
  return from.receive()
}

async function two(fn: typeof sendHolding): Promise<void> {
  const lock = mutex()
  const values = channel<number>(0)
  const sender = go(fn, lock, values)
  const taken = fn === sendAfter ? values.receive() : go(receive, lock, values)
  assert.equal(await taken, 1)
  await sender
}

export const broken = () => two(sendHolding)
export const fixed = () => two(sendAfter)
