/** `kill: true` of explored tasks: who does not hear the cancellation dies of it. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go, type Mutex, mutex, scope } from "../../../src/index.ts"
import { failureOf } from "./support.ts"

async function holdForGood(lock: Mutex, began: Channel<string>): Promise<void> {
  using _guard = await lock.lock()
  began.trySend("holds")
  await channel<number>(0).receive()
}

const program = (kill: boolean) => async () => {
  const [lock, began] = [mutex(), channel<string>(1)]
  const task = go.with({ timeoutMs: 5, kill })(holdForGood, lock, began)
  await began.receive()
  const enter = go((mine: Mutex) => mine.with(() => "entered", { repair: () => {} }), lock)
  const code = await task.catch((error: { code: string }) => error.code)
  assert.deepEqual([code, await enter], ["ERR_HEDDLE_TIMEOUT", "entered"])
}

test("the isolate of a task that does not stop in time ends, and its locks are free", async () => {
  const { exhaustive, kills } = await explore(program(true))
  assert.deepEqual([exhaustive, kills], [true, 0])
})

test("without it such a task is found", async () => {
  const failure = await failureOf(program(false))
  assert.equal(failure.kind, "deadlock")
})

test("in a scope, too", async () => {
  const { exhaustive } = await explore(async () => {
    const [lock, began] = [mutex(), channel<string>(1)]
    const ended = await scope(async (s) => {
      void s.go.with({ kill: true })(holdForGood, lock, began)
      await began.receive()
      throw new RangeError("enough")
    }).catch(({ message }: Error) => message)
    assert.equal(ended, "enough")
    await lock.with(() => {}, { repair: () => {} })
  })
  assert.equal(exhaustive, true)
})
