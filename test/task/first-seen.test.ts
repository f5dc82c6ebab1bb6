import assert from "node:assert/strict"
import { test } from "node:test"
import { isolates } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add } from "./functions.ts"

process.env.HEDDLE_ISOLATES = "3"

test("who asks for the isolates after the first task sees all of them", async () => {
  assert.equal(isolates().length, 1)
  const task = go(add, 1, 1)
  assert.equal(isolates().length, 4)
  assert.equal(await task, 2)
})
