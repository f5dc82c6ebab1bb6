import assert from "node:assert/strict"
import { test } from "node:test"
import type { ActorRef } from "../../src/actor/index.ts"
import { child, deadLetters, monitor, spawn, supervise } from "../../src/actor/index.ts"
import { prepareActor, restart } from "../../src/actor/spawn.ts"
import { ActorStoppedError, IsolateDiedError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Account } from "./actors.ts"
import { Mortal } from "./mortals.ts"

await start({ isolates: 2 })

test("an isolate dies: the message in hand is lost, its asker told, the actor gone", async () => {
  const account = await spawn(Account, [], { on: 1 })
  const inHand = errorOf<IsolateDiedError>(account.ask.exitProcess())
  const waiting = errorOf(account.ask.deposit(1))
  const error = await inHand
  assert.ok(error instanceof IsolateDiedError, String(error))
  assert.equal(error.exitCode, 3)
  assert.ok((await waiting) instanceof ActorStoppedError)
  const { reason, error: cause } = await account.exited
  assert.equal(reason, "isolate-died")
  assert.ok(cause instanceof IsolateDiedError)
})

test("messages that wait survive the death of the isolate, in order", async () => {
  await start()
  const made = prepareActor(Account, [1], {}, { supervised: true })
  const account = made as unknown as ActorRef<Account>
  const down = new Promise((resolve) => monitor(account, ({ final }) => final || resolve(0)))
  await restart(made, 2)
  const inHand = errorOf(account.ask.exitProcess())
  const waiting = [1, 2, 3].map((n) => account.ask.deposit(n))
  assert.ok((await inHand) instanceof IsolateDiedError)
  await down
  assert.equal(account.statistics().state, "down")
  await restart(made, "here")
  assert.deepEqual(await Promise.all(waiting), [2, 4, 7])
  assert.equal(account.statistics().restarts, 1)
  account.kill()
})

test("what was told and in hand is a dead letter, unless the next life gets it", async () => {
  await start()
  const letters = deadLetters()
  const told = (): Int32Array => sharedArray(Int32Array, 4)
  const options = { id: "again", whenDies: "redeliver" } as const
  await using tree = await supervise({ children: [child(Mortal, [told()], options)] })
  const again = tree.child("again")
  void again.tell.end("exit")
  assert.deepEqual(await again.ask.note(1), [1])
  assert.equal(again.statistics().restarts, 1)
  const lost = await spawn(Mortal, [told()], { on: 1 })
  const { name } = lost
  void lost.tell.end("exit")
  const { value } = await letters.next()
  assert.deepEqual([value.actor, value.method, value.args], [name, "end", []])
  assert.match(value.reason, /isolate 1/i)
  await letters.return?.()
})
