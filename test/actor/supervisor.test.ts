/** Supervisors of actors: deaths of isolates, references, messages that wait, trees, bad input. */

import assert from "node:assert/strict"
import { after, test } from "node:test"
import { setImmediate } from "node:timers/promises"
import {
  child,
  monitor,
  type Supervisor,
  subtree,
  supervise,
  whereis,
} from "../../src/actor/index.ts"
import {
  ActorStoppedError,
  ChildStartError,
  ChildStateError,
  IsolateDiedError,
  NameTakenError,
  NotSendableError,
  RestartIntensityError,
} from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { warnedDuring } from "../support/warned.ts"
import { Counter, Player } from "./troupe.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("a reference stays valid across a restart, and the state is fresh", async () => {
  await using bank = await supervise({ children: [child(Counter, [5], { id: "main" })] })
  const ref = bank.child("main")
  assert.equal(await ref.ask.add(1), 6)
  await assert.rejects(ref.ask.fail(), { name: "RangeError", message: "wrong" })
  assert.equal(await ref.ask.add(1), 6)
  assert.equal(bank.child("main"), ref)
  assert.equal(bank.children()[0]?.restarts, 1)
})

test("messages that wait when an actor throws are handled after the restart", async () => {
  await using bank = await supervise({ children: [child(Counter, [], { id: "main" })] })
  const ref = bank.child("main")
  const failed = assert.rejects(ref.ask.fail(), RangeError)
  const answers = [1, 2, 3].map((n) => ref.ask.add(n))
  await failed
  assert.deepEqual(await Promise.all(answers), [1, 3, 6])
})

test("the death of an isolate is a failure like any other; what waits is handled", async () => {
  await using bank = await supervise({ children: [child(Counter, [], { id: "main" })] })
  const ref = bank.child("main")
  assert.notEqual(await ref.ask.where(), 0, "it lives beside main")
  const inHand = assert.rejects(ref.ask.exitProcess(), IsolateDiedError)
  const waiting = [1, 2].map((n) => ref.ask.add(n))
  await inHand
  assert.deepEqual(await Promise.all(waiting), [1, 3])
  assert.equal(bank.counts().active, 1)
})

test("an actor with a fixed place comes back there when its isolate died", async () => {
  await using bank = await supervise({
    intensity: { restarts: 3, withinMs: 5_000 },
    children: [child(Counter, [], { id: "fixed", on: 1 })],
  })
  const ref = bank.child("fixed")
  for (let death = 0; death < 3; death++) {
    await assert.rejects(ref.ask.exitProcess(), IsolateDiedError)
    assert.equal(await ref.ask.where(), 1)
  }
})

test("names are free again when a later child cannot be made", async () => {
  const named = (id: string) => child(Counter, [], { id, name: "only one", on: "here" })
  const again = [named("a"), subtree({ children: [named("b")] }, { id: "inner" })]
  await assert.rejects(supervise({ children: again }), NameTakenError)
  assert.equal(whereis("only one"), undefined)
  const unsendable = child(Counter, [(() => 1) as unknown as number], { id: "b" })
  await assert.rejects(supervise({ children: [named("a"), unsendable] }), NotSendableError)
  assert.equal(whereis("only one"), undefined)
  await using bank = await supervise({ children: [named("a")] })
  assert.equal(whereis("only one"), bank.child("a"))
})

test("one-for-all across isolates: a death takes the others down and all come back", async () => {
  await using bank = await supervise({
    strategy: "one-for-all",
    children: [
      child(Counter, [10], { id: "a", on: 1 }),
      child(Counter, [20], { id: "b", on: "here" }),
    ],
  })
  await bank.child("b").ask.add(1)
  await assert.rejects(bank.child("a").ask.exitProcess(), IsolateDiedError)
  assert.equal(await bank.child("a").ask.add(1), 11)
  assert.equal(await bank.child("b").ask.add(1), 21, "b was started anew")
})

test("giving up: the last failure is the cause, and references say that all is over", async () => {
  const bank = await supervise({
    name: "bank",
    intensity: { restarts: 1, withinMs: 60_000 },
    children: [child(Counter, [], { id: "a" }), child(Counter, [], { id: "b" })],
  })
  const [a, b] = [bank.child("a"), bank.child("b")]
  await assert.rejects(a.ask.fail(), RangeError)
  await assert.rejects(a.ask.fail(), RangeError)
  const { reason, error } = await bank.exited
  assert.equal(reason, "shutdown")
  assert.ok(error instanceof RestartIntensityError)
  assert.equal(error.supervisor, "bank")
  assert.ok(error.cause instanceof RangeError)
  assert.equal(bank.isAlive, false)
  await assert.rejects(a.ask.add(1), ActorStoppedError)
  await assert.rejects(b.ask.add(1), ActorStoppedError)
  await assert.rejects(bank.restartChild("a"), ChildStateError)
})

test("back-off: the restart waits, messages wait with it, and stopping takes it back", async () => {
  const bank = await supervise({
    backoff: { minMs: 3_600_000, maxMs: 3_600_000, factor: 1 },
    children: [child(Counter, [], { id: "a" })],
  })
  const ref = bank.child("a")
  const exit = new Promise((resolve) => monitor(ref, resolve))
  await assert.rejects(ref.ask.fail(), RangeError)
  await exit
  await setImmediate()
  await ref.tell.add(1)
  await assert.rejects(bank.restartChild("a"), { problem: "restarting" })
  assert.equal(bank.children()[0]?.state, "restarting")
  await bank.stopChild("a")
  await bank.restartChild("a")
  assert.equal(await ref.ask.add(1), 2)
  await bank.stop()
})

test("back-off: the actor comes back when the delay is over", async () => {
  await using bank = await supervise({
    backoff: { minMs: 2, maxMs: 10, factor: 2 },
    children: [child(Counter, [], { id: "a" })],
  })
  await assert.rejects(bank.child("a").ask.fail(), RangeError)
  assert.equal(await bank.child("a").ask.add(1), 1)
})

test("trees: a subtree that gives up begins again, with the same references", async () => {
  await using root = await supervise({
    children: [
      subtree(
        {
          intensity: { restarts: 0, withinMs: 1_000 },
          children: [child(Counter, [7], { id: "leaf" })],
        },
        { id: "inner" },
      ),
    ],
  })
  const inner = root.child("inner")
  const leaf = inner.child("leaf")
  await assert.rejects(leaf.ask.exitProcess(), IsolateDiedError)
  assert.equal(await leaf.ask.add(1), 8)
  assert.equal(root.child("inner"), inner)
  assert.deepEqual(root.counts(), { all: 1, active: 1, supervisors: 1, actors: 0 })
})

test("dynamic children by the template", async () => {
  await using pool = await supervise({
    strategy: "simple-one-for-one",
    children: [child(Counter, [], { id: "worker", restart: "transient" })],
  })
  const five = await pool.spawn(5)
  const six = await pool.spawn(6)
  await assert.rejects(five.ask.fail(), RangeError)
  assert.equal(await five.ask.add(1), 6)
  await pool.stopChild(six)
  await assert.rejects(six.ask.add(1), ActorStoppedError)
  assert.equal(pool.counts().all, 1)
  await assert.rejects(pool.add(child(Counter, [], { id: "x" })), TypeError)
})

test("children are added, stopped, started again and removed while it runs", async () => {
  await using bank: Supervisor = await supervise({ children: [] })
  const ref = await bank.add(child(Counter, [1], { id: "late" }))
  assert.equal(await ref.ask.add(1), 2)
  await assert.rejects(bank.add(child(Counter, [], { id: "late" })), { problem: "already started" })
  await assert.rejects(bank.spawn(), TypeError)
  await bank.stopChild(ref)
  await bank.restartChild("late")
  assert.equal(await ref.ask.add(1), 2)
  await bank.stopChild("late")
  await bank.removeChild("late")
  await assert.rejects(ref.ask.add(1), ActorStoppedError)
  assert.throws(() => bank.child("late"), { code: "ERR_HEDDLE_CHILD_STATE" })
})

test("a child whose constructor throws: nothing is left running", async () => {
  const refused = { id: "b", restart: "permanent", significant: false, shutdown: 1 } as const
  const failing = { ...refused, failing: [1], stubborn: false }
  await assert.rejects(
    supervise({
      name: "bank",
      children: [child(Counter, [], { id: "a" }), child(Player, [failing], { id: "b" })],
    }),
    (error) => error instanceof ChildStartError && error.child === "b",
  )
})

test("nonsense is refused before anything starts", async () => {
  const fine = child(Counter, [], { id: "a" })
  const refuse = (options: object, like: RegExp): Promise<void> => {
    return assert.rejects(supervise(options), (error: Error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError)
      assert.match(error.message, like)
      return true
    })
  }
  await refuse({ children: [fine, fine] }, /two children have the id "a"/)
  await refuse({ children: [{}] }, /a child is made by child/)
  await refuse({ children: 7 }, /children must be an array, not 7/)
  await refuse({ strategy: "all" }, /strategy must be one of .* not "all"/)
  await refuse({ strategy: "simple-one-for-one", children: [] }, /takes one child/)
  await refuse({ autoShutdown: true }, /autoShutdown must be one of/)
  await refuse({ stratgy: "one-for-one" }, /no option "stratgy"/)
  await refuse({ intensity: { restarts: -1, withinMs: 5 } }, /restarts must be from 0/)
  await refuse({ intensity: { restarts: 1.5, withinMs: 5 } }, /whole number, not 1.5/)
  await refuse({ intensity: { restarts: Number.NaN, withinMs: 5 } }, /restarts must be from 0/)
  await refuse({ intensity: { restarts: 1, withinMs: 0 } }, /withinMs must be above 0/)
  await refuse({ intensity: { restarts: 1 } }, /withinMs must be a number, not undefined/)
  await refuse({ backoff: { minMs: 0, maxMs: 1, factor: 2 } }, /minMs must be above 0/)
  await refuse({ backoff: { minMs: 10, maxMs: 5, factor: 2 } }, /maxMs must be from 10/)
  await refuse({ backoff: { minMs: 1, maxMs: 5, factor: 0.5 } }, /factor must be from 1/)
  await refuse({ name: 7 }, /name must be a string, not 7/)
  const some = child(Counter, [], { id: "s", restart: "transient", significant: true })
  await refuse({ children: [some] }, /"s" is significant, but autoShutdown is "never"/)
})

test("a child is refused where it is described", () => {
  const describe = (options: object) => () => child(Counter, [], options as { id: string })
  assert.throws(describe({}), /id must be a string that is not empty, not undefined/)
  assert.throws(describe({ id: "" }), TypeError)
  assert.throws(describe({ id: "a", restart: "often" }), /restart must be one of .* not "often"/)
  assert.throws(describe({ id: "a", shutdownMs: -1 }), /shutdownMs must be from 0/)
  assert.throws(describe({ id: "a", shutdownMs: "soon" }), /shutdownMs must be a number/)
  assert.throws(describe({ id: "a", significant: true }), /permanent, so it cannot be significant/)
  assert.throws(describe({ id: "a", color: "red" }), /no option "color"/)
  assert.throws(() => subtree({}, { id: "" }), TypeError)
})

test("a supervisor that gives up says so when nobody hears of it", async () => {
  const intensity = { restarts: 0, withinMs: 1_000 }
  const made = () =>
    supervise({
      name: "lonely",
      intensity,
      children: [child(Counter, [], { id: "a", on: "here" })],
    })
  const alone = await made()
  const { exited } = alone.child("a")
  const heard = await warnedDuring(async () => {
    await assert.rejects(alone.child("a").ask.fail(), RangeError)
    await exited
  })
  assert.equal(heard.length, 1, heard.join())
  assert.match(heard[0] as string, /supervisor lonely gave up: .* child a, which failed: wrong/)
  for (const hear of [
    (bank: Supervisor) => bank.exited,
    (bank: Supervisor) => bank.ref.exited,
    (bank: Supervisor) => new Promise((resolve) => monitor(bank.ref, resolve)),
  ]) {
    const bank = await made()
    const warned = await warnedDuring(async () => {
      const end = hear(bank)
      await assert.rejects(bank.child("a").ask.fail(), RangeError)
      await end
    })
    assert.deepEqual(warned, [])
  }
})
