/** What others do while main puts the affairs of a dead isolate in order. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { onReap } from "../../src/isolate/reap.ts"

const reaped: number[] = []
let whileReaping: (() => void) | undefined

// Before the rooms that task brings: a dead isolate's tasks are still in its list.
onReap((_at, token) => {
  if (reaped.push(token) === 2) whileReaping?.()
})

const { start } = await import("../../src/isolate/index.ts")
const { requestKill } = await import("../../src/isolate/kill.ts")
const { go } = await import("../../src/task/index.ts")
const { STEP, submits, WORD } = await import("./reaping-functions.ts")
const { reached, words } = await import("./support.ts")

const COUNT = 600

test("what is queued in a dead isolate is left alone until main has taken it over", async () => {
  await start({ isolates: 3 })
  const told = words()
  Atomics.store(told, WORD.BLOCKING, 1)
  const task = go.with({ on: 1 })(submits, told, COUNT)
  await reached(told, WORD.STEP, STEP.SUBMITTED)
  await reached(told, WORD.BLOCKED, 2)
  whileReaping = () => {
    Atomics.store(told, WORD.STEP, STEP.GO_ON)
    while (Atomics.load(told, WORD.TURNED) === 0) Atomics.wait(told, 15, 0, 1)
  }
  Atomics.store(told, WORD.BLOCKING, 0)
  for (const slot of [2, 3]) requestKill(ownerOf(here().words, slot))
  const ends = await task
  assert.equal(ends.filter((end) => end === "ERR_HEDDLE_ISOLATE_DIED").length, 2)
  assert.equal(ends.filter((end) => end === "ended").length, COUNT - 2)
  assert.equal(Atomics.load(told, WORD.COUNTED), COUNT - 2)
})
