import assert from "node:assert/strict"
import { test } from "node:test"
import { type ActorRef, pool, router, spawn } from "../../src/actor/index.ts"
import { ActorStoppedError, NotCallableError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { bySecond, Clerk, Client } from "./pool-actors.ts"

await start({ isolates: 2 })

const NAMES = Array.from({ length: 40 }, (_, i) => `customer ${i}`)

async function clerks(count: number): Promise<ActorRef<Clerk>[]> {
  return await Promise.all(Array.from({ length: count }, () => spawn(Clerk)))
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

test("round-robin: one after the other, each as often", async () => {
  const office = router(await clerks(3))
  const ids: number[] = []
  for (const name of NAMES.slice(0, 9)) ids.push(await office.ask.serve(name))
  assert.deepEqual(ids.slice(3), ids.slice(0, 6))
  assert.equal(new Set(ids).size, 3)
  for (const clerk of office.members) clerk.stop()
})

test("one that is gone gets no more messages; when all are gone, askers hear it", async () => {
  const office = router(await clerks(2))
  const [first, second] = office.members as [ActorRef<Clerk>, ActorRef<Clerk>]
  first.stop()
  await first.exited
  for (const name of NAMES) assert.equal(await office.ask.serve(name), second.id)
  assert.deepEqual(
    { ...office.statistics(), members: [] },
    {
      route: "round-robin",
      size: 2,
      running: 1,
      down: 0,
      gone: 1,
      depth: 0,
      handled: 40,
      restarts: 0,
      members: [],
    },
  )
  second.kill()
  await second.exited
  assert.ok((await errorOf(office.ask.serve("late"))) instanceof ActorStoppedError)
  assert.ok((await errorOf(office.tell.serve("late"))) instanceof ActorStoppedError)
})

test("least-loaded: a busy one is passed over", async () => {
  const office = router(await clerks(3), { route: "least-loaded" })
  const gate = sharedArray(Int32Array, 2)
  const busy = office.ask.hold(gate)
  await until(() => Atomics.load(gate, 0) === 1)
  const ids = new Set<number>()
  for (const name of NAMES) ids.add(await office.ask.serve(name))
  Atomics.store(gate, 1, 1)
  assert.equal(ids.has(await busy), false)
  assert.equal(ids.size, 2)
  for (const clerk of office.members) clerk.stop()
})

test("random: everybody's turn comes", async () => {
  const office = router(await clerks(2), { route: "random" })
  const ids = new Set<number>()
  while (ids.size < 2) ids.add(await office.ask.serve("somebody"))
  for (const clerk of office.members) clerk.stop()
})

test("hash: a key stays with one actor, whichever isolate asks, however it is found", async () => {
  const members = await clerks(4)
  const office = router(members, { route: "hash" })
  const here = await Promise.all(NAMES.map((name) => office.ask.serve(name)))
  assert.ok(new Set(here).size > 1)
  assert.deepEqual(
    here,
    NAMES.map((name) => office.memberFor(name).id),
  )
  const client = await spawn(Client, [], { on: 2 })
  assert.deepEqual(await client.ask.serveAll(office, NAMES), here)
  const second = router(members, { route: "hash", key: bySecond })
  assert.deepEqual(await client.ask.transferAll(second, NAMES), here)
  const returned = (await client.ask.giveBack(second)) as typeof second
  assert.equal(await returned.ask.transfer(1, NAMES[0] as string), here[0])
  for (const clerk of [...members, client]) clerk.stop()
})

test("a message without a key, and a key function that throws, reject", async () => {
  const members = await clerks(2)
  const office = router(members, { route: "hash" })
  assert.match((await errorOf<Error>(office.ask.list())).message, /a key is a string.*undefined/)
  const failing = router(members, {
    route: "hash",
    key: () => {
      throw new Error("no key today")
    },
  })
  assert.equal((await errorOf<Error>(failing.ask.serve("x"))).message, "no key today")
  assert.throws(() => office.memberFor({} as string), TypeError)
  for (const clerk of members) clerk.stop()
})

test("a key function that nobody named keeps the router here", async () => {
  const office = router(await clerks(1), { route: "hash", key: (method) => method })
  const client = await spawn(Client)
  const error = await errorOf<Error>(client.ask.serveAll(office, NAMES))
  assert.ok(
    error instanceof NotCallableError || error.cause instanceof NotCallableError,
    String(error),
  )
  assert.deepEqual(await office.ask.list(), [])
  for (const one of [...office.members, client]) one.stop()
})

test("askAll and tellAll reach everybody; limits hold for whoever is chosen", async () => {
  const office = router(await clerks(3))
  await office.tellAll.serve("all of you")
  assert.deepEqual(await office.askAll.list(), [["all of you"], ["all of you"], ["all of you"]])
  const gate = sharedArray(Int32Array, 2)
  const late = await errorOf<Error>(office.ask.with({ timeoutMs: 1 }).hold(gate))
  assert.equal(late.name, "TimeoutError")
  Atomics.store(gate, 1, 1)
  for (const clerk of office.members) clerk.stop()
})

test("what makes no sense is refused", async () => {
  const [clerk] = (await clerks(1)) as [ActorRef<Clerk>]
  assert.throws(() => router([]), RangeError)
  assert.throws(
    () => router([clerk, {} as ActorRef<Clerk>]),
    /members\[1\] is no actor .*: an object$/,
  )
  assert.throws(() => router(clerk as never), /takes an array of actors, received an object$/)
  assert.throws(
    () => router([clerk], { route: "fastest" as "random" }),
    /route is round-robin,.*received "fastest"$/,
  )
  assert.throws(() => router([clerk], { key: () => 1 }), /a key is for route "hash"/)
  assert.throws(() => router([clerk], { route: "hash", key: 1 as never }), /must be .* received 1$/)
  assert.throws(() => router([clerk], { rout: "hash" } as object), /no option rout/)
  await assert.rejects(pool(Clerk, [], { route: "x" as "hash" }), TypeError)
  clerk.stop()
})
