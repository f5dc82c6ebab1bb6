import assert from "node:assert/strict"
import { test } from "node:test"
import { BlockingNotAllowedError, IsolateDiedError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { go, parallel } from "../../src/task/index.ts"
import * as work from "./join-functions.ts"

await start({ isolates: 2 })

function flag(): Int32Array {
  return sharedArray(Int32Array, 2)
}

test("a join gives the results in order", async () => {
  for (const n of [0, 1, 2, 10, 22]) assert.equal(await go(work.fib, n), work.plainFib(n))
})

test("any number of calls of any number of arguments", async () => {
  assert.equal(await go(work.skynet, 0, 10_000), 49_995_000)
  assert.deepEqual(await go(work.describeMany), [
    "",
    "number 1",
    'string "a", boolean true',
    'object {"deep":[1,2]}, object null',
    "",
    "",
    "",
  ])
})

test("many trees at once share the isolates", async () => {
  const sizes = Array.from({ length: 40 }, (_, i) => (i % 20) + 1)
  assert.deepEqual(
    await parallel.map(sizes, work.fib, { grain: 1 }),
    sizes.map((n) => work.plainFib(n)),
  )
})

test("an idle isolate takes a fork and brings the result back", async () => {
  const [here, there] = await go(work.apart, flag(), { text: "hello", list: [1, -0, null] })
  assert.notEqual(there.isolate, here)
  assert.deepEqual(there.payload, { text: "hello", list: [1, -0, null] })
})

test("a result made elsewhere may hold moved and shared buffers", async () => {
  for (let i = 0; i < 5; i++) assert.equal(await go(work.buffersApart, flag()), true)
})

test("buffers come from an isolate that began after the join's own was blocked", async () => {
  const order = flag()
  const joined = go(work.buffersApartLater, order, flag())
  while (Atomics.load(order, 0) === 0) await new Promise(setImmediate)
  // The other isolate is replaced, and its successor has nothing else to do.
  await assert.rejects(go(work.dies), IsolateDiedError)
  await go(work.fib, 1)
  Atomics.store(order, 1, 1)
  assert.equal(await joined, true)
})

test("the first error by position is thrown, and the isolate joins on", async () => {
  assert.equal(await go(work.thrownBy, 1, 2, 3), "1,2,3")
  for (const [a, b, c, first] of [
    [-1, -2, -3, -1],
    [1, -2, -3, -2],
    [1, 2, -3, -3],
    [-1, 2, 3, -1],
  ] as const) {
    assert.equal(await go(work.thrownBy, a, b, c), `RangeError: no ${first}, then 5,8`)
  }
})

test("an error here waits for the call that runs elsewhere", async () => {
  const said = await go(work.waitsForBoth, flag())
  assert.equal(said, "SyntaxError: the first one, the other ended: true")
})

test("an error elsewhere is thrown here", async () => {
  await assert.rejects(go(work.throwsElsewhere, flag()), {
    name: "RangeError",
    message: "the second one",
  })
})

test("the death of the isolate that runs a call is an error", async () => {
  await assert.rejects(
    go(work.diesElsewhere, flag()),
    (error: IsolateDiedError) => error instanceof IsolateDiedError && error.exitCode === 3,
  )
  assert.equal(await go(work.fib, 20), 6765)
})

test("arguments that cannot be sent keep a call here", async () => {
  assert.equal(await go(work.joinUnsendable), true)
})

test("joins and loops of one task do not disturb each other", async () => {
  for (let n = 10; n < 16; n++) {
    assert.equal(await go(work.joinAndLoop, n), work.plainFib(n) + work.plainFib(n + 1))
  }
})

test("a caller's mistakes are named", async () => {
  await assert.rejects(go(work.joinUnnamed), /other isolates cannot find this function/)
  await assert.rejects(go(work.joinNothing), /needs functions .* received 5/)
})

test("main is not blocked unless that was allowed", () => {
  assert.throws(() => parallel.join(work.fib, 1, work.fib, 2), BlockingNotAllowedError)
})
