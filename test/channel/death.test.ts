/** Isolates that are ended while they have ends of channels in their hands. */
import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { Receiver } from "../../src/channel/ends.ts"
import * as layout from "../../src/channel/layout.ts"
import {
  broadcast,
  type Channel,
  channel,
  go,
  move,
  once,
  type Sender,
  sendable,
  shutdown,
  start,
  type Task,
} from "../../src/index.ts"
import { acquireObject, here } from "../../src/internal/loop/here.ts"
import { onDestroy, releaseObject } from "../../src/internal/loop/objects.ts"
import { PAGE, pageOf } from "../../src/internal/memory/layout.ts"
import { create } from "../../src/internal/memory/objects.ts"
import { ownerOf, slotOf } from "../../src/internal/memory/owners.ts"
import { MODE } from "../../src/internal/queue/side.ts"
import { registerKind, Shareable } from "../../src/internal/wire/shareable.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import {
  closeAll,
  keepSenders,
  offerInVain,
  requestAndSpin,
  sendAloneAndWait,
} from "./channel-functions.ts"

const LONG = process.env.HEDDLE_LONG === "1"

before(() => start({ isolates: 1 }))
after(() => shutdown())

/** How many sheltered steps main is in. */
function sheltered(): number {
  const { me, words } = here()
  return words[pageOf(slotOf(me)) + PAGE.SHELTERED]
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Whether each was read in sheltered steps. */
const seen: boolean[] = []

class Probe {}

/** A handle of nothing, which notes the same when a reference of it is counted. */
class Handle extends Shareable {
  readonly kindId = 60_000
}

registerKind<Handle>({
  id: 60_000,
  name: "Handle",
  handleOf: () => 1,
  retain: () => {
    const { me, words } = here()
    seen.push(sheltered() > 0 || words[pageOf(slotOf(me)) + PAGE.GUARDED] !== 0)
  },
  revive: () => new Handle(),
  release: () => {},
})

sendable(Probe, {
  id: "test/channel/death/probe",
  encode: () => 0,
  decode: () => {
    seen.push(sheltered() > 0)
    return new Probe()
  },
})

test("nobody is ended between taking a message and having what it names", async () => {
  const value = { probe: new Probe(), end: channel<number>(1).sender }
  const [plain, direct] = [channel(1), channel(0)]
  const again = channel({ capacity: 1, whenReceiverDies: "redeliver" })
  const news = broadcast(1)
  const reader = news.subscribe()
  for (const to of [plain, again, news]) await to.send(value)
  for (const from of [plain, again, reader]) await from.receive()
  await Promise.all([direct.send(value), direct.receive()])
  await Promise.all([direct.receive(), direct.send(value)])
  assert.deepEqual(seen.splice(0), Array(5).fill(true))
  assert.equal(sheltered(), 0)
})

test("nobody is ended between counting what a message names and sending it", async () => {
  const handle = new Handle()
  const [plain, direct] = [channel(1), channel(0)]
  await Promise.all([plain, broadcast(1)].map((to) => to.send(handle)))
  await Promise.all([direct.send(handle), direct.receive()])
  await Promise.all([direct.receive(), direct.send(handle)])
  await once(() => handle).get()
  assert.deepEqual(seen.splice(0), Array(5).fill(true))
  assert.equal(sheltered(), 0)
})

test("nobody is ended between letting the last reference go and ending the object", () => {
  const kind = 1000
  let depth = 0
  onDestroy(kind, () => {
    depth = sheltered()
  })
  const at = here()
  const object = acquireObject(at, 64)
  create(at.words, object, kind, at.me)
  releaseObject(at, object)
  assert.ok(depth > 0)
  assert.equal(sheltered(), 0)
})

test("what the dead were given hand to hand is gone", async () => {
  const [place, other] = [channel<Sender<number>>(0), channel<number>(1)]
  const asking = go(requestAndSpin, place)
  while (place.statistics().waitingReceivers === 0) await nextTurn()
  await place.send(other.sender)
  other.sender.close()
  assert.equal(other.closed, false)
  await killIn(asking, () => true)
  await assert.rejects(other.receive(), { code: "ERR_HEDDLE_CHANNEL_CLOSED" })
})

test("a channel ends though who closed it died before the lone sender was told", async () => {
  const [c, until] = [channel<number>(4_096), channel<number>(1)]
  const sending = go(sendAloneAndWait, c, 3_000, until)
  while (c.statistics().sent < 3_000) await nextTurn()
  const object = Receiver.objectOf(c.receiver)
  const { words } = here()
  assert.notEqual(words[object + layout.WRITER + MODE], 0, "the sender is alone")
  words[object + layout.CLOSED_STATE] = layout.CLOSING
  let received = 0
  for await (const _ of c) received++
  assert.equal(received, 3_000)
  await until.send(0)
  await sending
})

test("what had not wholly arrived where its receiver died is gone", async () => {
  for (const capacity of [0, 1]) {
    const [place, other] = [channel(capacity), channel<number>(1)]
    const sent = place.send({ bytes: move(new Uint8Array(8)), end: other.sender })
    const asking = go(requestAndSpin, place)
    await sent
    other.sender.close()
    while (place.statistics().received === 0) await nextTurn()
    await killIn(asking, () => true)
    await start()
    assert.equal(other.closed, true, `capacity ${capacity}`)
  }
})

/** Ends the isolate of `task` as soon as `isTime`. */
async function killIn(task: Task<void>, isTime: () => boolean): Promise<void> {
  while (!isTime()) await nextTurn()
  requestKill(ownerOf(here().words, 1))
  await assert.rejects(task, { code: "ERR_HEDDLE_ISOLATE_DIED" })
}

test("ends in the hands of the dead are gone", { timeout: 600_000 }, async () => {
  for (let round = 0; round < (LONG ? 300 : 2); round++) {
    const feed = channel<Sender<number>>(256)
    const channels = Array.from({ length: 256 }, () => channel<number>(1))
    for (const { sender } of channels) {
      await feed.send(sender)
      sender.close()
    }
    await killIn(go(closeAll, feed), () => feed.statistics().depth <= 200 - round)
    for (let left = feed.tryReceive(); left.state === "ok"; left = feed.tryReceive())
      left.value.close()
    await start()
    assert.ok(
      channels.every(({ closed }) => closed),
      `round ${round}`,
    )
  }
})

test("who dies making an end takes no other's along", { timeout: 600_000 }, async () => {
  for (let round = 0; round < (LONG ? 300 : 2); round++) {
    const feed = channel<Channel<number>>(256)
    const channels = Array.from({ length: 256 }, () => channel<number>(1))
    const senders = channels.map(({ sender }) => sender)
    await feed.sendMany(channels)
    await killIn(go(keepSenders, feed), () => feed.statistics().depth <= 200 - round)
    await start()
    assert.ok(!channels.some(({ closed }) => closed), `round ${round}`)
    for (const sender of senders) sender.close()
    assert.ok(
      channels.every(({ closed }) => closed),
      `round ${round}`,
    )
  }
})

/** Blocks that the arena has given to two at once, as far as some can be had. */
function givenTwice(): number {
  const { arena } = here()
  const blocks = Array.from({ length: 2_000 }, () => arena.acquire(128))
  const distinct = new Set(blocks)
  for (const block of distinct) arena.release(block)
  return blocks.length - distinct.size
}

test("what the dead had taken back is not dropped again", { timeout: 600_000 }, async () => {
  const place = channel<unknown>(0)
  for (let round = 0; round < (LONG ? 300 : 2); round++) {
    const task = go(offerInVain, place)
    let turns = 0
    await killIn(task, () => task.state === "running" && turns++ > 20)
    assert.equal(givenTwice(), 0, `round ${round}`)
    await start()
  }
})
