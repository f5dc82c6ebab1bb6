import assert from "node:assert/strict"
import { after, test } from "node:test"
import { TimeoutError } from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { latch } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import { countDown, waitSyncly } from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("it opens at 0 and stays open", async () => {
  const l = latch(2)
  let isOpen = false
  const waiting = l.wait().then(() => {
    isOpen = true
  })
  assert.equal(l.countDown(), 1)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isOpen, false)
  assert.equal(l.countDown(), 0)
  await waiting
  await l.wait()
  assert.equal(l.countDown(), 0, "not below 0")
  assert.equal(l.count, 0)
})

test("several counts at once; a latch of 0 is open", async () => {
  const l = latch(5)
  assert.equal(l.countDown(4), 1)
  assert.equal(l.countDown(4), 0)
  await latch(0).wait({ timeoutMs: 0 })
})

test("a wrong number is refused", () => {
  for (const wrong of [-1, 0.5, Number.NaN]) assert.throws(() => latch(wrong), RangeError)
  for (const wrong of [0, -1, 0.5]) assert.throws(() => latch(1).countDown(wrong), RangeError)
})

test("a wait can be called off", async () => {
  const l = latch(1)
  await assert.rejects(l.wait({ timeoutMs: 1 }), TimeoutError)
  await assert.rejects(l.wait({ timeoutMs: 0 }), TimeoutError)
  const reason = new RangeError("enough")
  await assert.rejects(l.wait({ signal: AbortSignal.abort(reason) }), { message: "enough" })
  assert.equal(l.count, 1)
})

test("isolates count, isolates wait, blocked or not", async () => {
  const l = latch(6)
  const waiting = [1, 2].map((on) => go.with({ on })(waitSyncly, l))
  const local = l.wait()
  for (let i = 0; i < 6; i++) countDown(l)
  assert.deepEqual(await Promise.all(waiting), ["open", "open"])
  await local
  const other = latch(4)
  const counting = Array.from({ length: 4 }, () => go(countDown, other))
  await other.wait()
  assert.equal(other.count, 0)
  await Promise.all(counting)
})

test("main is not blocked", () => {
  assert.throws(() => latch(1).waitSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
})
