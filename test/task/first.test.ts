import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { isolates, start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add } from "./functions.ts"

process.env.HEDDLE_ISOLATES = "3"

test("one isolate starts for each of the first tasks, the others when one runs", async () => {
  assert.equal(isolates().length, 1)
  const first = go(add, 1, 1)
  assert.equal(isolates().length, 2)
  const second = go(add, 2, 2)
  assert.equal(isolates().length, 3)
  assert.deepEqual(await Promise.all([first, second]), [2, 4])
  while (isolates().length < 4) await turn()
  await start()
  assert.ok(isolates().every(({ state }) => state === "running"))
  assert.equal(await go(add, 3, 3), 6)
})
