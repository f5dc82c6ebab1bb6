/** What every channel does, whatever lies behind it: one list of cases, run on all flavors. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { type Channel, ChannelClosedError, channel, go, i32, select } from "../../src/index.ts"
import { collect, produce, relay } from "./channel-functions.ts"

/** One flavor under test. */
export interface FlavorUnderTest {
  readonly name: string
  /** How many values go in before a sender waits. */
  readonly capacity: number
  make<T>(): Channel<T>
}

class Odd extends Error {
  override readonly name = "Odd"
  readonly detail = { n: 7 }
}

function closed(error: unknown): boolean {
  return error instanceof ChannelClosedError
}

/** Sends from 0 to `count - 1`, waiting as it must. */
async function sendAll(to: Channel<number>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await to.send(i)
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** One case. */
export type Case = (flavor: FlavorUnderTest) => Promise<void>

/** What every flavor does. */
export const cases: Readonly<Record<string, Case>> = {
  async "values arrive in order"({ make }) {
    const c = make<number>()
    const sent = sendAll(c, 100)
    for (let i = 0; i < 100; i++) assert.equal(await c.receive(), i)
    await sent
  },

  async "values of every kind"({ make }) {
    const c = make<unknown>()
    const values = [
      undefined,
      null,
      true,
      -0,
      1.5,
      NaN,
      12n,
      "text",
      new Date(5),
      { a: [1, { b: new Map([[1, new Set([2])]]) }] },
      new Float64Array([1, 2]),
    ]
    for (const value of values) {
      const sent = c.send(value)
      assert.deepStrictEqual(await c.receive(), value)
      await sent
    }
  },

  async "a send waits exactly when the channel is full"({ make, capacity }) {
    const c = make<number>()
    for (let i = 0; i < capacity; i++) assert.equal(c.trySend(i), "ok")
    assert.equal(c.trySend(capacity), "full")
    let over = false
    const sent = c.send(capacity).then(() => {
      over = true
    })
    await Promise.resolve()
    assert.equal(over, false)
    for (let i = 0; i <= capacity; i++) assert.equal(await c.receive(), i)
    await sent
  },

  async "tryReceive takes what a waiting sender has"({ make }) {
    const c = make<number>()
    assert.deepEqual(c.tryReceive(), { state: "empty" })
    const sent = c.send(3)
    assert.deepEqual(c.tryReceive(), { state: "ok", value: 3 })
    await sent
    assert.deepEqual(c.tryReceive(), { state: "empty" })
  },

  async "trySend reaches a waiting receiver, with this value"({ make, capacity }) {
    if (capacity === 1) return
    const c = make<number>()
    const one = c.receive()
    const two = c.receive()
    assert.equal(c.trySend(1), "ok")
    assert.equal(c.trySend(2), "ok")
    assert.deepEqual(await Promise.all([one, two]), [1, 2])
  },

  async "close leaves what is inside"({ make, capacity }) {
    const c = make<number>()
    for (let i = 0; i < capacity; i++) c.trySend(i)
    assert.equal(c.close(), true)
    for (let i = 0; i < capacity; i++) assert.equal(await c.receive(), i)
    await assert.rejects(c.receive(), closed)
    await assert.rejects(c.receive(), closed)
    assert.deepEqual(c.tryReceive(), { state: "closed" })
  },

  async "close wakes all who wait"({ make, capacity }) {
    const empty = make<number>()
    const receives = [empty.receive(), empty.receive()].map((one) => assert.rejects(one, closed))
    empty.close()
    await Promise.all(receives)
    const full = make<number>()
    for (let i = 0; i < capacity; i++) full.trySend(i)
    const sends = [full.send(8), full.send(9)].map((one, i) =>
      assert.rejects(
        one,
        (error) => closed(error) && Reflect.get(error as object, "unsent") === 8 + i,
      ),
    )
    full.close()
    await Promise.all(sends)
  },

  async "a send on a closed channel fails, a second close is false"({ make }) {
    const c = make<number>()
    assert.equal(c.close(), true)
    assert.equal(c.close(), false)
    assert.equal(c.closed, true)
    assert.equal(c.trySend(1), "closed")
    await assert.rejects(c.send(5), { code: "ERR_HEDDLE_CHANNEL_CLOSED", unsent: 5 })
  },

  async "an error given to close reaches receivers, with its fields"({ make }) {
    const c = make<number>()
    c.close(new Odd("broken"))
    await assert.rejects(c.receive(), (error: Error) => {
      assert.ok(closed(error))
      const cause = error.cause as Odd
      assert.deepEqual([cause.name, cause.message, cause.detail], ["Odd", "broken", { n: 7 }])
      return true
    })
    await assert.rejects(
      async () => {
        for await (const _ of c) assert.fail("nothing is inside")
      },
      { message: "broken" },
    )
  },

  async "iteration ends with the channel"({ make }) {
    const c = make<number>()
    const sent = sendAll(c, 50).then(() => c.close())
    const got: number[] = []
    for await (const value of c) got.push(value)
    assert.deepEqual(got, numbers(50))
    await sent
  },

  async "batches hold every value once, in order"({ make }) {
    const c = make<number>()
    const sent = c.sendMany(numbers(300)).then(() => c.close())
    const got: number[] = []
    for await (const batch of c.batches(7)) {
      assert.ok(batch.length >= 1 && batch.length <= 7)
      for (const value of batch) got.push(value)
    }
    assert.deepEqual(got, numbers(300))
    await sent
  },

  async "receiveMany takes what is there"({ make }) {
    const c = make<number>()
    const sent = sendAll(c, 20)
    const got: number[] = []
    while (got.length < 20) got.push(...(await c.receiveMany(8)))
    assert.deepEqual(got, numbers(20))
    await sent
    await assert.rejects(c.receiveMany(0), RangeError)
  },

  async "an aborted receive takes nothing, an aborted send leaves nothing"({ make, capacity }) {
    const c = make<number>()
    const stop = new AbortController()
    const receive = assert.rejects(c.receive({ signal: stop.signal }), { message: "enough" })
    stop.abort(new Error("enough"))
    await receive
    await assert.rejects(c.receive({ signal: stop.signal }), { message: "enough" })
    for (let i = 0; i < capacity; i++) assert.equal(c.trySend(i), "ok")
    const late = new AbortController()
    const send = assert.rejects(c.send(99, { signal: late.signal }), { message: "late" })
    late.abort(new Error("late"))
    await send
    for (let i = 0; i < capacity; i++) assert.equal(await c.receive(), i)
    assert.deepEqual(c.tryReceive(), { state: "empty" })
  },

  async "what cannot be sent is refused, and nothing else happens"({ make }) {
    const c = make<unknown>()
    const bad = { user: { onClick: () => {} } }
    const received = c.receive()
    await assert.rejects(c.send(bad), {
      code: "ERR_HEDDLE_NOT_SENDABLE",
      path: "value.user.onClick",
    })
    await c.send("good")
    assert.equal(await received, "good")
  },

  async "select receives, sends, and withdraws the rest"({ make }) {
    const [a, b] = [make<string>(), make<string>()]
    const first = select({ a: a.receiver, b: b.receiver })
    await a.send("one")
    assert.deepEqual(await first, { case: "a", value: "one" })
    const second = select({ a: a.receiver, b: b.receiver })
    await b.send("two")
    assert.deepEqual(await second, { case: "b", value: "two" })
    const got = b.receive()
    assert.equal((await select({ out: b.sending("three") })).case, "out")
    assert.equal(await got, "three")
    assert.equal(select.try({ a: a.receiver, b: b.receiver }), undefined)
  },

  async "two selects find each other"({ make }) {
    const [a, b] = [make<number>(), make<number>()]
    for (let i = 0; i < 20; i++) {
      const [one, two] = await Promise.all([
        select({ out: a.sending(i), in: b.receiver }),
        select({ in: a.receiver, never: make<number>().receiver }),
      ])
      assert.deepEqual([one.case, two.case, two.value], ["out", "in", i])
    }
    assert.equal(select.try({ a: a.receiver, b: b.receiver }), undefined)
  },

  async "select says that a channel is closed"({ make }) {
    const [a, b] = [make<number>(), make<number>()]
    const waiting = select({ a: a.receiver, b: b.receiver })
    a.close()
    assert.deepEqual(await waiting, { case: "a", closed: true })
    await assert.rejects(select({ out: a.sending(1) }), closed)
    b.close(new Odd("broken"))
    await assert.rejects(select({ b: b.receiver }), closed)
  },

  async "a signal ends a select, as a case or as an option"({ make }) {
    const c = make<number>()
    const stop = new AbortController()
    const asCase = select({ c: c.receiver, stop: stop.signal })
    const asOption = assert.rejects(select({ c: c.receiver }, { signal: stop.signal }), {
      message: "stop",
    })
    const reason = new Error("stop")
    stop.abort(reason)
    assert.deepEqual(await asCase, { case: "stop", value: reason })
    await asOption
    assert.equal(select.try({ c: c.receiver }), undefined)
  },

  async "two isolates, there and back"({ make }) {
    const [there, back] = [make<string>(), make<string>()]
    const relayed = go(relay<string>, there.receiver, back)
    await there.send("ping")
    assert.equal(await back.receive(), "ping")
    await relayed
  },

  async "many senders and receivers in several isolates lose and double nothing"({ make }) {
    const c = make<number>()
    const producers = [0, 1, 2].map((i) => go(produce, c.sender, i * 200, i * 200 + 200))
    c.sender.close()
    const collectors = [0, 1].map(() => go(collect<number>, c.receiver))
    const own: number[] = []
    for await (const value of c) own.push(value)
    await Promise.all(producers)
    const lists = [own, ...(await Promise.all(collectors))]
    for (const list of lists) {
      for (const i of [0, 1, 2]) {
        const mine = list.filter((value) => Math.floor(value / 200) === i)
        assert.deepEqual(
          mine,
          mine.toSorted((x, y) => x - y),
          "each sender's in order",
        )
      }
    }
    assert.deepEqual(
      lists.flat().toSorted((x, y) => x - y),
      numbers(600),
    )
  },

  async "a channel in a message in a channel"({ make }) {
    const outer = make<Channel<Channel<number>>>()
    const [middle, inner] = [make<Channel<number>>(), make<number>()]
    const done = (async () => {
      const received = await (await outer.receive()).receive()
      await received.send(42)
    })()
    await outer.send(middle)
    await middle.send(inner)
    assert.equal(await inner.receive(), 42)
    await done
  },

  async "statistics count"({ make, capacity }) {
    const c = make<number>()
    const sends = numbers(capacity + 2).map((i) => c.send(i))
    const before = c.statistics()
    assert.ok(Object.isFrozen(before))
    assert.deepEqual(
      [before.depth, before.capacity, before.waitingSenders, before.closed],
      [capacity, capacity, 2, false],
    )
    for (let i = 0; i < capacity + 2; i++) await c.receive()
    await Promise.all(sends)
    const waiting = c.receive()
    const after = c.statistics()
    assert.deepEqual(
      [after.sent, after.received, after.depth, after.waitingSenders, after.waitingReceivers],
      [capacity + 2, capacity + 2, 0, 0, 1],
    )
    await c.send(1)
    await waiting
  },
}

/** Runs all cases on one flavor. */
export function runCases(flavor: FlavorUnderTest): void {
  for (const [name, run] of Object.entries(cases)) {
    test(`${flavor.name}: ${name}`, { timeout: 300_000 }, () => run(flavor))
  }
}

/** The flavors. */
export const FLAVORS: readonly FlavorUnderTest[] = [
  { name: "hand to hand", capacity: 0, make: () => channel(0) },
  { name: "one slot", capacity: 1, make: () => channel(1) },
  { name: "three slots", capacity: 3, make: () => channel(3) },
  { name: "eight slots", capacity: 8, make: () => channel(8) },
  {
    name: "redelivers",
    capacity: 4,
    make: () => channel({ capacity: 4, whenReceiverDies: "redeliver" }),
  },
]

/** A channel of dense numbers, for what only these do. */
export function dense(capacity: number): Channel<number> {
  return channel({ of: i32, capacity })
}
