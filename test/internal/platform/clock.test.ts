import assert from "node:assert/strict"
import { test } from "node:test"
import { after, every, nextTurn, now, whenSettled } from "../../../src/internal/platform/clock.ts"

test("time never goes back", () => {
  let last = now()
  for (let i = 0; i < 1000; i++) {
    const time = now()
    assert.ok(time >= last)
    last = time
  }
})

test("what waits for microtasks runs after them, and before the next turn", async () => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    nextTurn(() => {
      order.push("turn")
      resolve()
    })
    whenSettled(() => order.push("settled"))
    queueMicrotask(() => order.push("microtask"))
  })
  assert.deepEqual(order, ["microtask", "settled", "turn"])
})

test("timers fire once or repeatedly, and not when stopped", async () => {
  let repeated = 0
  const stopped = after(0, () => assert.fail("it was stopped"))
  stopped.stop()
  await new Promise<void>((resolve) => {
    const timer = every(1, () => {
      if (++repeated < 3) return
      timer.stop()
      resolve()
    })
  })
  await new Promise<void>((resolve) => {
    after(0, resolve)
  })
  assert.equal(repeated, 3)
})

test("what is longer than the host's timers never ends, and keeps nobody", async () => {
  const early = () => assert.fail("it ended")
  for (const ms of [2 ** 31, Infinity]) for (const timer of [after, every]) timer(ms, early).stop()
  for (const ms of [2 ** 31, Infinity]) for (const timer of [after, every]) timer(ms, early)
  // A timer that the host had shortened to a millisecond would be due before this one.
  await new Promise<void>((resolve) => {
    after(2, resolve)
  })
})
