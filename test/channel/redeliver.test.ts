/** Messages whose receivers die. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { type Channel, channel, go, move } from "../../src/index.ts"
import { collect, receiveAndDie, receiveThenDie, relay } from "./channel-functions.ts"

function redelivering<T>(capacity: number): Channel<T> {
  return channel<T>({ capacity, whenReceiverDies: "redeliver" })
}

const DIED = { code: "ERR_HEDDLE_ISOLATE_DIED" }

test("what a dead receiver had not finished comes again, first and in order", async () => {
  const c = redelivering<{ n: number }>(16)
  await c.sendMany([1, 2, 3, 4, 5].map((n) => ({ n })))
  await assert.rejects(go(receiveAndDie<{ n: number }>, c, 3), DIED)
  const got: number[] = []
  for (let i = 0; i < 5; i++) got.push((await c.receive()).n)
  assert.deepEqual(got, [1, 2, 3, 4, 5])
})

test("a waiting receiver gets what comes again", async () => {
  const c = redelivering<string>(4)
  await c.send("again")
  const dying = assert.rejects(go(receiveAndDie<string>, c, 1), DIED)
  const receiver = c.receiver
  await dying
  assert.equal(await receiver.receive(), "again")
})

test("the end waits for those who may die", async () => {
  const c = redelivering<number>(8)
  const [ready, die] = [channel<number>(1), channel<number>(1)]
  await c.sendMany([1, 2, 3])
  const dying = go(receiveThenDie, c, 3, ready, die)
  await ready.receive()
  c.close()
  const got: number[] = []
  const drained = (async () => {
    for await (const value of c) got.push(value)
  })()
  assert.equal(c.statistics().depth, 0)
  await die.send(1)
  await assert.rejects(dying, DIED)
  await drained
  assert.deepEqual(got, [1, 2, 3])
})

test("the end comes when all are acknowledged", async () => {
  const c = redelivering<number>(8)
  await c.sendMany([1, 2])
  const collected = [go(collect<number>, c.receiver), go(collect<number>, c.receiver)]
  c.close()
  const lists = await Promise.all([...collected, Array.fromAsync(c)])
  assert.deepEqual(lists.flat().toSorted(), [1, 2])
})

test("done and the next receive acknowledge, each receiver for itself", async () => {
  const c = redelivering<string>(8)
  await c.sendMany(["a", "b", "c", "d"])
  const [mine, carried] = [c.receiver, channel<typeof c.receiver>(1)]
  await carried.send(mine)
  const other = await carried.receive()
  assert.equal(await mine.receive(), "a")
  assert.equal(await other.receive(), "b")
  assert.equal(await mine.receive(), "c")
  assert.equal(c.done("a"), false, "acknowledged by the next receive")
  assert.equal(c.done("b"), true)
  assert.equal(c.done("b"), false)
  assert.equal(mine.done("c"), true)
  assert.equal(c.done("never received"), false)
})

test("a buffer that was to be moved is copied, since it may be needed again", async () => {
  const c = redelivering<Uint8Array>(2)
  const bytes = new Uint8Array([1, 2, 3])
  await c.send(move(bytes))
  assert.equal(bytes.length, 3)
  assert.deepEqual(await c.receive(), new Uint8Array([1, 2, 3]))
})

test("handles in messages survive the death of their first receiver", async () => {
  const c = redelivering<{ reply: Channel<string> }>(2)
  const reply = channel<string>(1)
  await c.send({ reply })
  await assert.rejects(go(receiveAndDie<{ reply: Channel<string> }>, c, 1), DIED)
  const got = await c.receive()
  await got.reply.send("here")
  assert.equal(await reply.receive(), "here")
})

test("drop: what a dead receiver had not received is there for others", async () => {
  const c = channel<number>(16)
  await c.sendMany([1, 2, 3, 4, 5, 6])
  await assert.rejects(go(receiveAndDie<number>, c, 2), DIED)
  assert.deepEqual(await c.receiveMany(10), [3, 4, 5, 6])
})

test("hand to hand: a receiver that waits and dies takes nothing along", async () => {
  const c = channel<string>(0)
  const back = channel<string>(1)
  const waiting = go.with({ name: "waits" })(relay<string>, c.receiver, back)
  await c.send("first")
  assert.equal(await back.receive(), "first")
  await waiting
  assert.equal(c.trySend("second"), "full")
})

test("options that do not fit are refused", () => {
  assert.throws(() => redelivering(0), TypeError)
  assert.throws(
    () => channel({ whenReceiverDies: "sometimes" as "drop" }),
    /"drop" or "redeliver", received "sometimes"$/,
  )
})
