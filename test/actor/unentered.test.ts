/**
 * Messages that were taken, and whose method was not entered, when the isolate died: they were not
 * being handled, so they wait for the next life. And those that carry moved buffers.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type ActorRef,
  child,
  type DeadLetter,
  deadLetters,
  spawn,
  supervise,
  type Takes,
} from "../../src/actor/index.ts"
import { prepareActor, restart } from "../../src/actor/spawn.ts"
import { IsolateDiedError } from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Bomb, choosing, Giver, Keeper, keeping, type Received } from "./mortals.ts"

await start({ isolates: 2 })

const words = (): Int32Array => sharedArray(Int32Array, 4)

for (const whenDies of ["drop", "redeliver"] as const) {
  const options = { id: "one", whenDies } as const

  test(`an actor, ${whenDies}: what was not entered is handled in its next life`, async () => {
    await using tree = await supervise({ children: [child(Keeper, [], options)] })
    const keeper = tree.child("one")
    const told = words()
    void keeper.tell.keep(1)
    void keeper.tell.keep(new Bomb(told))
    void keeper.tell.keep(2)
    const kept = await keeper.ask.keep(3)
    assert.deepEqual(kept.slice(-3), [-1, 2, 3])
    assert.equal(told[2], 2)
    assert.equal(keeper.statistics().restarts, 1)
  })

  test(`a function, ${whenDies}: what was not entered is handled in its next life`, async () => {
    await using tree = await supervise({ children: [child(keeping, [], options)] })
    const keeper = tree.child("one")
    const told = words()
    void keeper.tell(1)
    void keeper.tell(new Bomb(told))
    void keeper.tell(2)
    assert.deepEqual(((await keeper.ask(3)) as number[]).slice(-3), [-1, 2, 3])
    assert.equal(told[2], 2)
  })

  test(`a moved buffer that was looked at waits with its message, ${whenDies}`, async () => {
    const told = words()
    const children = [child(choosing, [told], options)]
    await using tree = await supervise({ children })
    const chooser = tree.child("one")
    const numbers = Float64Array.of(1, 2, 3)
    void chooser.tell(move(numbers))
    assert.equal(numbers.length, 0)
    // It is looked at, and passed over, before the one that ends the isolate.
    void chooser.tell(10)
    const fatal = chooser.ask(99)
    if (whenDies === "drop") {
      assert.ok((await errorOf(fatal)) instanceof IsolateDiedError)
      void chooser.tell(11)
    }
    void chooser.tell(5)
    assert.deepEqual(await chooser.ask(0), [whenDies === "drop" ? 11 : 99, 6, 5])
  })
}

test("selective receive takes a moved buffer as any message", async () => {
  for (const on of ["here", 1] as const) {
    const chooser = await spawn(choosing, [words()], { on })
    void chooser.tell(move(Float64Array.of(1, 2)))
    void chooser.tell(4)
    void chooser.tell(11)
    assert.deepEqual(await chooser.ask(0), [11, 3, 4])
    chooser.kill()
    await chooser.exited
  }
})

test("redelivered, a message still carries the buffer that was moved", async () => {
  const children = [child(Keeper, [], { id: "one", whenDies: "redeliver" })]
  await using tree = await supervise({ children })
  const keeper = tree.child("one")
  const numbers = Float64Array.of(1, 2, 3)
  const sum = keeper.ask.sumOnce(words(), move(numbers))
  assert.equal(numbers.length, 0)
  assert.equal(await sum, 6)
  assert.equal(keeper.statistics().restarts, 1)
})

test("dropped, its asker is told", async () => {
  await using tree = await supervise({ children: [child(Keeper, [], { id: "one" })] })
  const keeper = tree.child("one")
  const sum = keeper.ask.sumOnce(words(), move(Float64Array.of(1)))
  assert.ok((await errorOf(sum)) instanceof IsolateDiedError)
})

test("a buffer whose sender died too early: a dead letter, and the actor goes on", async () => {
  await start()
  const letters = deadLetters()
  const supervised = { supervised: true }
  const keeper = prepareActor(Keeper, [], {}, supervised) as unknown as ActorRef<Keeper>
  const keeperFn = prepareActor(keeping, [], {}, supervised) as unknown as ActorRef<Takes<Received>>
  const one = await spawn(Giver, [], { on: 2 })
  assert.ok((await errorOf(one.ask.give(keeper))) instanceof IsolateDiedError)
  const other = await spawn(Giver, [], { on: 2 })
  assert.ok((await errorOf(other.ask.giveTo(keeperFn))) instanceof IsolateDiedError)
  const last = prepareActor(Keeper, [], {}, supervised) as unknown as ActorRef<Keeper>
  await (await spawn(Giver, [], { on: 2 })).ask.giveAndLive(last)
  for (const ref of [keeper, keeperFn, last]) await restart(ref as ActorRef<unknown>, 1)
  assert.deepEqual(await keeper.ask.keep(3), [3])
  assert.deepEqual(await keeperFn.ask(4), [4])
  assert.deepEqual(await last.ask.keep(5), [7, 5])
  const heard: DeadLetter[] = [(await letters.next()).value, (await letters.next()).value]
  for (const { reason, args } of heard) {
    assert.match(reason, /a buffer that isolate 2 moved is lost/)
    assert.deepEqual(args, [])
  }
  const names = heard.map(({ actor }) => actor.split("#")[0])
  assert.deepEqual(names.sort(), ["Keeper", "keeping"])
  for (const ref of [keeper, keeperFn, last]) ref.kill()
})
