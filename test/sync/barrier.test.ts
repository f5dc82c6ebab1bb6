import assert from "node:assert/strict"
import { after, test } from "node:test"
import { BarrierBrokenError, TimeoutError } from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { barrier } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import { dieAtBarrier, meet, meetSync, shared, sign, signed } from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("all go on when all have arrived, again and again", async () => {
  const b = barrier(3)
  assert.equal(b.parties, 3)
  for (let round = 0; round < 5; round++) {
    const early = [b.wait(), b.wait()]
    assert.equal(b.waiting, 2)
    assert.equal(await b.wait(), true, "the last one is told")
    assert.deepEqual(await Promise.all(early), [false, false])
    assert.equal(b.waiting, 0)
  }
})

test("a barrier for one does not wait", async () => {
  const b = barrier(1)
  assert.equal(await b.wait(), true)
  assert.equal(await b.wait({ timeoutMs: 0 }), true)
})

test("a wrong number of parties is refused", () => {
  for (const wrong of [0, -1, 2.5, Number.NaN]) assert.throws(() => barrier(wrong), RangeError)
})

test("a wait that is called off was never there", async () => {
  const b = barrier(2)
  const controller = new AbortController()
  const given = b.wait({ signal: controller.signal })
  controller.abort(new RangeError("enough"))
  await assert.rejects(given, { message: "enough" })
  await assert.rejects(b.wait({ timeoutMs: 1 }), TimeoutError)
  await assert.rejects(b.wait({ timeoutMs: 0 }), TimeoutError)
  assert.equal(b.waiting, 0)
  assert.deepEqual(await Promise.all([b.wait(), b.wait()]), [false, true])
})

test("calling off what is complete already changes nothing", async () => {
  const b = barrier(2)
  const controller = new AbortController()
  const first = b.wait({ signal: controller.signal })
  const second = b.wait()
  controller.abort(new RangeError("too late"))
  assert.deepEqual(await Promise.all([first, second]), [false, true])
})

test("isolates meet, awaiting and blocking", async () => {
  const b = barrier(4)
  const numbers = shared()
  const lasts = await Promise.all([
    go.with({ on: 1 })(meet, b, numbers, 100),
    go.with({ on: 1 })(meet, b, numbers, 100),
    go.with({ on: 2 })(meetSync, b, numbers, 100),
    meet(b, numbers, 100),
  ])
  assert.equal(
    lasts.reduce((sum, last) => sum + last, 0),
    100,
    "one is the last in every round",
  )
})

test("main is not blocked, and a blocked wait can time out", async () => {
  const b = barrier(2)
  assert.throws(() => b.waitSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
  await start({ blockMain: true })
  try {
    assert.throws(() => b.waitSync({ timeoutMs: 1 }), TimeoutError)
    assert.equal(b.waiting, 0)
  } finally {
    await start({ blockMain: false })
  }
})

test("a death breaks the round of those who wait with the dead, and only that", async () => {
  const b = barrier(3)
  const numbers = shared()
  const dying = go(dieAtBarrier, b, numbers)
  await signed(numbers, 2)
  const waiting = b.wait()
  sign(numbers, 3)
  await assert.rejects(waiting, (error: BarrierBrokenError) => {
    assert.ok(error instanceof BarrierBrokenError)
    assert.ok(error.isolate > 0)
    return true
  })
  await assert.rejects(async () => dying)
  assert.equal(b.waiting, 0)
  assert.deepEqual(await Promise.all([b.wait(), b.wait(), b.wait()]), [false, false, true])
})

test("who comes after a death does not count the dead", async () => {
  const b = barrier(2)
  const numbers = shared()
  const dying = go(dieAtBarrier, b, numbers)
  await signed(numbers, 2)
  sign(numbers, 3)
  await assert.rejects(async () => dying)
  assert.deepEqual(await Promise.all([b.wait(), b.wait()]), [false, true])
})
