/** A listener subscribes in its task; what was sent before is not for it. */
import assert from "node:assert/strict"
import { type Broadcast, broadcast, go, type Subscription } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "missed signal",
  finds: "lost wake-up",
  source: "ReactiveX documentation: hot sources; text and code our own",
}

async function listen(news: Broadcast<number>): Promise<number> {
  using own = news.subscribe()
  return await own.receive()
}

async function hear(own: Subscription<number>): Promise<number> {
  return own.receive()
}

async function run(early: boolean): Promise<void> {
  const news = broadcast<number>(4)
  const listener = early ? go(hear, news.subscribe()) : go(listen, news)
  await news.send(7)
  assert.equal(await listener, 7)
}

export const broken = () => run(false)
export const fixed = () => run(true)
