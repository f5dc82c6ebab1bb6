import assert from "node:assert/strict"
import { test } from "node:test"
import { bus, type DeadLetter, deadLetters, spawn } from "../../src/actor/index.ts"
import { UnknownClassError } from "../../src/errors.ts"
import { sendable } from "../../src/internal/wire/sendable.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Clerk } from "./pool-actors.ts"

await start({ isolates: 1 })

/** Known here alone: other isolates do not load a test. */
class Stranger {}
sendable(Stranger, { id: "test/Stranger", encode: () => null, decode: () => new Stranger() })

test("what an actor's isolate cannot read is told to the asker, or is a dead letter", async () => {
  const clerk = await spawn(Clerk)
  const stranger = new Stranger() as unknown as string
  assert.ok((await errorOf(clerk.ask.serve(stranger))) instanceof UnknownClassError)
  const letters = deadLetters()
  // The other isolate hears by another way that letters are read: until then it keeps none.
  let isRead = false
  const first = letters.next().then(({ value }) => {
    isRead = true
    return value as DeadLetter
  })
  while (!isRead) {
    await clerk.tell.serve(stranger)
    await new Promise(setImmediate)
  }
  await clerk.tell.transfer(1, stranger)
  let second = await first
  while (second.method === "serve") second = (await letters.next()).value
  const events = bus()
  events.subscribe(Stranger, clerk, "serve")
  assert.equal(await events.publish(new Stranger()), 1)
  const third: DeadLetter = (await letters.next()).value
  const all = [await first, second, third]
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
