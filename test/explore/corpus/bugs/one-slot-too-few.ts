/** The answers fit into the channel, were it not for one. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "forgotten receive",
  finds: "partial deadlock",
  source: "GOLF micro-benchmarks: a buffer smaller than its senders",
}

async function answer(out: Channel<number>, me: number): Promise<void> {
  await out.send(me)
}

async function first(capacity: number): Promise<void> {
  const answers = channel<number>(capacity)
  for (const me of [1, 2, 3]) void go(answer, answers, me)
  await answers.receive()
}

export const broken = () => first(1)
export const fixed = () => first(2)
