import assert from "node:assert/strict"
import { test } from "node:test"
import { type ActorRef, monitor, pool, spawn } from "../../src/actor/index.ts"
import {
  ActorStoppedError,
  ChildStartError,
  IsolateDiedError,
  RestartIntensityError,
} from "../../src/errors.ts"
import { isolates, sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Clerk, Client, counting, Picky } from "./pool-actors.ts"

await start({ isolates: 2 })

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

/** An isolate that died has a successor: from here on members are spread again. */
async function allRun(): Promise<void> {
  await until(() => isolates().filter(({ state }) => state === "running").length === 3)
}

test("members are spread over the isolates, one for each unless told otherwise", async () => {
  const one = await pool(Clerk)
  assert.equal(one.members.length, isolates().length - 1)
  const four = await pool(Clerk, [], { size: 4 })
  const places = four.members.map((clerk) => clerk.statistics().isolate).sort()
  assert.deepEqual(places, [1, 1, 2, 2])
  await one.stop()
  await four.stop()
})

test("one that throws comes back, and what waited is handled", async () => {
  const clerks = await pool(Clerk, [], { size: 2, route: "hash" })
  const clerk = clerks.memberFor("ada")
  const exit = Promise.withResolvers<boolean>()
  const end = monitor(clerk, ({ final }) => exit.resolve(final))
  const failed = errorOf<Error>(clerk.ask.fail())
  const served = clerks.ask.serve("ada")
  assert.equal((await failed).message, "the clerk fell ill")
  assert.equal(await served, clerk.id)
  assert.equal(await exit.promise, false)
  end()
  const { running, restarts } = clerks.statistics()
  assert.deepEqual([running, restarts], [2, 1])
  await clerks.stop()
})

test("the death of an isolate takes its members with it, and they come back", async () => {
  const clerks = await pool(Clerk, [], { size: 4 })
  const victims = clerks.members.filter((clerk) => clerk.statistics().isolate === 2)
  assert.equal(victims.length, 2)
  const [first] = victims as [ActorRef<Clerk>]
  assert.ok((await errorOf(first.ask.exitProcess())) instanceof IsolateDiedError)
  for (const clerk of clerks.members) assert.equal(await clerk.ask.serve("ada"), clerk.id)
  assert.equal(clerks.statistics().restarts, 2)
  await clerks.stop()
})

test("with redelivery nobody who asked hears of a death", async () => {
  await allRun()
  const clerks = await pool(Clerk, [], { size: 4, whenDies: "redeliver" })
  const gate = sharedArray(Int32Array, 2)
  const held = clerks.askAll.hold(gate)
  await until(() => Atomics.load(gate, 0) === 4)
  const places = clerks.members.map((clerk) => clerk.statistics().isolate)
  assert.deepEqual(places.sort(), [1, 1, 2, 2])
  const waiting = Array.from({ length: 40 }, (_, i) => clerks.ask.serve(`customer ${i}`))
  const neighbour = await spawn(Clerk, [], { on: 2 })
  assert.ok((await errorOf(neighbour.ask.exitProcess())) instanceof IsolateDiedError)
  // The two that died hold their message again in their next life.
  await until(() => Atomics.load(gate, 0) === 6)
  Atomics.store(gate, 1, 1)
  assert.deepEqual(
    await held,
    clerks.members.map(({ id }) => id),
  )
  assert.equal((await Promise.all(waiting)).length, 40)
  assert.equal(clerks.statistics().restarts, 2)
  await clerks.stop()
})

test("from another isolate: ask, exited, stop", async () => {
  const clerks = await pool(Clerk, [], { size: 2 })
  const client = await spawn(Client, [], { on: 1 })
  const ids = await client.ask.serveAll(clerks, ["a", "b", "c", "d"])
  assert.equal(new Set(ids).size, 2)
  assert.equal(await client.ask.stopPool(clerks), "shutdown")
  assert.deepEqual(await clerks.exited, { reason: "shutdown" })
  assert.equal(clerks.statistics().gone, 2)
  assert.ok((await errorOf(clerks.ask.serve("late"))) instanceof ActorStoppedError)
  await clerks.stop()
  client.stop()
})

test("a pool that fails too often gives up, with the last failure", async () => {
  const intensity = { restarts: 1, withinMs: 60_000 }
  const clerks = await pool(Clerk, [], { size: 2, intensity, name: "office" })
  const failures = [clerks.ask.fail(), clerks.ask.fail(), clerks.ask.fail()]
  await Promise.allSettled(failures)
  const { reason, error } = await clerks.exited
  assert.equal(reason, "failed")
  assert.ok(error instanceof RestartIntensityError)
  assert.match(error.message, /office/)
  assert.equal((error.cause as Error).message, "the clerk fell ill")
  assert.equal(clerks.statistics().gone, 2)
})

test("a temporary member is not restarted", async () => {
  const clerks = await pool(Clerk, [], { size: 2, restart: "temporary", route: "hash" })
  const [first, second] = clerks.members as [ActorRef<Clerk>, ActorRef<Clerk>]
  await errorOf(first.ask.fail())
  await first.exited
  assert.equal(await clerks.ask.serve("ada"), second.id)
  await clerks.stop()
})

test("of functions; with the options of spawn; ends with its scope", async () => {
  const seen: ActorRef<unknown>[] = []
  {
    await using counters = await pool(counting, [], {
      size: 2,
      on: "here",
      mailbox: { capacity: 1, whenFull: "fail" },
    })
    assert.equal(await counters.ask("hello"), "hello 1")
    assert.equal(await counters.ask.with({ timeoutMs: 60_000 })("hello"), "hello 1")
    assert.equal(await counters.ask("again"), "again 2")
    assert.equal(counters.members[0]?.statistics().capacity, 1)
    assert.equal(counters.members[0]?.statistics().isolate, 0)
    seen.push(...(counters.members as ActorRef<unknown>[]))
  }
  for (const ref of seen) assert.equal(ref.statistics().state, "gone")
})

test("what waits is refused when the pool stops", async () => {
  const clerks = await pool(Clerk, [], { size: 1, shutdownMs: "brutal" })
  const gate = sharedArray(Int32Array, 2)
  const held = errorOf(clerks.ask.hold(gate))
  await until(() => Atomics.load(gate, 0) === 1)
  const waits = errorOf(clerks.ask.serve("ada"))
  await clerks.stop()
  assert.ok((await held) instanceof ActorStoppedError)
  assert.ok((await waits) instanceof ActorStoppedError)
  Atomics.store(gate, 1, 1)
})

test("what makes no sense is refused, and a member that does not start", async () => {
  await assert.rejects(pool(5 as never), /a pool is of a class or a function, received 5/)
  await assert.rejects(pool(Clerk, [], { size: 0 }), /size must be a whole number from 1/)
  await assert.rejects(pool(Clerk, [], { sise: 2 } as object), /pool has no option sise/)
  await assert.rejects(pool(Clerk, [], { on: 60 }), (error: ChildStartError) => {
    return error instanceof ChildStartError && error.cause instanceof RangeError
  })
  const error = await errorOf<ChildStartError>(pool(Picky, [], { size: 2 }))
  assert.ok(error instanceof ChildStartError)
  assert.equal((error.cause as Error).message, "not for me")
  const fine = await pool(Clerk, [], { size: 1 })
  await fine.ask.serve("ada")
  await fine.stop()
})
