/** A subscriber counts on every value; the broadcast keeps one. */
import assert from "node:assert/strict"
import { broadcast, go, type Subscription } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "missed signal",
  finds: "error",
  source: "Heddle's own guide: a broadcast never waits for its subscribers",
}

async function listen(own: Subscription<number>): Promise<number> {
  let total = 0
  for await (const value of own) total += value
  return total
}

async function run(capacity: number): Promise<void> {
  const news = broadcast<number>(capacity)
  const listener = go(listen, news.subscribe())
  for (const value of [1, 2, 3]) await news.send(value)
  news.close()
  assert.equal(await listener, 6)
}

export const broken = () => run(1)
export const fixed = () => run(3)
