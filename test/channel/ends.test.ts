/** Sending ends close their channel when all are gone, however they go. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type Channel,
  channel,
  go,
  HandleClosedError,
  move,
  NotSendableError,
  type Receiver,
  type Sender,
  UseAfterMoveError,
} from "../../src/index.ts"
import { collect, produce, sendAndDie } from "./channel-functions.ts"

async function drained<T>(from: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of from) values.push(value)
  return values
}

test("the channel closes with its last sending end", async () => {
  const c = channel<number>(4)
  {
    using sender = c.sender
    assert.equal(c.sender, sender, "the same handle while it is in use")
    await sender.send(1)
    assert.equal(sender.closed, false)
  }
  assert.equal(c.closed, true)
  assert.deepEqual(await drained(c), [1])
  assert.equal(c.trySend(2), "closed")
})

test("a closed end cannot send, other ends can", async () => {
  const c = channel<number>(4)
  const kept = c.sender
  await c.send(0)
  const carried = channel<Sender<number>>(1)
  await carried.send(kept)
  const other = await carried.receive()
  kept.close()
  kept.close()
  assert.throws(() => kept.trySend(1), HandleClosedError)
  assert.equal(c.closed, false)
  assert.equal(other.trySend(2), "ok")
  other.close()
  assert.equal(c.closed, true)
  assert.deepEqual(await drained(c), [0, 2])
})

test("an end in a message keeps the channel open, a moved one is its receiver's", async () => {
  const c = channel<number>(4)
  const carried = channel<Sender<number>>(1)
  const sender = c.sender
  await carried.send(move(sender))
  assert.throws(() => sender.trySend(1), UseAfterMoveError)
  assert.equal(c.closed, false)
  const received = await carried.receive()
  await received.send(5)
  received.close()
  assert.equal(c.closed, true)
})

test("an end closed with an error closes the channel with it", async () => {
  const c = channel<number>(4)
  const [one, other] = [c.sender, channel<Sender<number>>(1)]
  await other.send(one)
  one.close(new RangeError("no more"))
  assert.equal(c.closed, true)
  await assert.rejects(drained(c), { name: "RangeError", message: "no more" })
})

test("ends go to other isolates and close there", async () => {
  const c = channel<number>(8)
  const tasks = [go(produce, c.sender, 0, 50), go(produce, c.sender, 50, 100)]
  c.sender.close()
  const values = await drained(c)
  assert.deepEqual(
    values.toSorted((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  )
  await Promise.all(tasks)
})

test("the death of who holds the last end closes the channel, what it sent stays", async () => {
  const c = channel<number>(64)
  const dying = go(sendAndDie, move(c.sender), 20)
  await assert.rejects(dying, { code: "ERR_HEDDLE_ISOLATE_DIED" })
  assert.deepEqual(
    await drained(c),
    Array.from({ length: 20 }, (_, i) => i),
  )
})

test("a receiving end receives and cannot send", async () => {
  const c = channel<string>(4)
  const receiver: Receiver<string> = c.receiver
  assert.equal(Reflect.get(receiver, "send"), undefined)
  const collected = go(collect<string>, receiver)
  await c.send("a")
  await c.send("b")
  c.close()
  assert.deepEqual(await collected, ["a", "b"])
  assert.deepEqual(receiver.tryReceive(), { state: "closed" })
  assert.equal(receiver.statistics().received, 2)
})

test("ends in messages in messages", async () => {
  const outer = channel<{ reply: Sender<number>; jobs: Channel<number> }>(1)
  const [reply, jobs] = [channel<number>(1), channel<number>(1)]
  await outer.send({ reply: move(reply.sender), jobs })
  const got = await outer.receive()
  assert.equal(got.jobs, jobs, "one object per channel and isolate")
  await got.reply.send(1)
  assert.equal(await reply.receive(), 1)
  got.reply.close()
  assert.equal(reply.closed, true)
})

test("a closed end cannot be sent", async () => {
  const c = channel<number>(1)
  const sender = c.sender
  sender.close()
  await assert.rejects(channel<Sender<number>>(1).send(sender), NotSendableError)
})
