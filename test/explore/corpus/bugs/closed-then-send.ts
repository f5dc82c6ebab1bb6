/** A producer asks whether the channel is closed and sends; it is closed between the two. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "check, then act",
  finds: "error",
  source: "Tu et al., Understanding real-world concurrency bugs in Go, ASPLOS 2019",
}

async function sendUnlessClosed(log: Channel<number>): Promise<void> {
  if (!log.closed) await log.send(1)
}

async function trySend(log: Channel<number>): Promise<void> {
  log.trySend(1)
}

async function closing(fn: (log: Channel<number>) => Promise<void>): Promise<void> {
  const log = channel<number>(1)
  const task = go(fn, log)
  log.close()
  await task
}

export const broken = () => closing(sendUnlessClosed)
export const fixed = () => closing(trySend)
