/** Ordinary programs, explored. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go, type Mutex, mutex } from "../../../src/index.ts"
import { failureOf } from "./support.ts"

async function lockBoth(first: Mutex, second: Mutex): Promise<void> {
  using _first = await first.lock()
  using _second = await second.lock()
}

test("values cross in order, whatever the schedule", async () => {
  const result = await explore(async () => {
    const numbers = channel<number>(1)
    const sends = async (to: Channel<number>) => {
      for (let i = 0; i < 4; i++) await to.send(i)
      to.close()
    }
    const task = go(sends, numbers)
    const seen: number[] = []
    for await (const number of numbers) seen.push(number)
    assert.deepEqual(seen, [0, 1, 2, 3])
    await task
  })
  assert.equal(result.exhaustive, true)
})

test("locks taken in two orders are a deadlock, and in one order none", async () => {
  const failure = await failureOf(async () => {
    const a = mutex()
    const b = mutex()
    await Promise.all([go(lockBoth, a, b), go(lockBoth, b, a)])
  })
  assert.equal(failure.kind, "deadlock")
  const result = await explore(async () => {
    const a = mutex()
    const b = mutex()
    await Promise.all([go(lockBoth, a, b), go(lockBoth, a, b)])
  })
  assert.equal(result.exhaustive, true)
})

test("what a task is given is a copy", async () => {
  await explore(async () => {
    const list = [1]
    const changed = await go((mine: number[]) => mine.push(2), list)
    assert.equal(changed, 2)
    assert.deepEqual(list, [1])
  })
})
