import assert from "node:assert/strict"
import { test } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { allowBlockingMain } from "../../src/internal/loop/options.ts"
import { isolates } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add } from "./functions.ts"

process.env.HEDDLE_ISOLATES = "2"

test("who blocks main has all isolates started", async () => {
  allowBlockingMain(true)
  const task = go(add, 1, 1)
  assert.equal(isolates().length, 2)
  assert.throws(() => channel<number>(1).receiveSync({ timeoutMs: 1 }), { name: "TimeoutError" })
  assert.equal(isolates().length, 3)
  assert.equal(await task, 2)
})
