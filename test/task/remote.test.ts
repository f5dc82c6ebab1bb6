import assert from "node:assert/strict"
import { test } from "node:test"
import { start } from "../../src/isolate/index.ts"
import { go, parallel, remote } from "../../src/task/index.ts"
import { squareFromTask } from "./functions.ts"

await start({ isolates: 1 })

const work = remote<typeof import("./fixtures/work.ts")>(
  new URL("./fixtures/work.ts", import.meta.url),
)

test("a module's functions are tasks, found by its URL", async () => {
  assert.equal(await work.square(7), 49)
  assert.equal(await work.later("text"), "TEXT")
  assert.deepEqual(await work.upTo(3), [0, 1, 2])
})

test("a function of a remote module is always the same, and its task has its name", async () => {
  assert.equal(work.square, work.square)
  const task = work.square(2)
  assert.equal(task.name, "square")
  await task
})

test("a remote module is no thenable, and symbols name nothing", async () => {
  const found = (await work) as unknown as Record<symbol, unknown>
  assert.equal(found[Symbol.iterator], undefined)
})

test("runs the function that it names also in the isolate that submitted it", async () => {
  assert.deepEqual(
    await Promise.all([6, 7, 8].map((n) => go.with({ on: 1 })(squareFromTask, n))),
    [36, 49, 64],
  )
})

test("can be given to go and to parallel loops", async () => {
  assert.equal(await go(work.square, 5), 25)
  assert.equal(await go.with({ on: "main" })(work.square, 6), 36)
  assert.deepEqual(await parallel.map([1, 2], work.square), [1, 4])
})

test("what is no URL is refused", () => {
  const message = /^remote takes .* received "not a url"$/
  assert.throws(() => remote("not a url"), { name: "TypeError", message })
})
