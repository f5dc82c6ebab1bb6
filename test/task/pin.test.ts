import assert from "node:assert/strict"
import { test } from "node:test"
import { IsolateDiedError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { isolates, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import { counts, echo, isolateNow, occupies } from "./functions.ts"
import { errorOf, reached, release, words } from "./support.ts"

await start({ isolates: 2 })

test("tasks of a function that must be loaded first do not gather behind one another", async () => {
  const told = words()
  const tasks = [go(occupies, told), go(occupies, told)]
  await reached(told, 0, 2)
  release(told)
  await Promise.all(tasks)
})

test("on: main, and on: an id", async () => {
  assert.equal(await go.with({ on: "main" })(isolateNow), 0)
  assert.equal(await go.with({ on: 0 })(isolateNow), 0)
  for (const { id } of isolates()) {
    const ids = await Promise.all(Array.from({ length: 20 }, () => go.with({ on: id })(isolateNow)))
    assert.deepEqual([...new Set(ids)], [id])
  }
})

test("on: what is no running isolate", () => {
  for (const on of [3, 63, 64, -1, 1.5, NaN, 1_000_000]) {
    assert.throws(() => go.with({ on })(isolateNow), {
      name: "RangeError",
      message: new RegExp(`received ${on}`),
    })
  }
})

test("a pinned task whose isolate dies before it begins rejects, and does not run", async () => {
  const told = words()
  const busy = go.with({ on: 1 })(occupies, told)
  await reached(told, 0, 1)
  const waiting = [1, 2, 3].map(() => go.with({ on: 1 })(counts, told))
  const withValues = go.with({ on: 1 })(echo, { text: "x".repeat(1000), told })
  requestKill(ownerOf(here().words, 1))
  for (const task of [busy, ...waiting, withValues]) {
    const error = await errorOf<IsolateDiedError>(task)
    assert.ok(error instanceof IsolateDiedError)
    assert.equal(error.isolate, 1)
    assert.equal(error.reason, "killed")
  }
  assert.equal(Atomics.load(told, 2), 0)
  assert.equal(pending.count, 0)
  await start()
  assert.equal(await go.with({ on: 1 })(isolateNow), 1)
})
