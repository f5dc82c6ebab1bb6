/** Many channels, many isolates: memory stays flat, nobody stands still. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { broadcast, type Channel, channel, go, shutdown, start } from "../../src/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { passOn, produce } from "./channel-functions.ts"
import { FLAVORS } from "./flavor.cases.ts"

const LONG = process.env.HEDDLE_LONG === "1"

/**
 * Free blocks at hand keep a chunk each at worst; which, differs from moment to moment. A block of
 * 64 bytes lost with each channel of these tests is more than that.
 */
const KEPT_BYTES = 2 << 20

before(() => start({ isolates: 8 }))
after(() => shutdown())

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

/** Collects garbage, and lets what follows from it happen, until `enough`. */
async function collected(enough: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && (i < 4 || !enough()); i++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function usedBytes(): number {
  return here().arena.statistics().usedBytes
}

/** Makes a channel of every kind, uses each way of waiting, and drops it with something inside. */
async function use(make: () => Channel<unknown>): Promise<void> {
  const c = make()
  const sender = c.sender
  const received = c.receive()
  await sender.send({ some: "text", inner: channel<number>(1) })
  await received
  c.trySend({ left: "behind", other: channel<number>(2).receiver })
  sender.close()
}

async function useBroadcast(): Promise<void> {
  const news = broadcast<unknown>(2)
  const reader = news.subscribe()
  for (let i = 0; i < 4; i++) await news.send({ i, other: channel<number>(1) })
  await reader.receive()
}

test("short-lived channels leave nothing behind", { timeout: 3_600_000 }, async () => {
  const rounds = LONG ? 500 : 6
  const round = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) {
      for (const { make } of FLAVORS) await use(make)
      await useBroadcast()
    }
    await collected(() => usedBytes() <= bound)
  }
  let bound = Infinity
  for (let i = 0; i < 3; i++) await round()
  bound = usedBytes() + KEPT_BYTES
  for (let i = 0; i < rounds; i++) await round()
  assert.ok(usedBytes() <= bound, `${usedBytes() - bound} bytes more`)
})

test("channels and messages by the million leave nothing", {
  timeout: 3_600_000,
}, async () => {
  const count = LONG ? 10_000_000 : 40_000
  await collected(() => false)
  const before = usedBytes()
  let peak = 0
  for (let i = 0; i < count; i++) {
    const c = channel<number>(16)
    for (let k = 0; k < 10; k++) assert.equal(c.trySend(k), "ok")
    for (let k = 0; k < 10; k++) c.tryReceive()
    if (i % 1000 !== 999) continue
    peak = Math.max(peak, usedBytes())
    await new Promise((resolve) => setImmediate(resolve))
  }
  await collected(() => usedBytes() <= before + KEPT_BYTES)
  assert.ok(usedBytes() <= before + KEPT_BYTES, `${usedBytes() - before} bytes more`)
  assert.ok(peak < 192 << 20, `${peak} bytes at a time`)
})

for (const { name, make } of FLAVORS) {
  test(`${name}: a ring of eight isolates and their messages`, { timeout: 600_000 }, async () => {
    const links = Array.from({ length: 9 }, () => make<number>())
    const stages = links
      .slice(1)
      .map((to, i) => go.with({ on: i + 1 })(passOn, links[i].receiver, to.sender))
    for (const link of links.slice(1)) link.sender.close()
    const producing = go(produce, links[0].sender, 0, 300)
    links[0].sender.close()
    const got: number[] = []
    for await (const value of links[8]) got.push(value)
    assert.deepEqual(
      got,
      Array.from({ length: 300 }, (_, i) => i),
    )
    await Promise.all([...stages, producing])
  })
}

test("eight isolates share one channel: each message comes once", async () => {
  const c = channel<number>(16)
  const outs = Array.from({ length: 4 }, () => channel<number>(4_000))
  const receivers = outs.map((out, i) => go.with({ on: i + 1 })(passOn, c.receiver, out.sender))
  for (const out of outs) out.sender.close()
  const senders = [0, 1, 2, 3].map((i) =>
    go.with({ on: i + 5 })(produce, c.sender, i * 1000, i * 1000 + 1000),
  )
  c.sender.close()
  await Promise.all([...senders, ...receivers])
  const counts = outs.map((out) => out.statistics().sent)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    4000,
  )
})
