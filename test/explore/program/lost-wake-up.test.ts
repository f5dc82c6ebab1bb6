/** Signals that nobody waited for yet have a name of their own. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import {
  type Broadcast,
  broadcast,
  type Channel,
  channel,
  current,
  go,
  sharedArray,
} from "../../../src/index.ts"
import { failureOf } from "./support.ts"

test("a signal that came before anybody waited is a lost wake-up, and is named", async () => {
  const listen = async (to: Channel<number>) => to.receive()
  const tell = (to: Channel<number>) => to.trySend(1)
  const failure = await failureOf(async () => {
    const ready = channel<number>(0)
    await Promise.all([go(listen, ready), go(tell, ready)])
  })
  assert.equal(failure.kind, "lost wake-up")
  assert.match(failure.message, /the signal that 1 listen waits for came before it waited/)
  assert.match(
    failure.message,
    /2 tell: send channel 1 finds nobody .* at lost-wake-up\.test\.ts:\d+ tell/,
  )
  assert.match(
    failure.message,
    /1 listen waits: receive channel 1 at lost-wake-up\.test\.ts:\d+ listen/,
  )
})

test("a notify that woke nobody is a lost wake-up; one that is remembered is none", async () => {
  const sleep = (words: Int32Array) => Atomics.wait(words, 0, 0)
  const wake = (words: Int32Array, remembers: boolean) => {
    if (remembers) Atomics.store(words, 0, 1)
    Atomics.notify(words, 0)
  }
  const program = (remembers: boolean) => async () => {
    const words = sharedArray(Int32Array, 1)
    await Promise.all([go(sleep, words), go(wake, words, remembers)])
  }
  const failure = await failureOf(program(false))
  assert.equal(failure.kind, "lost wake-up")
  assert.match(failure.message, /2 wake: Atomics\.notify shared\[0\] woke nobody at .*:\d+ wake/)
  assert.equal((await explore(program(true))).exhaustive, true)
})

test("what a broadcast sent before the subscription is a lost wake-up", async () => {
  const listen = async (news: Broadcast<number>) => {
    using own = news.subscribe()
    await own.receive()
  }
  const failure = await failureOf(async () => {
    const news = broadcast<number>(2)
    const listener = go(listen, news)
    await news.send(1)
    await listener
  })
  assert.equal(failure.kind, "lost wake-up")
  assert.match(
    failure.message,
    /main: send broadcast 1 comes before the subscription at lost-wake-up/,
  )
})

test("a try that was repeated until it found somebody is no lost wake-up", async () => {
  const failure = await failureOf(async () => {
    const numbers = channel<number>(0)
    const receiver = go(async (from: Channel<number>) => {
      await from.receive()
      await from.receive()
    }, numbers)
    while (numbers.trySend(1) !== "ok") await current().yield()
    await receiver
  })
  assert.equal(failure.kind, "deadlock")
})
