/** Dead letters: what was told and nobody handled, and why. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { deadLetters, spawn } from "../../src/actor/index.ts"
import { ActorStoppedError, MailboxFullError } from "../../src/errors.ts"
import { start } from "../../src/isolate/index.ts"
import { reached, words } from "../task/support.ts"
import { Diary } from "./actors.ts"

await start({ isolates: 2 })

test("dead letters: what was told to nobody", async () => {
  const letters = deadLetters()
  const told = words()
  const diary = await spawn(Diary, [told], { on: 1 })
  void diary.ask.hold().catch(() => {})
  await reached(told, 2, 1)
  await diary.tell.note(5)
  diary.kill()
  const { value } = await letters.next()
  assert.equal(value.method, "note")
  assert.deepEqual(value.args, [5])
  assert.match(value.reason, /has stopped: killed/)
  await letters.return?.()
  assert.deepEqual(await letters.next(), { value: undefined, done: true })
  Atomics.store(told, 3, 1)
})

test("dead letters: what was refused, though its sender knows", async () => {
  const letters = deadLetters()
  const told = words()
  const mailbox = { capacity: 1, whenFull: "fail" } as const
  const diary = await spawn(Diary, [told], { on: 1, mailbox })
  void diary.ask.hold().catch(() => {})
  await reached(told, 2, 1)
  await diary.tell.note(1)
  await assert.rejects(diary.tell.note(2), MailboxFullError)
  await assert.rejects(diary.ask.note(3), MailboxFullError)
  diary.kill()
  await diary.exited
  await assert.rejects(diary.tell.note(4), ActorStoppedError)
  await assert.rejects(diary.ask.note(5), ActorStoppedError)
  const found = new Map<unknown, string>()
  while (found.size < 3) {
    const { value } = await letters.next()
    found.set(value.args[0], value.reason)
  }
  assert.match(found.get(2) as string, /is full \(capacity 1\)/)
  assert.match(found.get(1) as string, /has stopped: killed/)
  assert.match(found.get(4) as string, /has stopped: killed/)
  await letters.return?.()
  Atomics.store(told, 3, 1)
})
