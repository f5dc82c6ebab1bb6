/** What actors say when shared memory is used up, and that they go on when there is some again. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { spawn } from "../../src/actor/index.ts"
import { OutOfSharedMemoryError } from "../../src/errors.ts"
import { acquire, here } from "../../src/internal/loop/here.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Account } from "./actors.ts"

const memoryBytes = 16 << 20
await start({ isolates: 1, memoryBytes })

/** Takes all that is left, and gives it back when the block ends. */
function exhaust(): Disposable {
  const taken: number[] = []
  for (let bytes = memoryBytes; bytes >= 16; bytes /= 2) {
    try {
      for (;;) taken.push(acquire(here(), bytes))
    } catch (error) {
      assert.ok(error instanceof OutOfSharedMemoryError)
    }
  }
  return {
    [Symbol.dispose]() {
      for (const block of taken) here().arena.release(block)
    },
  }
}

test("what cannot be listened to now is listened to later", async () => {
  const account = await spawn(Account, [], { on: 1 })
  {
    using _nothing = exhaust()
    for (const _ of [1, 2])
      assert.ok((await errorOf(account.exited)) instanceof OutOfSharedMemoryError)
  }
  assert.equal(await account.ask.deposit(1), 1)
  account.stop()
  assert.deepEqual(await account.exited, { reason: "normal" })
})

test("without memory for a message, an actor stops when there is some", async () => {
  const account = await spawn(Account, [], { on: 1 })
  {
    using _nothing = exhaust()
    account.stop(["enough", 1])
    await new Promise(setImmediate)
    assert.equal(account.statistics().state, "running")
  }
  assert.deepEqual(await account.exited, { reason: "normal", detail: ["enough", 1] })
})

test("a reason to stop that never fits is refused, and the actor lives", async () => {
  const account = await spawn(Account, [], { on: 1 })
  assert.throws(() => account.stop(new Uint8Array(memoryBytes)), OutOfSharedMemoryError)
  assert.equal(await account.ask.deposit(1), 1)
  account.stop()
  await account.exited
})
