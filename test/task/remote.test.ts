import assert from "node:assert/strict"
import { test } from "node:test"
import { remote } from "../../src/task/index.ts"

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

test("what is no URL is refused", () => {
  assert.throws(() => remote("not a url"), { code: "ERR_INVALID_URL" })
})
