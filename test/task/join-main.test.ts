import assert from "node:assert/strict"
import { test } from "node:test"
import { start } from "../../src/isolate/index.ts"
import { parallel } from "../../src/task/index.ts"
import * as work from "./join-functions.ts"

test("main joins when it may be blocked", async () => {
  await start({ blockMain: true })
  assert.deepEqual(parallel.join(work.fib, 20, work.fib, 21), [6765, 10_946])
  const [elsewhere] = parallel.join(work.here)
  assert.equal(elsewhere, 0)
})
