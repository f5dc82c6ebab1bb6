import assert from "node:assert/strict"
import { it } from "node:test"
import { go, remote, task } from "../../src/task/index.ts"
import { add } from "./functions.ts"

/** A call with arguments of any types, as JavaScript makes it. */
function calling(fn: unknown, ...args: unknown[]): () => unknown {
  return () => (fn as (...args: unknown[]) => unknown)(...args)
}

it("what go is given is shown as it was written", () => {
  assert.throws(calling(go, null), /^TypeError: a task needs a function, received null$/)
  assert.throws(calling(go, "add"), /^TypeError: a task needs a function, received "add"$/)
})

it("options of go.with are of the right types", () => {
  const refuse = (options: object, message: RegExp): void => {
    assert.throws(() => go.with(options)(add, 1, 2), message)
  }
  refuse({ name: 3 }, /^TypeError: name must be a string, received 3$/)
  refuse({ kill: "yes" }, /^TypeError: kill must be true or false, received "yes"$/)
  refuse({ on: "1" }, /^RangeError: on must be .* of a running isolate, received "1"$/)
  refuse({ timeoutMs: "5" }, /^RangeError: timeoutMs must be .* received "5"$/)
})

it("task and remote say what they take", () => {
  const url = import.meta.url
  assert.throws(calling(task, url, "add"), /^TypeError: task takes a function, received undefined$/)
  assert.throws(calling(task, "add", add), /^TypeError: task takes a function, received undefined$/)
  assert.throws(calling(task, "", "add", add), /task takes the module's URL, .* received ""$/)
  assert.throws(calling(task, url, "", add), /task takes the name of the export, received ""$/)
  assert.throws(
    calling(remote, "./work.js"),
    /^TypeError: remote takes .* received "\.\/work\.js"$/,
  )
  assert.throws(calling(remote), /^TypeError: remote takes a module's URL, .* received undefined$/)
})
