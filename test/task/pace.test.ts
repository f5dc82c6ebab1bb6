import assert from "node:assert/strict"
import { test } from "node:test"
import { now } from "../../src/internal/platform/clock.ts"
import { TASKS_UNTIMED } from "../../src/internal/platform/limits.ts"
import { Pace } from "../../src/task/pace.ts"

test("a turn whose time is over ends after its first task", () => {
  assert.equal(new Pace(now(), -1).isOver(1), true)
})

test("after many small tasks the end of the time is seen some tasks later at most", () => {
  const begun = now()
  const pace = new Pace(begun, 2)
  let ran = 0
  while (now() <= begun + 2) if (pace.isOver(++ran)) return
  const most = ran + TASKS_UNTIMED
  while (!pace.isOver(++ran)) assert.ok(ran < most)
})
