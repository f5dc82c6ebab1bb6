/** Messages that wait for room in a mailbox. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { spawn } from "../../src/actor/index.ts"
import { collectGarbage } from "../../src/internal/platform/heap.ts"
import { start } from "../../src/isolate/index.ts"
import { reached, release, words } from "../task/support.ts"
import { Holder } from "./holders.ts"

await start({ isolates: 1 })

/** Tells an actor more than its mailbox takes, and has no reference to it any more. */
async function fill(told: Int32Array): Promise<{ readonly taken: Promise<void> }> {
  const holder = await spawn(Holder, [told], { on: 1, mailbox: { capacity: 1 } })
  await holder.tell.hold()
  await reached(told, 0, 1)
  await holder.tell.note()
  return { taken: holder.tell.note() }
}

test("what waits is taken, though nobody has the reference any more", async () => {
  const told = words()
  const { taken } = await fill(told)
  for (let i = 0; i < 5; i++) {
    collectGarbage()
    await turn()
  }
  release(told)
  await reached(told, 2, 2)
  await taken
  assert.equal(told[2], 2)
})
