/** A child answers on a rendezvous; its parent has stopped listening after a timeout. */
import { after, type Channel, channel, go, select } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "timeout",
  finds: "partial deadlock",
  source: "Tu et al., ASPLOS 2019: timeout and unbuffered channel (Kubernetes, finishReq)",
  options: { timeouts: "any" },
}

async function answer(out: Channel<number>): Promise<void> {
  await out.send(42)
}

async function ask(capacity: number): Promise<void> {
  const answers = channel<number>(capacity)
  void go(answer, answers)
  await select({ answer: answers, late: after(10) })
}

export const broken = () => ask(0)
export const fixed = () => ask(1)
