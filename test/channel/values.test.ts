/** What travels through channels, and what is refused. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import {
  type Channel,
  channel,
  f64,
  go,
  i32,
  move,
  OutOfSharedMemoryError,
  select,
  shutdown,
  start,
  struct,
  text,
} from "../../src/index.ts"
import { lengthOfMoved, lengthOfMovedSync, sumBatches } from "./channel-functions.ts"

// Little enough that one test can fill it on any machine.
before(() => start({ isolates: 2, memoryBytes: 64 << 20 }))
after(() => shutdown())

test("dense numbers, in bulk and one by one, across isolates", async () => {
  for (const capacity of [1, 16, 4096]) {
    const c = channel({ of: i32, capacity })
    const summed = go(sumBatches, c)
    await c.sendMany(Int32Array.from({ length: 5_000 }, (_, i) => i))
    await c.sendMany([1, 2, 3])
    await c.send(4)
    await c.sendMany(new Set([5, 6]))
    c.close()
    assert.equal(await summed, 12_497_500 + 21)
  }
})

test("batches of f64 are Float64Arrays, copies of their own", async () => {
  const c = channel({ of: f64, capacity: 4 })
  await c.sendMany(new Float64Array([0.5, 1.5, 2.5]))
  const batches = c.batches(2)
  const first = await batches.next()
  assert.deepEqual(first.value, new Float64Array([0.5, 1.5]))
  await c.sendMany([8, 9, 10])
  assert.deepEqual(first.value, new Float64Array([0.5, 1.5]))
  assert.deepEqual(await c.receiveMany(10), [2.5, 8, 9, 10])
})

test("sendMany names the value that cannot be sent, and has sent those before it", async () => {
  const c = channel<unknown>(3)
  const values = [1, { a: 2 }, { on: [() => {}] }, 4]
  const third = { path: "values[2].on[0]", problem: "is a function" }
  await assert.rejects(c.sendMany(values), third)
  assert.deepEqual(await c.receiveMany(9), [1, { a: 2 }])
  await assert.rejects(c.sendMany(new Set(values)), third)
  const full = c.sendMany([5, () => {}])
  assert.deepEqual(await c.receiveMany(9), [1, { a: 2 }, 5])
  await assert.rejects(full, { path: "values[1]" })
  await assert.rejects(c.send({ on: 1, f() {} }), { path: "value.f" })
})

test("a number that does not fit is refused by name, those before it are sent", async () => {
  const c = channel({ of: i32, capacity: 8 })
  await assert.rejects(c.sendMany([1, 2, 2.5, 4]), RangeError)
  assert.deepEqual(await c.receiveMany(8), [1, 2])
  assert.throws(() => c.trySend("1" as unknown as number), TypeError)
})

test("structs keep their layout, wrong ones are refused", async () => {
  const Point = struct({ x: f64, label: text(8) })
  const c = channel({ of: Point, capacity: 2 })
  await c.send({ x: 1.5, label: "here" })
  assert.deepEqual(await c.receive(), { x: 1.5, label: "here" })
  assert.throws(() => c.trySend({ x: "1" } as unknown as { x: number; label: string }), TypeError)
  assert.deepEqual(c.tryReceive(), { state: "empty" })
})

test("moved buffers arrive in order, whatever they take", async () => {
  for (const capacity of [0, 1, 8]) {
    const c = channel<{ bytes: Uint8Array }>(capacity)
    const lengths = go(lengthOfMoved, c)
    for (let i = 1; i <= 20; i++) {
      const bytes = new Uint8Array(i)
      await c.send({ bytes: i % 2 === 0 ? move(bytes) : bytes })
      if (i % 2 === 0) assert.equal(bytes.length, 0, "it left")
    }
    c.close()
    assert.deepEqual(
      await lengths,
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
  }
})

test("a blocked receiver gets a moved buffer", async () => {
  for (const capacity of [0, 2]) {
    const c = channel<{ bytes: Uint8Array }>(capacity)
    const length = go(lengthOfMovedSync, c)
    await c.send({ bytes: move(new Uint8Array(77)) })
    assert.equal(await length, 77)
  }
})

test("a failed send moves nothing", async () => {
  const c = channel<unknown>(1)
  const bytes = new Uint8Array(4)
  await c.send(1)
  assert.equal(c.trySend(move(bytes)), "full")
  assert.equal(bytes.length, 4)
  c.close()
  await assert.rejects(c.send(move(bytes)), { code: "ERR_HEDDLE_CHANNEL_CLOSED" })
  assert.equal(bytes.length, 4)
})

test("hand to hand: a send that is given up moves nothing, one that is received does", async () => {
  const c = channel<unknown>(0)
  const bytes = new Uint8Array(4)
  const stop = new AbortController()
  const sending = assert.rejects(c.send(move(bytes), { signal: stop.signal }), { message: "no" })
  const other = select({ out: c.sending(move(bytes)), stop: stop.signal })
  assert.equal(c.statistics().waitingSenders, 2)
  stop.abort(new Error("no"))
  await sending
  assert.equal((await other).case, "stop")
  assert.equal(bytes.length, 4)
  const late = select({ out: c.sending(move(bytes)), never: channel(0).receiver })
  assert.deepEqual(await c.receive(), new Uint8Array(4))
  assert.equal((await late).case, "out")
  assert.equal(bytes.length, 0)
})

test("wrong options name what was received", () => {
  for (const capacity of [-1, 1.5, Number.NaN, 2 ** 30]) {
    assert.throws(() => channel(capacity), {
      name: "RangeError",
      message: new RegExp(`received ${capacity}`),
    })
  }
  assert.throws(() => channel({ size: 4 } as object), /no option size/)
  assert.throws(() => channel(1).batches(0), RangeError)
})

test("wrong cases of a select name themselves", async () => {
  await assert.rejects(select({}), /at least one case/)
  const cases = { job: 7 } as unknown as { job: AbortSignal }
  await assert.rejects(select(cases), /case job is 7/)
})

test("a full memory refuses, loses nothing, and recovers", async () => {
  const held: Channel<string>[] = []
  const filler = "x".repeat(1 << 20)
  const big = channel<string>(4096)
  let sent = 0
  assert.throws(() => {
    for (;;) {
      if (big.trySend(filler) === "ok") sent++
      else held.push(channel<string>(1 << 20))
    }
  }, OutOfSharedMemoryError)
  assert.equal(big.statistics().depth, sent)
  for (let i = 0; i < sent; i++) assert.equal((await big.receive()).length, filler.length)
  assert.equal(big.trySend(filler), "ok")
  assert.equal(held.length, 0)
})

test("select is fair among the ready", async () => {
  const [a, b] = [channel<number>(1000), channel<number>(1000)]
  await a.sendMany(Array.from({ length: 1000 }, (_, i) => i))
  await b.sendMany(Array.from({ length: 1000 }, (_, i) => i))
  let first = 0
  for (let i = 0; i < 1000; i++) {
    if ((await select({ a: a.receiver, b: b.receiver })).case === "a") first++
  }
  assert.ok(first > 300 && first < 700, `${first} of 1000`)
})
