import assert from "node:assert/strict"
import { test } from "node:test"
import { type ActorRef, type Bus, bus, child, spawn, supervise } from "../../src/actor/index.ts"
import { NotSendableError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Ear, hearing, Mouth, Placed, PlacedTwice } from "./bus-actors.ts"

await start({ isolates: 2 })

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

test("topics: exact, by beginning, all", async () => {
  const events = bus<{ "order.placed": number; "order.paid": number; stock: string }>()
  const heard: string[] = []
  const note = (who: string) => (event: unknown, topic: string) =>
    heard.push(`${who} ${topic} ${event}`)
  await events.listen("order.paid", note("exact"))
  await events.listen("order.*", note("orders"))
  const all = await events.listen("*", note("all"))
  assert.equal(await events.publish("order.paid", 1), 3)
  assert.equal(await events.publish("order.placed", 2), 2)
  assert.equal(await events.publish("stock", "low"), 1)
  await until(() => heard.length === 6)
  assert.deepEqual(heard.sort(), [
    "all order.paid 1",
    "all order.placed 2",
    "all stock low",
    "exact order.paid 1",
    "orders order.paid 1",
    "orders order.placed 2",
  ])
  assert.deepEqual(events.statistics(), {
    subscribers: 3,
    topics: { "order.paid": 1, "order.*": 1, "*": 1 },
  })
  all.unsubscribe()
  await all.ended
  assert.equal(await events.publish("stock", "empty"), 0)
})

test("types: an instance arrives as one, at its class and those it derives from", async () => {
  const events = bus()
  const base = await events.events(Placed)
  const derived = await events.events(PlacedTwice)
  assert.equal(await events.publish(new Placed(1)), 1)
  assert.equal(await events.publish(new PlacedTwice(2)), 2)
  const [one, two] = [await base.next(), await base.next()]
  assert.deepEqual([one.value, two.value], [new Placed(1), new PlacedTwice(2)])
  assert.ok(two.value instanceof PlacedTwice)
  assert.deepEqual((await derived.next()).value, new PlacedTwice(2))
  assert.deepEqual(events.statistics().topics, { "test/Placed": 1, "test/PlacedTwice": 1 })
})

test("across isolates: published and heard anywhere, in the order of each publisher", async () => {
  const events: Bus = bus()
  const ears = [await spawn(Ear, [], { on: 1 }), await spawn(Ear, [], { on: 2 })] as const
  for (const ear of ears) events.subscribe("n", ear, "hear")
  await ears[0].ask.listenTo(events, "n")
  const mouths = [await spawn(Mouth, [], { on: 1 }), await spawn(Mouth, [], { on: 2 })] as const
  assert.equal(await mouths[1].ask.count(events), 3)
  const said = mouths.map((mouth, i) => mouth.ask.say(events, "n", i * 100, i * 100 + 50))
  const taken = await Promise.all(said)
  assert.deepEqual(taken, [150, 150])
  while ((await ears[0].ask.list()).length < 200) await new Promise(setImmediate)
  const once = (await ears[1].ask.list()) as [string, number][]
  assert.equal(once.length, 100)
  for (const from of [0, 100]) {
    const numbers = once.map(([, n]) => n).filter((n) => n >= from && n < from + 50)
    assert.deepEqual(
      numbers,
      Array.from({ length: 50 }, (_, i) => from + i),
    )
  }
  for (const one of [...ears, ...mouths]) one.stop()
  for (const one of ears) await one.exited
  await until(() => events.statistics().subscribers === 0)
})

test("a subscription made anywhere counts for the next publication anywhere", async () => {
  const events: Bus = bus()
  const mouth = await spawn(Mouth, [], { on: 1 })
  for (let round = 1; round <= 20; round++) {
    const ear = await spawn(Ear, [], { on: 2 })
    const subscription = events.subscribe("n", ear, "hear")
    assert.equal(await mouth.ask.say(events, "n", 0, 1), 1)
    subscription.unsubscribe()
    assert.equal(await mouth.ask.say(events, "n", 0, 1), 0)
    assert.equal((await ear.ask.list()).length, 1)
    ear.stop()
  }
  mouth.stop()
})

test("a function actor gets events as messages", async () => {
  const events: Bus = bus()
  const ear = await spawn(hearing)
  events.subscribe("a", ear)
  await events.publish("a", { n: 1 })
  assert.deepEqual(await ear.ask("list"), [{ n: 1 }])
  ear.stop()
})

test("who is gone is unsubscribed: stopped, failed, or with its isolate", async () => {
  const events: Bus = bus()
  const ears = [await spawn(Ear, [], { on: 1 }), await spawn(Ear, [], { on: 1 })]
  const lasting = await spawn(Ear, [], { on: 2 })
  for (const ear of [...ears, lasting]) events.subscribe("n", ear, "hear")
  const [stopped, dying] = ears as [ActorRef<Ear>, ActorRef<Ear>]
  await dying.ask.listenTo(events, "n")
  assert.equal(await events.publish("n", 1), 4)
  stopped.stop()
  await stopped.exited
  assert.equal(await events.publish("n", 2), 3)
  await errorOf(dying.ask.exitProcess())
  await dying.exited
  assert.equal(await events.publish("n", 3), 1)
  assert.deepEqual(await lasting.ask.list(), [
    ["n", 1],
    ["n", 2],
    ["n", 3],
  ])
  await errorOf(lasting.ask.fail())
  await lasting.exited
  assert.equal(await events.publish("n", 4), 0)
  assert.deepEqual(events.statistics(), { subscribers: 0, topics: {} })
})

test("a supervised subscriber stays subscribed through its restarts", async () => {
  const events: Bus = bus()
  const tree = await supervise({ children: [child(Ear, [], { id: "ear" })] })
  const ear = tree.child("ear")
  events.subscribe("n", ear, "hear")
  const failed = errorOf(ear.ask.fail())
  assert.equal(await events.publish("n", 1), 1)
  await failed
  assert.deepEqual(await ear.ask.list(), [["n", 1]])
  await tree.stop()
  assert.equal(await events.publish("n", 2), 0)
})

test("a full mailbox: publishers wait, or the event is refused or dropped", async () => {
  const events: Bus = bus()
  const gate = sharedArray(Int32Array, 2)
  const options = (whenFull: "wait" | "fail" | "drop-oldest") => ({
    mailbox: { capacity: 1, whenFull },
  })
  const waits = await spawn(Ear, [], options("wait"))
  const fails = await spawn(Ear, [], options("fail"))
  const drops = await spawn(Ear, [], options("drop-oldest"))
  const held = [waits, fails, drops].map((ear) => ear.ask.hold(gate))
  await until(() => Atomics.load(gate, 0) === 3)
  for (const ear of [waits, fails, drops]) events.subscribe("n", ear, "hear")
  assert.equal(await events.publish("n", 1), 3)
  let isTaken = false
  const second = events.publish("n", 2).then((taken) => {
    isTaken = true
    return taken
  })
  await until(() => waits.statistics().waitingSenders === 1)
  assert.equal(isTaken, false)
  Atomics.store(gate, 1, 1)
  await Promise.all(held)
  assert.equal(await second, 2)
  // The question would find a mailbox full that holds one message.
  await until(() => [fails, drops].every((ear) => ear.statistics().depth === 0))
  assert.deepEqual(await waits.ask.list(), [
    ["n", 1],
    ["n", 2],
  ])
  assert.deepEqual(await fails.ask.list(), [["n", 1]])
  assert.deepEqual(await drops.ask.list(), [["n", 2]])
  for (const ear of [waits, fails, drops]) ear.stop()
})

test("events are pulled; leaving the loop, a signal or unsubscribe ends it", async () => {
  const events = bus<{ n: number }>()
  const numbers = await events.events("n")
  for (let n = 0; n < 5; n++) await events.publish("n", n)
  const got: number[] = []
  for await (const n of numbers) {
    got.push(n)
    if (n === 3) break
  }
  assert.deepEqual(got, [0, 1, 2, 3])
  assert.equal(await events.publish("n", 6), 0)
  assert.equal((await numbers.next()).done, true)

  const abort = new AbortController()
  const until = await events.events("n", { signal: abort.signal })
  const waiting = until.next()
  abort.abort()
  assert.equal((await waiting).done, true)
  assert.equal(await events.publish("n", 7), 0)
  const late = await events.events("n", { signal: AbortSignal.abort() })
  assert.equal((await late.next()).done, true)
})

test("a function that throws ends its subscription, an async one is waited for", async () => {
  const events = bus<{ n: number }>()
  const seen: string[] = []
  const listening = await events.listen("n", async (n) => {
    seen.push(`${n} begins`)
    await Promise.resolve()
    if (n === 2) throw new Error("not two")
    seen.push(`${n} ends`)
  })
  const failed = errorOf<Error>(listening.ended)
  for (const n of [1, 2, 3]) await events.publish("n", n)
  assert.equal((await failed).message, "not two")
  assert.deepEqual(seen, ["1 begins", "1 ends", "2 begins"])
  assert.equal(events.statistics().subscribers, 0)
})

test("what makes no sense is refused, and the bus goes on", async () => {
  const events: Bus = bus()
  const ear = await spawn(Ear)
  const fn = await spawn(hearing)
  await assert.rejects(events.publish("", 1), /a topic is a text that is not empty, or a class/)
  await assert.rejects(events.publish({ kind: "plain" }), /instance of a class registered.*Object/)
  await assert.rejects(
    events.publish(null as never),
    /publish\(event\) needs an object, received null/,
  )
  assert.throws(() => events.subscribe("x".repeat(201), ear, "hear"), /at most 200 bytes/)
  assert.throws(
    () => events.subscribe("n", {} as ActorRef<Ear>, "hear"),
    /needs an actor .* an object$/,
  )
  const subscribe = events.subscribe.bind(events) as (...values: unknown[]) => unknown
  assert.throws(() => subscribe("n", ear), /needs the method of Ear#/)
  assert.throws(() => subscribe("n", fn, "x"), /none for a function actor/)
  assert.throws(() => events.subscribe(Ear, ear, "hear"), /Ear is not registered: call sendable/)
  await assert.rejects(events.listen("n", 1 as never), /a listener is a function, received 1$/)
  await assert.rejects(
    events.listen("n", () => {}, { buffer: 1 } as object),
    /no option buffer/,
  )
  events.subscribe("n", ear, "hear")
  await assert.rejects(
    events.publish("n", () => {}),
    NotSendableError,
  )
  assert.equal(await events.publish("n", 1), 1)
  assert.deepEqual(await ear.ask.list(), [["n", 1]])
  ear.stop()
  fn.stop()
})
