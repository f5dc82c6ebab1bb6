import assert from "node:assert/strict"
import { after, test } from "node:test"
import { IsolateDiedError, NotSendableError, TimeoutError } from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { type Mutex, mutex, once } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import { doom, failOnce, getIt, getItSync, makeHandle, survive } from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("it runs at the first get, and never again", async () => {
  let runs = 0
  const o = once(async () => ({ run: ++runs }))
  assert.equal(o.done, false)
  assert.equal(runs, 0)
  const results = await Promise.all([o.get(), o.get(), o.get()])
  assert.equal(runs, 1)
  assert.equal(o.done, true)
  for (const result of results) assert.equal(result, results[0], "the very value")
  assert.equal(await o.get(), results[0])
})

test("a failure is a result like any other", async () => {
  let runs = 0
  const o = once(() => {
    runs++
    throw new RangeError("no")
  })
  await assert.rejects(o.get(), { name: "RangeError", message: "no" })
  await assert.rejects(o.get(), { message: "no" })
  assert.equal(runs, 1)
})

test("what is no function is refused", () => {
  assert.throws(() => once(5 as unknown as () => number), /takes a function, received 5/)
})

test("a result that cannot be sent is a failure for all", async () => {
  const o = once(() => ({ fn: () => {} }))
  await assert.rejects(o.get(), NotSendableError)
  await assert.rejects(async () => go(getIt, o), { code: "ERR_HEDDLE_NOT_SENDABLE" })
  const moved = once(() => move(new ArrayBuffer(8)))
  await assert.rejects(moved.get(), /moved buffer/)
})

test("a wait can be called off; the function goes on", async () => {
  let finish: (value: string) => void = () => {}
  const o = once(() => new Promise<string>((resolve) => (finish = resolve)))
  await assert.rejects(o.get({ timeoutMs: 1 }), TimeoutError)
  finish("late")
  assert.equal(await o.get(), "late")
})

test("the result goes to all isolates, wherever it was made", async () => {
  const o = once(survive)
  const all = await Promise.all([
    go.with({ on: 1 })(getIt, o),
    go.with({ on: 2 })(getItSync, o),
    o.get(),
  ])
  assert.deepEqual(all, ["survived", "survived", "survived"])
  const failing = once(failOnce)
  await assert.rejects(async () => go(getIt, failing), { name: "RangeError" })
  await assert.rejects(failing.get(), { message: "it does not work" })
})

test("handles in the result name the same things everywhere", async () => {
  const o = once(makeHandle)
  const there = (await go(getIt, o)) as { m: Mutex }
  const here = (await o.get()) as { m: Mutex }
  using _guard = await there.m.lock()
  assert.equal(here.m.locked, true)
  const again = (await go(getIt, o)) as { m: Mutex }
  assert.equal(again.m.locked, true)
})

test("what only its maker can run is run there, and known to all after that", async () => {
  const o = once(() => ({ m: mutex() }))
  await assert.rejects(async () => go(getIt, o), { code: "ERR_HEDDLE_NOT_CALLABLE" })
  assert.equal(o.done, false)
  const { m } = await o.get()
  const there = (await go(getIt, o)) as { m: Mutex }
  using _guard = await there.m.lock()
  assert.equal(m.locked, true)
})

test("when the isolate dies that runs it, another runs it", async () => {
  await go.with({ on: 1 })(doom)
  const o = once(survive)
  const dying = go.with({ on: 1 })(getIt, o)
  await assert.rejects(async () => dying, IsolateDiedError)
  assert.equal(await o.get(), "survived")
})

test("blocking for it", async () => {
  assert.throws(() => once(() => 1).getSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
  await start({ blockMain: true })
  try {
    assert.equal(once(() => 7).getSync(), 7)
    const failing = once(() => {
      throw new RangeError("no")
    })
    assert.throws(() => failing.getSync(), { message: "no" })
    const late = once(async () => 8)
    assert.throws(() => late.getSync(), { code: "ERR_HEDDLE_DEADLOCK" })
    assert.equal(await late.get(), 8)
    assert.equal(late.getSync(), 8)
  } finally {
    await start({ blockMain: false })
  }
})
