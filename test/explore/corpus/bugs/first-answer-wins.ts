/** Several are asked and the first answer is taken; the others wait for ever to give theirs. */
import assert from "node:assert/strict"
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "forgotten receive",
  finds: "partial deadlock",
  source: "Saioc et al.: Dynamic partial deadlock detection (GOLF), ASPLOS 2025",
}

async function answer(out: Channel<number>, me: number): Promise<void> {
  await out.send(me)
}

async function first(capacity: number): Promise<void> {
  const answers = channel<number>(capacity)
  for (const me of [1, 2, 3]) void go(answer, answers, me)
  assert.ok((await answers.receive()) > 0)
}

export const broken = () => first(0)
export const fixed = () => first(3)
