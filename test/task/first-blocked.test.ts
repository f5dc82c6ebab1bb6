import assert from "node:assert/strict"
import { test } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { allowBlockingMain } from "../../src/internal/loop/options.ts"
import { living } from "../../src/internal/memory/owners.ts"
import { go } from "../../src/task/index.ts"
import { add } from "./functions.ts"

process.env.HEDDLE_ISOLATES = "2"

/** Main, and the isolates that have been started. */
const started = (): number => living(here().words).length

test("who blocks main has all isolates started", async () => {
  allowBlockingMain(true)
  const task = go(add, 1, 1)
  assert.equal(started(), 2)
  assert.throws(() => channel<number>(1).receiveSync({ timeoutMs: 1 }), { name: "TimeoutError" })
  assert.equal(started(), 3)
  assert.equal(await task, 2)
})
