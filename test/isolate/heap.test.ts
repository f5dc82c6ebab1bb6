import assert from "node:assert/strict"
import { test } from "node:test"
import { IsolateDiedError } from "../../src/errors.ts"
import { start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add, grows } from "./fixtures/functions.ts"

await start({ isolates: 1, heapMb: 256 })

test("a heap that grows until it is full ends its isolate, not the process", async () => {
  await assert.rejects(go(grows), (error: IsolateDiedError) => {
    assert.ok(error instanceof IsolateDiedError)
    assert.equal(error.reason, "out-of-memory")
    assert.match(error.message, /ran out of heap/)
    return true
  })
  assert.equal(await go(add, 1, 2), 3)
})
