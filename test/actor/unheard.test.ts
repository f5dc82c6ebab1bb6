/** What an isolate had been told and not heard when it died. */
import "./first-step.ts"
import assert from "node:assert/strict"
import { test } from "node:test"
import { spawn } from "../../src/actor/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { contains } from "../../src/internal/queue/inbox.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { reached } from "../task/support.ts"
import { Answerer, Deaf } from "./deaf.ts"
import { left } from "./first-step.ts"

await start({ isolates: 2 })

/** An isolate dies with an answer and an actor in its inbox; bytes in use afterwards. */
async function die(): Promise<number> {
  await start()
  const { words } = here()
  const told = sharedArray(Int32Array, 1)
  const answerer = await spawn(Answerer, [], { on: "here" })
  const deaf = await spawn(Deaf, [told], { on: 1 })
  const token = ownerOf(words, 1)
  await deaf.tell.ask(answerer)
  await reached(told, 0, 1)
  await answerer.ask.much()
  await deaf.tell.hear()
  assert.ok(contains(words, token, deaf.id), "it lies in the inbox")
  requestKill(token)
  assert.equal((await deaf.exited).reason, "isolate-died")
  answerer.stop()
  await answerer.exited
  return here().arena.statistics().usedBytes
}

test("its inbox is emptied before anybody takes over an actor that lies in it", async () => {
  await die()
  assert.deepEqual(left.splice(0), [0])
})

test("an answer that it did not hear leaves nothing", async () => {
  const before = await die()
  assert.ok((await die()) < before + 40_000, "the answer is given back")
})
