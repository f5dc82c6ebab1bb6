import assert from "node:assert/strict"
import { getEventListeners } from "node:events"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { KILL_GRACE_MS } from "#platform/limits"
import { IsolateDiedError, TaskCancelledError, TimeoutError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { PAGE, pageOf } from "../../src/internal/memory/layout.ts"
import { isolates, start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import {
  add,
  blocksThenAwaits,
  childBlocks,
  counts,
  echo,
  forever,
  hears,
  hearsOfTimeout,
  occupies,
  pollsSignal,
  waits,
} from "./functions.ts"
import { begun, errorOf, reached, release, words } from "./support.ts"

await start({ isolates: 2 })

async function allEnded(): Promise<void> {
  while (pending.count > 0) await turn()
}

test("a queued task that is cancelled does not run, and rejects at once", async () => {
  const told = words()
  const busy = [go(occupies, told), go(occupies, told)]
  await reached(told, 0, 2)
  const queued = go(counts, told)
  queued.cancel("not needed")
  const error = await errorOf<TaskCancelledError>(queued)
  assert.ok(error instanceof TaskCancelledError)
  assert.equal(error.reason, "not needed")
  assert.equal(error.task, "counts")
  assert.equal(queued.state, "cancelled")
  release(told)
  await Promise.all(busy)
  await allEnded()
  assert.equal(Atomics.load(told, 2), 0)
})

test("a running task hears of it with the reason; its promise has rejected", async () => {
  const told = words()
  const task = go(hears, told)
  await reached(told, 0, 1)
  task.cancel(42)
  await assert.rejects(task, TaskCancelledError)
  await reached(told, 0, 2)
  assert.equal(Atomics.load(told, 1), 1)
  assert.equal(Atomics.load(told, 2), 42)
  await allEnded()
})

test("code that never awaits hears of it and of the reason when it asks", async () => {
  const told = words()
  const task = go(pollsSignal, told)
  await reached(told, 0, 1)
  task.cancel(42)
  await assert.rejects(task, TaskCancelledError)
  await reached(told, 0, 2)
  assert.equal(Atomics.load(told, 2), 42)
  await allEnded()
})

test("a task that blocked its thread meanwhile hears of it and the reason later", async () => {
  const told = words()
  const task = go(blocksThenAwaits, told)
  await reached(told, 0, 1)
  task.cancel(42)
  await assert.rejects(task, TaskCancelledError)
  for (let i = 0; i < 100; i++) await turn()
  release(told)
  await reached(told, 0, 2)
  assert.equal(Atomics.load(told, 2), 42)
  await allEnded()
})

test("cancelling twice, or a task that has ended, changes nothing", async () => {
  const done = go(add, 1, 2)
  assert.equal(await done, 3)
  done.cancel()
  assert.equal(done.state, "completed")
  assert.equal(await done, 3)
  const task = go(add, 1, 2)
  task.cancel("first")
  task.cancel("second")
  assert.equal((await errorOf<TaskCancelledError>(task)).reason, "first")
  await allEnded()
})

test("a signal that aborts, and one that has aborted already", async () => {
  const told = words()
  const controller = new AbortController()
  const task = go.with({ signal: controller.signal })(waits, told)
  await reached(told, 0, 1)
  controller.abort(new RangeError("enough"))
  const error = await errorOf<TaskCancelledError>(task)
  assert.ok(error instanceof TaskCancelledError)
  assert.ok(error.reason instanceof RangeError)
  assert.equal(error.cause, error.reason)
  const late = go.with({ signal: controller.signal })(counts, told)
  await assert.rejects(late, TaskCancelledError)
  await allEnded()
  assert.equal(Atomics.load(told, 2), 0)
})

test("a signal whose time is over rejects with its own TimeoutError, as fetch does", async () => {
  const told = words()
  const signal = AbortSignal.timeout(5)
  const [one, two] = [
    go.with({ signal })(hearsOfTimeout, told),
    go.with({ signal })(waits, words()),
  ]
  const error = await errorOf<DOMException>(one)
  assert.equal(error, signal.reason)
  assert.equal(error.name, "TimeoutError")
  assert.equal(one.state, "cancelled")
  assert.equal(await errorOf(two), error)
  assert.equal(await errorOf(go.with({ signal })(add, 1, 2)), error)
  await allEnded()
  if (Atomics.load(told, 0) > 0) assert.equal(Atomics.load(told, 1), 1)
})

test("an aborted signal's reason is that of the error", async () => {
  const controller = new AbortController()
  controller.abort()
  const error = await errorOf<TaskCancelledError>(go.with({ signal: controller.signal })(add, 1, 2))
  assert.ok(error instanceof TaskCancelledError)
  assert.equal(error.reason, controller.signal.reason)
  assert.equal(error.cause, controller.signal.reason)
  assert.match(error.message, /^task add was cancelled: .*aborted/)
})

test("a signal that lives long keeps nothing of tasks that have ended", async () => {
  const { signal } = new AbortController()
  const tasks = Array.from({ length: 100 }, (_, i) => go.with({ signal })(add, i, 1))
  assert.equal(getEventListeners(signal, "abort").length, 100)
  await Promise.all(tasks)
  assert.equal(getEventListeners(signal, "abort").length, 0)
  const refused = go.with({ signal })(echo, () => {})
  await errorOf(refused)
  assert.equal(getEventListeners(signal, "abort").length, 0)
  const told = words()
  const cancelled = go.with({ signal })(waits, told)
  cancelled.cancel()
  await errorOf(cancelled)
  await allEnded()
  assert.equal(getEventListeners(signal, "abort").length, 0)
})

test("timeoutMs: a running task is cancelled, a fast one is not", async () => {
  const told = words()
  const error = await errorOf<TimeoutError>(go.with({ timeoutMs: 5 })(waits, told))
  assert.ok(error instanceof TimeoutError)
  assert.equal(error.timeoutMs, 5)
  assert.equal(error.operation, "task")
  assert.equal(await go.with({ timeoutMs: 60_000 })(add, 1, 2), 3)
  assert.equal(await go.with({ timeoutMs: Infinity })(add, 1, 2), 3)
  await assert.rejects(go.with({ timeoutMs: 0 })(waits, told), TimeoutError)
  await allEnded()
})

test("kill: an endless loop is ended with its isolate, which is replaced", async () => {
  const told = words()
  const before = isolates().length
  const task = go.with({ timeoutMs: 5, kill: true })(forever, told)
  await assert.rejects(task, TimeoutError)
  await allEnded()
  await start()
  assert.equal(isolates().length, before)
  assert.deepEqual(await Promise.all([go(add, 1, 1), go(add, 2, 2)]), [2, 4])
})

test("kill: also when the loop keeps the thread of the one who set the time", async () => {
  const told = words()
  const error = await errorOf<IsolateDiedError>(go.with({ on: 1 })(childBlocks, told))
  assert.ok(error instanceof IsolateDiedError)
  assert.equal(error.reason, "killed")
  assert.equal(Atomics.load(told, 0), 1)
  await start()
  assert.equal(await go.with({ on: 1 })(add, 1, 2), 3)
})

test("kill: cancel() and a signal end an endless loop too", async () => {
  for (const how of ["cancel", "signal"]) {
    const told = words()
    const controller = new AbortController()
    const task = go.with({ kill: true, signal: controller.signal })(forever, told)
    await begun(task)
    if (how === "cancel") task.cancel()
    else controller.abort()
    await assert.rejects(task, TaskCancelledError)
    await allEnded()
  }
})

test("kill: a task that listens is not killed, nor are its neighbours", async (t) => {
  const told = words()
  const neighbours = [1, 2].map((on) => go.with({ on })(waits, told))
  await reached(told, 0, 2)
  const own = words()
  const task = go.with({ kill: true })(hears, own)
  await reached(own, 0, 1)
  // Its time to listen is over when it has listened, however long that took.
  t.mock.timers.enable({ apis: ["setTimeout"] })
  task.cancel()
  await assert.rejects(task, TaskCancelledError)
  await reached(own, 0, 2)
  while (pending.count > neighbours.length) await turn()
  t.mock.timers.tick(2 * KILL_GRACE_MS)
  t.mock.timers.reset()
  for (const id of [1, 2]) assert.equal(here().words[pageOf(id) + PAGE.CONDEMNED], 0)
  release(told)
  assert.deepEqual((await Promise.all(neighbours)).sort(), [1, 2])
  await allEnded()
})

test("kill: a neighbour of the killed task rejects with IsolateDiedError", async () => {
  const told = words()
  const neighbour = go.with({ on: 1 })(waits, told)
  await reached(told, 0, 1)
  const own = words()
  const task = go.with({ on: 1, kill: true })(forever, own)
  // One that is cancelled before it has begun is skipped, and kills nobody.
  await reached(own, 0, 1)
  task.cancel()
  const [death, cancelled] = await Promise.all([errorOf(neighbour), errorOf(task)])
  assert.ok(death instanceof IsolateDiedError)
  assert.ok(cancelled instanceof TaskCancelledError)
  await allEnded()
})
