import assert from "node:assert/strict"
import { test } from "node:test"
import type { Thread } from "../../src/internal/platform/thread.ts"
import { flushOutput, outputCame, outputEnded } from "../../src/isolate/output.ts"

/** An isolate that answers when the test says so, and what it was asked. */
function writer(token: number): { token: number; thread: Thread; asked: unknown[] } {
  const asked: unknown[] = []
  const thread: Partial<Thread> = { post: (message) => void asked.push(message) }
  return { token, thread: thread as Thread, asked }
}

/** Whether a promise is settled, once all that has been told is heard. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false
  void promise.then(() => {
    over = true
  })
  await new Promise(setImmediate)
  return over
}

test("each who asks waits for an answer of its own, from all", async () => {
  const [a, b] = [writer(1), writer(2)]
  const first = flushOutput([a, b])
  const second = flushOutput([a])
  assert.deepEqual(a.asked, [{ flush: true }, { flush: true }])
  outputCame(1)
  assert.deepEqual([await isOver(first), await isOver(second)], [false, false])
  outputCame(2)
  assert.deepEqual([await isOver(first), await isOver(second)], [true, false])
  outputCame(1)
  assert.equal(await isOver(second), true)
})

test("who has ended is not waited for", async () => {
  const [a, b] = [writer(1), writer(2)]
  const both = [flushOutput([a, b]), flushOutput([a])]
  outputCame(2)
  outputEnded(1)
  await Promise.all(both)
  outputCame(1)
})

test("nobody is waited for when nobody runs", async () => {
  assert.equal(await isOver(flushOutput([])), true)
})
