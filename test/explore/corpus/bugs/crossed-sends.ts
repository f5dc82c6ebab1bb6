/** Two tasks first tell each other, each waiting to be heard. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Ng, Yoshida: Static deadlock detection for concurrent Go, 2016",
}

async function tellThenHear(out: Channel<number>, from: Channel<number>): Promise<void> {
  await out.send(1)
  await from.receive()
}

async function hearThenTell(out: Channel<number>, from: Channel<number>): Promise<void> {
  await from.receive()
  await out.send(1)
}

async function two(rightly: boolean): Promise<void> {
  const a = channel<number>(0)
  const b = channel<number>(0)
  await Promise.all([go(tellThenHear, a, b), go(rightly ? hearThenTell : tellThenHear, b, a)])
}

export const broken = () => two(false)
export const fixed = () => two(true)
