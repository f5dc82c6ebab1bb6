/** Questions among actors of several isolates, and the lane of system messages. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { openAsks } from "../../src/actor/asks.ts"
import { type ActorRef, deadLetters, spawn } from "../../src/actor/index.ts"
import { ActorStoppedError, IsolateDiedError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf, reached } from "../task/support.ts"
import { Link } from "./peers.ts"

await start({ isolates: 2 })

const words = (): Int32Array => sharedArray(Int32Array, 4)

async function links(count: number): Promise<ActorRef<Link>[]> {
  const places = ["here", 1, 2] as const
  return Promise.all(
    Array.from({ length: count }, (_, i) => spawn(Link, [], { on: places[i % 3] })),
  )
}

test("a chain of questions through all isolates comes back, and many at once", async () => {
  const chains = await Promise.all(Array.from({ length: 20 }, () => links(30)))
  const asked = chains.map(([first, ...rest]) => first?.ask.length(rest))
  // Each isolate's loop goes on while its actors wait: others there answer.
  const [, one, two] = await links(3)
  assert.deepEqual(await Promise.all([one?.ask.count(), two?.ask.count()]), [1, 1])
  assert.deepEqual(await Promise.all(asked), new Array(20).fill(30))
  for (const link of chains.flat()) link.stop()
})

test("two that ask each other wait as long as their limit says, and go on", async () => {
  const [, one, two] = (await links(3)) as [ActorRef<Link>, ActorRef<Link>, ActorRef<Link>]
  assert.equal(await one.ask.askBack(two), "TimeoutError")
  // What the other asked back is answered when its asker has given up.
  assert.equal(await two.ask.count(), 2)
  assert.equal(await one.ask.count(), 2)
  one.kill()
  two.kill()
  await Promise.all([one.exited, two.exited])
})

test("an answer to nobody is dropped: the asker's isolate has died", async () => {
  const gate = words()
  const slow = await spawn(Link, [], { on: 1 })
  const asker = await spawn(Link, [], { on: 2 })
  assert.ok((await errorOf(asker.ask.askAndDie(slow, gate))) instanceof IsolateDiedError)
  Atomics.store(gate, 1, 1)
  assert.equal(await slow.ask.hold(gate), 1, "it has answered the first")
  slow.stop()
  await slow.exited
  assert.equal(openAsks(), 0)
})

for (const on of ["here", 1] as const) {
  test(`on ${on}: stop goes before what waits; anybody sees how much that is`, async () => {
    const gate = words()
    const link = await spawn(Link, [], { on, mailbox: { capacity: 3 } })
    const held = link.ask.hold(gate)
    await reached(gate, 0, 1)
    const waiting = [1, 2, 3].map(() => errorOf(link.ask.count()))
    const late = errorOf(link.ask.count())
    await Promise.resolve()
    while (link.statistics().waitingSenders === 0) await new Promise(setImmediate)
    const { depth, capacity, state, handled, isolate } = link.statistics()
    const seen = [depth, capacity, state, handled, isolate]
    assert.deepEqual(seen, [3, 3, "running", 1, on === "here" ? 0 : 1])
    link.stop()
    Atomics.store(gate, 1, 1)
    assert.equal(await held, 0)
    assert.deepEqual(await link.exited, { reason: "normal" })
    for (const error of [...waiting, late]) assert.ok((await error) instanceof ActorStoppedError)
    assert.equal(link.statistics().handled, 1)
  })
}

test("a dead letter is heard in every isolate, with its reason", async () => {
  const gate = words()
  const hearing = (await spawn(Link, [], { on: 2 })).ask.firstLetter(gate)
  await reached(gate, 0, 1)
  const here = deadLetters()
  const box = { capacity: 1, whenFull: "drop-oldest" } as const
  const full = await spawn(Link, [], { on: 1, mailbox: box })
  const hold = words()
  const held = full.ask.hold(hold)
  await reached(hold, 0, 1)
  await full.tell.count()
  await full.tell.fail()
  const [method, reason] = await hearing
  assert.equal(method, "count")
  assert.match(reason, /mailbox of actor Link#\d+ is full/)
  assert.equal((await here.next()).value.method, "count")
  await here.return?.()
  Atomics.store(hold, 1, 1)
  await held
  assert.equal((await full.exited).reason, "failed")
})
