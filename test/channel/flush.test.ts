import assert from "node:assert/strict"
import { test } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { LONE_AFTER_MESSAGES } from "../../src/internal/platform/limits.ts"
import { sharedArray, shutdown } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { countTo } from "./flush-functions.ts"

/** More than a model of patience needs: it ends the test instead of hanging it. */
const BOUND_MS = 30_000

test("what a lone sender holds back is visible after flush, amid its turn", async () => {
  const numbers = channel<number>(8192)
  const flag = sharedArray(Int32Array, 2)
  const counted = go(countTo, numbers, LONE_AFTER_MESSAGES + 1, flag)
  const started = Atomics.waitAsync(flag, 0, 0, BOUND_MS)
  if (started.async) await started.value
  for (let i = 0; i <= LONE_AFTER_MESSAGES; i++) numbers.trySend(i)
  numbers.flush()
  // This thread takes no turn before the other isolate has seen everything.
  assert.notEqual(Atomics.wait(flag, 1, 0, BOUND_MS), "timed-out")
  assert.equal(await counted, LONE_AFTER_MESSAGES + 1)
  await shutdown()
})
