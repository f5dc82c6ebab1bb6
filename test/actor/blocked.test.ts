/** A method that blocks its thread is one message, too. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { type ActorRef, spawn } from "../../src/actor/index.ts"
import { channel } from "../../src/channel/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { isToldHint } from "../../src/internal/queue/mailbox.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf, reached, words } from "../task/support.ts"
import { Blocker } from "./blockers.ts"

await start({ isolates: 1 })

/** Resolves when the home of an actor has seen what it was told. */
async function seen(ref: ActorRef<Blocker>): Promise<void> {
  while (isToldHint(here().words, ref.id)) await turn()
}

test("what arrives meanwhile waits for its end", async () => {
  const told = words()
  const { sender, receiver } = channel<number>(1)
  const blocker = await spawn(Blocker, [told], { on: 1 })
  const other = await spawn(Blocker, [told], { on: 1 })
  const blocked = blocker.ask.block(receiver)
  await reached(told, 0, 1)
  const notes = [blocker.ask.note(1), blocker.ask.note(2)]
  const others = other.ask.note(3)
  await seen(blocker)
  await seen(other)
  await sender.send(7)
  assert.equal(await blocked, 7)
  assert.deepEqual(await Promise.all([...notes, others]), [1, 2, 3])
  assert.deepEqual(await blocker.ask.read(), ["begin", "end", "note 1", "note 2"])
  for (const ref of [blocker, other]) ref.stop()
})

test("killed, it takes its isolate along", async () => {
  const told = words()
  const { receiver } = channel<number>(1)
  const blocker = await spawn(Blocker, [told], { on: 1 })
  const blocked = errorOf(blocker.ask.block(receiver))
  await reached(told, 0, 1)
  blocker.kill()
  assert.equal((await blocker.exited).reason, "killed")
  await blocked
  await start()
  const next = await spawn(Blocker, [told], { on: 1 })
  assert.equal(await next.ask.note(1), 1)
  next.stop()
})
