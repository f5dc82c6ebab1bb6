/** The forms that block their thread. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { BlockingNotAllowedError, channel, go, start } from "../../src/index.ts"
import { sendSync, sumSync, timesOut } from "./channel-functions.ts"
import { FLAVORS } from "./flavor.cases.ts"

await start({ isolates: 2 })

for (const { name, make } of FLAVORS) {
  test(`${name}: two threads block for each other`, async () => {
    const c = make<number>()
    const receiving = go.with({ on: 1 })(sumSync, c)
    const sending = go.with({ on: 2 })(sendSync, c, 300)
    assert.equal(await receiving, 45_150)
    await sending
  })

  test(`${name}: a blocked thread and one that awaits`, async () => {
    const c = make<number>()
    const receiving = go(sumSync, c)
    for (let i = 1; i <= 100; i++) await c.send(i)
    c.close()
    assert.equal(await receiving, 5050)
    const back = make<number>()
    const sending = go(sendSync, back, 100)
    let sum = 0
    for await (const value of back) sum += value
    assert.equal(sum, 5050)
    await sending
  })

  test(`${name}: a time that passes`, async () => {
    const c = make<number>()
    const outcomes = await go(timesOut, c)
    assert.deepEqual(outcomes, ["ERR_HEDDLE_TIMEOUT", "ERR_HEDDLE_TIMEOUT", "RangeError"])
    const { waitingReceivers, waitingSenders } = c.statistics()
    assert.deepEqual([waitingReceivers, waitingSenders], [0, 0])
  })
}

test("main may not be blocked unless it was allowed", () => {
  const c = channel<number>(1)
  assert.throws(() => c.receiveSync(), BlockingNotAllowedError)
  assert.throws(() => c.sendSync(1), BlockingNotAllowedError)
})
