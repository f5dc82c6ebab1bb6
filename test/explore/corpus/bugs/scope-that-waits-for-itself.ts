/** A task of a scope waits for what its owner sends only after the scope has ended. */
import { type Channel, channel, scope } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "structured concurrency: Sústrik, 2016; text and code our own",
}

async function wait(start: Channel<number>): Promise<void> {
  await start.receive()
}

async function run(inside: boolean): Promise<void> {
  const start = channel<number>(1)
  await scope(async (own) => {
    void own.go(wait, start)
    if (inside) await start.send(1)
  })
  if (!inside) await start.send(1)
}

export const broken = () => run(false)
export const fixed = () => run(true)
