import assert from "node:assert/strict"
import { test } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { COUNTER, count, setCounter } from "../../src/internal/memory/counters.ts"
import { newToken, settle } from "../../src/internal/memory/owners.ts"
import { LEAVE_MS, LEAVE_STARTING_MS, LEFT_TASKS_MAX } from "../../src/internal/platform/limits.ts"
import { append, listOf, take } from "../../src/internal/queue/task-list.ts"
import { leavesTasks, noteGoesOn } from "../../src/task/leave.ts"

process.env.HEDDLE_ISOLATES = "2"

/** Two isolates beside this one that exist as words alone. */
const at = here()
const others = [1, 2].map((slot) => {
  const token = newToken(at.words, slot)
  settle(at.words, token)
  setCounter(at.words, token, COUNTER.HEAP_KIB, 1)
  return token
})
const [one, two] = others as [number, number]

const WENT_ON = 1_000

function begun(token: number, change: number): void {
  count(at.words, token, COUNTER.TASKS_BEGUN, change)
}

test("tasks are left for a moment to isolates that have fewer", () => {
  assert.equal(leavesTasks(at, WENT_ON), false, "nothing went on")
  begun(at.me, 1)
  noteGoesOn()
  assert.equal(leavesTasks(at, WENT_ON), true)
  begun(one, 1)
  assert.equal(leavesTasks(at, WENT_ON), true, "two has none")
  begun(two, 1)
  assert.equal(leavesTasks(at, WENT_ON), false, "all have one")
  begun(at.me, 1)
  assert.equal(leavesTasks(at, WENT_ON), true, "this one has two")
  assert.equal(leavesTasks(at, WENT_ON + LEAVE_MS), false, "the moment is over")
})

test("an isolate that is starting is waited for longer", () => {
  setCounter(at.words, two, COUNTER.HEAP_KIB, 0)
  noteGoesOn()
  assert.equal(leavesTasks(at, WENT_ON), true)
  assert.equal(leavesTasks(at, WENT_ON + LEAVE_MS), true)
  assert.equal(leavesTasks(at, WENT_ON + LEAVE_STARTING_MS), false)
})

test("none are left when there are some for everyone, or when what went on has ended", () => {
  setCounter(at.words, two, COUNTER.HEAP_KIB, 1)
  noteGoesOn()
  const records = Array.from({ length: LEFT_TASKS_MAX + 1 }, () => at.arena.acquire(64))
  for (const record of records) append(at.words, listOf(0), record, record, 1, at.me)
  assert.equal(leavesTasks(at, WENT_ON), false)
  take(at.words, listOf(0), records.length, at.me)
  assert.equal(leavesTasks(at, WENT_ON), true)
  begun(at.me, -2)
  assert.equal(leavesTasks(at, WENT_ON), false)
})
