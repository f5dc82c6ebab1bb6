import assert from "node:assert/strict"
import { test } from "node:test"
import { framesOf, withoutCallers } from "../../../src/internal/wire/frames.ts"

const house = new URL("../../../src/", import.meta.url).href
const user = "    at parse (file:///app/parse.ts:3:9)"
const runtime = `    at callWith (${house}task/code.ts:10:3)`
const host = "    at AsyncLocalStorage.run (node:internal/async_local_storage:65:14)"

test("the runtime's frames below the user's function are left out", () => {
  const frame = "    at AsyncResource.runInAsyncScope (node:async_hooks:227:14)"
  const stack = ["Error: two", "lines", user, runtime, host, runtime, frame].join("\n")
  assert.equal(withoutCallers(stack), ["Error: two", "lines", user].join("\n"))
})

test("the runtime's frames between the user's stay", () => {
  const stack = ["Error: inner", runtime, user, runtime, user].join("\n")
  assert.equal(withoutCallers(stack), stack)
})

test("a stack of the runtime alone, or without frames, stays as it is", () => {
  const stack = ["Error: own", runtime, host].join("\n")
  assert.equal(withoutCallers(stack), stack)
  assert.equal(withoutCallers("thrown by hand"), "thrown by hand")
})

test("frames are told from the message", () => {
  assert.deepEqual(framesOf(["Error: at home", user, host].join("\n")), [user, host])
})
