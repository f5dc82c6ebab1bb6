/** A signal without memory is given before the other one listens. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "missed signal",
  finds: "lost wake-up",
  source: "Farchi, Nir, Ur, 2003: the lost notify",
}

async function listen(ready: Channel<number>): Promise<void> {
  await ready.receive()
}

async function run(remembers: boolean): Promise<void> {
  const ready = channel<number>(0)
  const listener = go(listen, ready)
  if (remembers) ready.close(undefined)
  else ready.trySend(1)
  await listener.catch(() => {})
}

export const broken = () => run(false)
export const fixed = () => run(true)
