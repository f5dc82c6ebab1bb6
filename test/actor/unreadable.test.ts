import assert from "node:assert/strict"
import { test } from "node:test"
import { bus, type DeadLetter, deadLetters, spawn } from "../../src/actor/index.ts"
import { UnknownClassError } from "../../src/errors.ts"
import { sendable } from "../../src/internal/wire/sendable.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Clerk, counting } from "./pool-actors.ts"

await start({ isolates: 1 })

/** Known here alone: other isolates do not load a test. */
class Stranger {}
sendable(Stranger, { id: "test/Stranger", encode: () => null, decode: () => new Stranger() })

test("what an actor's isolate cannot read is told to the asker, or is a dead letter", async () => {
  const clerk = await spawn(Clerk)
  const stranger = new Stranger() as unknown as string
  assert.ok((await errorOf(clerk.ask.serve(stranger))) instanceof UnknownClassError)
  const letters = deadLetters()
  await clerk.tell.serve(stranger)
  await clerk.tell.transfer(1, stranger)
  const first: DeadLetter = (await letters.next()).value
  const second: DeadLetter = (await letters.next()).value
  const events = bus()
  events.subscribe(Stranger, clerk, "serve")
  assert.equal(await events.publish(new Stranger()), 1)
  const third: DeadLetter = (await letters.next()).value
  const all = [first, second, third]
  assert.deepEqual(
    all.map(({ method }) => method),
    ["serve", "transfer", "serve"],
  )
  for (const { reason, args } of all) {
    assert.match(reason, /"test\/Stranger" arrived, but no class is registered/)
    assert.ok(Array.isArray(args))
  }
  assert.deepEqual(await clerk.ask.list(), [])
  clerk.stop()
  await letters.return?.()
})

test("a function passes over what it cannot read, and takes what comes after it", async () => {
  const actor = await spawn(counting)
  const unread = errorOf(actor.ask(new Stranger() as unknown as string))
  const read = actor.ask("next")
  assert.ok((await unread) instanceof UnknownClassError)
  assert.equal(await read, "next 1")
  actor.kill()
  await actor.exited
})
