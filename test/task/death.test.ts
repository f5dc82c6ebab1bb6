import assert from "node:assert/strict"
import { test } from "node:test"
import { IsolateDiedError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { isolates, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import {
  add,
  childDies,
  counts,
  dies,
  diesWithOwnTasks,
  fansOut,
  isolateNow,
  occupies,
  waits,
} from "./functions.ts"
import { errorOf, reached, release, words } from "./support.ts"

await start({ isolates: 2 })

/** Warnings of this process, as they come. */
const warnings: string[] = []
process.on("warning", ({ message }) => warnings.push(message))

async function died(promise: PromiseLike<unknown>): Promise<IsolateDiedError> {
  const error = await errorOf<IsolateDiedError>(promise)
  assert.ok(error instanceof IsolateDiedError, String(error))
  return error
}

test("process.exit inside a task", async () => {
  const error = await died(go(dies, "exit"))
  assert.equal(error.reason, "exited")
  assert.equal(error.exitCode, 7)
  assert.match(error.message, /called process.exit with code 7/)
  assert.equal(await go(add, 1, 2), 3)
})

test("an uncaught error ends the isolate: it is the cause, and a warning names it", async () => {
  const error = await died(go(dies, "throw in a timer"))
  assert.equal(error.reason, "failed")
  const cause = error.cause as Error & { code: string }
  assert.ok(cause instanceof RangeError)
  assert.equal(cause.message, "from a timer")
  assert.equal(cause.code, "E_TIMER")
  assert.ok(
    warnings.some((text) => /isolate \d+ ended/.test(text) && text.includes("from a timer")),
  )
})

test("a floating rejection in a task ends its isolate, and is the cause", async () => {
  const error = await died(go(dies, "floating rejection"))
  assert.equal(error.reason, "failed")
  assert.ok(error.cause instanceof TypeError)
  assert.equal((error.cause as Error).message, "nobody listens")
})

test("a task submitted by a task: its submitter learns the cause too", async () => {
  await start()
  const heard = (await go(childDies, "throw in a timer")) as IsolateDiedError
  const cause = heard.cause as Error & { code: string }
  assert.equal(heard.reason, "failed")
  assert.ok(cause instanceof RangeError)
  assert.equal(cause.code, "E_TIMER")
})

test("the error's stack is that of the submission", async () => {
  const error = await died(go(dies, "exit"))
  assert.match(error.stack ?? "", /death\.test\.ts/)
})

test("everything that ran there rejects, what was queued there runs elsewhere, once", async () => {
  const told = words()
  const busy = [go(occupies, told), go(occupies, told)]
  await reached(told, 0, 2)
  const queued = Array.from({ length: 500 }, () => go(counts, told))
  requestKill(ownerOf(here().words, 1))
  const ended = Promise.allSettled(busy)
  await Promise.race(busy).catch(() => {})
  release(told)
  const outcomes = await ended
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"])
  await Promise.all(queued)
  assert.equal(Atomics.load(told, 2), 500)
})

test("tasks that a dead isolate had submitted run all the same", async () => {
  for (let i = 0; i < 6; i++) {
    const task = go(fansOut, 2000)
    while (task.state === "queued") await new Promise(setImmediate)
    for (const { id } of isolates()) if (id !== 0) requestKill(ownerOf(here().words, id))
    await task.catch(() => {})
    await start()
  }
  assert.equal(await go(fansOut, 100), 5050)
  assert.equal(pending.count, 0)
})

test("tasks that a dead isolate had for itself are dropped, and nothing else", async () => {
  await died(go(diesWithOwnTasks, 50))
  const { arena } = here()
  const blocks = Array.from({ length: 1000 }, () => arena.acquire(64))
  assert.equal(new Set(blocks).size, blocks.length)
  for (const block of blocks) arena.release(block)
})

test("the replacement has the same id and takes part", async () => {
  await start()
  const ids = isolates().map(({ id }) => id)
  const token = ownerOf(here().words, 1)
  requestKill(token)
  while ([0, token].includes(ownerOf(here().words, 1))) await new Promise(setImmediate)
  await start()
  assert.deepEqual(
    isolates()
      .map(({ id }) => id)
      .sort(),
    ids.sort(),
  )
  assert.ok(isolates().every(({ state }) => state === "running"))
  assert.equal(await go.with({ on: 1 })(isolateNow), 1)
})

test("all isolates die at once: what was queued waits for their successors", async () => {
  const told = words()
  const busy = [go(waits, told), go(waits, told)]
  await reached(told, 0, 2)
  for (const { id } of isolates()) if (id !== 0) requestKill(ownerOf(here().words, id))
  const queued = Array.from({ length: 100 }, (_, i) => go(add, i, 0))
  await Promise.allSettled(busy)
  assert.equal((await Promise.all(queued)).length, 100)
})

test("a task that runs in main outlives every isolate", async () => {
  const told = words()
  const task = go.with({ on: "main" })(waits, told)
  await reached(told, 0, 1)
  await died(go(dies, "exit"))
  release(told)
  assert.equal(await task, 0)
})
