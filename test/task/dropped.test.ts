/** An isolate dies in the moment in which it has dropped the values of a task that will not run. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { IsolateDiedError, TaskCancelledError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { move } from "../../src/internal/wire/move.ts"
import { start } from "../../src/isolate/index.ts"
import { go, type Task } from "../../src/task/index.ts"
import { blocksAtHand, diesOnceItDrops, echo } from "./functions.ts"
import { errorOf, reached, release, words } from "./support.ts"

await start({ isolates: 1 })

const BLOCKS = 500

/** The only isolate comes to what `submit` has submitted, and dies as soon as it has dropped it. */
async function dropsAndDies(submit: () => Task<unknown>): Promise<Error> {
  const told = words()
  const trap = go(diesOnceItDrops, told)
  await reached(told, 0, 1)
  const heard = errorOf(submit())
  release(told)
  await trap
  const error = await heard
  await start()
  return error
}

/** No block is at hand in two places. */
async function assertApart(bytes: number): Promise<void> {
  const theirs = await go(blocksAtHand, BLOCKS, bytes)
  const ours = Array.from({ length: BLOCKS }, () => here().arena.acquire(bytes))
  assert.equal(new Set([...theirs, ...ours]).size, 2 * BLOCKS)
}

test("a cancelled task is not dropped again", async () => {
  const error = await dropsAndDies(() => {
    const task = go(echo, { text: "x".repeat(700) })
    task.cancel()
    return task
  })
  assert.ok(error instanceof TaskCancelledError)
  assert.equal(await go(echo, 1), 1)
  await assertApart(1024)
})

test("a task whose buffer does not arrive is not begun again", async () => {
  const error = await dropsAndDies(() =>
    go(echo, { text: "x".repeat(700), moved: move(new ArrayBuffer(8)) }),
  )
  assert.ok(error instanceof IsolateDiedError, String(error))
  await assertApart(1024)
})
