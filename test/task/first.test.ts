import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { here } from "../../src/internal/loop/here.ts"
import { living } from "../../src/internal/memory/owners.ts"
import { isolates, start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add } from "./functions.ts"

process.env.HEDDLE_ISOLATES = "3"

/** Main, and the isolates that have been started. */
const started = (): number => living(here().words).length

test("one isolate starts for each of the first tasks, the others when one runs", async () => {
  assert.equal(started(), 1)
  const first = go(add, 1, 1)
  assert.equal(started(), 2)
  const second = go(add, 2, 2)
  assert.equal(started(), 3)
  assert.deepEqual(await Promise.all([first, second]), [2, 4])
  while (started() < 4) await turn()
  await start()
  assert.ok(isolates().every(({ state }) => state === "running"))
  assert.equal(await go(add, 3, 3), 6)
})
