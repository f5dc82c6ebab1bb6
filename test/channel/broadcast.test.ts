/** Broadcasts: every subscription receives every value, or is told what it missed. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  broadcast,
  channel,
  go,
  HandleClosedError,
  type Subscription,
  select,
} from "../../src/index.ts"
import { listen } from "./channel-functions.ts"

test("every subscription receives everything from where it began", async () => {
  const news = broadcast<number>(8)
  await news.send(0)
  const [one, two] = [news.subscribe(), news.subscribe()]
  await news.send(1)
  const three = news.subscribe()
  await news.send(2)
  news.close()
  const all = await Promise.all([one, two, three].map((s) => Array.fromAsync(s)))
  assert.deepEqual(all, [[1, 2], [1, 2], [2]])
  assert.equal(news.trySend(3), "closed")
  await assert.rejects(news.send(3), { code: "ERR_HEDDLE_CHANNEL_CLOSED", unsent: 3 })
})

test("a slow subscription is told how many it missed", async () => {
  const news = broadcast<number>(4)
  const slow = news.subscribe()
  for (let i = 0; i < 10; i++) await news.send(i)
  assert.equal(await slow.receive(), 6)
  assert.equal(slow.missed, 6)
  assert.equal(await slow.receive(), 7)
  assert.equal(slow.missed, 0)
  assert.deepEqual(await slow.receiveMany(10), [8, 9])
  assert.deepEqual(slow.tryReceive(), { state: "empty" })
})

test("waiting subscriptions are all woken, also by the end", async () => {
  const news = broadcast<string>(2)
  const subscriptions = [1, 2, 3].map(() => news.subscribe())
  const waiting = subscriptions.map((s) => s.receive())
  await news.send("now")
  assert.deepEqual(await Promise.all(waiting), ["now", "now", "now"])
  const ends = subscriptions.map((s) => assert.rejects(s.receive(), { message: /closed/ }))
  news.close()
  await Promise.all(ends)
})

test("two waits on one subscription do not hold up another", async () => {
  const news = broadcast<number>(4)
  const [one, two] = [news.subscribe(), news.subscribe()]
  const waits = [one.receive(), one.receive(), two.receive()] as const
  await news.send(1)
  assert.equal(await waits[0], 1)
  assert.equal(await waits[2], 1)
  await news.send(2)
  assert.equal(await waits[1], 2)
})

test("an error given to close reaches subscriptions", async () => {
  const news = broadcast<number>(2)
  const reader = news.subscribe()
  news.close(new RangeError("over"))
  await assert.rejects(Array.fromAsync(reader), { name: "RangeError", message: "over" })
})

test("values and handles of every kind, received by many", async () => {
  const news = broadcast<unknown>(2)
  const [one, two] = [news.subscribe(), news.subscribe()]
  const inner = channel<number>(1)
  await news.send({ inner, at: new Date(7) })
  for (const reader of [one, two]) {
    const got = (await reader.receive()) as { inner: typeof inner; at: Date }
    assert.equal(got.inner, inner)
    assert.equal(got.at.getTime(), 7)
  }
})

test("subscriptions in a select, a broadcast as a case to send", async () => {
  const news = broadcast<number>(2)
  const reader = news.subscribe()
  const hit = select({ news: reader, other: channel<number>(1).receiver })
  assert.equal((await select({ out: news.sending(4) })).case, "out")
  assert.deepEqual(await hit, { case: "news", value: 4 })
})

test("isolates listen, and a subscription can be sent", async () => {
  const news = broadcast<number>(64)
  const listeners = [news.subscribe(), news.subscribe()].map((s: Subscription<number>) =>
    go(listen, s),
  )
  for (let i = 1; i <= 40; i++) await news.send(i)
  news.close()
  assert.deepEqual(await Promise.all(listeners), [820, 820])
})

test("a disposed subscription is over, and whoever waits with it is told", async () => {
  const news = broadcast<number>(2)
  const reader = news.subscribe()
  const waiting = assert.rejects(reader.receive(), { code: "ERR_HEDDLE_CHANNEL_CLOSED" })
  reader[Symbol.dispose]()
  await waiting
  assert.throws(() => reader.tryReceive(), HandleClosedError)
  assert.equal(news.trySend(1), "ok")
})

test("a wrong capacity is refused", () => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => broadcast(capacity), RangeError)
  }
})
