/** A producer that has seen room in the channel waits for ever: another one has filled it. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "check, then act",
  finds: "deadlock",
  source: "the mirror of depth-then-receive",
}

async function sendIfRoom(log: Channel<number>): Promise<void> {
  if (log.statistics().depth < 1) await log.send(1)
}

async function sendOrDrop(log: Channel<number>): Promise<void> {
  log.trySend(1)
}

async function producers(fn: (log: Channel<number>) => Promise<void>): Promise<void> {
  const log = channel<number>(1)
  await Promise.all([go(fn, log), go(fn, log)])
}

export const broken = () => producers(sendIfRoom)
export const fixed = () => producers(sendOrDrop)
