import assert from "node:assert/strict"
import { test } from "node:test"
import { LOOK_MESSAGES, SLOW_MESSAGE_MS } from "#platform/limits"
import { Pace } from "../../src/channel/pace.ts"

/** Sends `looks` strides with `ms` for each message; answers how often the clock was asked. */
function sender() {
  const side = { position: 0, stride: 0, isSlow: false, isMeasured: false }
  const pace = new Pace()
  let time = 0
  return {
    side,
    wait(ms: number): void {
      side.isMeasured = false
      time += ms
    },
    send(looks: number, ms: number): number {
      let asked = 0
      for (let i = 0; i < looks; i++) {
        side.stride = LOOK_MESSAGES
        pace.looked(side, () => {
          asked++
          return time
        })
        side.position += side.stride
        time += side.stride * ms
      }
      return asked
    },
  }
}

test("a fast sender keeps its strides, and the clock is seldom asked", () => {
  const { side, send } = sender()
  const asked = send(800, SLOW_MESSAGE_MS / 100)
  assert.equal(side.isSlow, false)
  assert.equal(side.stride, LOOK_MESSAGES)
  assert.ok(asked <= 110, `${asked} times`)
})

test("a sender that begins slowly is seen with its second look", () => {
  const { side, send } = sender()
  send(2, 10 * SLOW_MESSAGE_MS)
  assert.deepEqual([side.isSlow, side.stride], [true, 1])
})

test("a sender that becomes slow is seen within a group, and is fast again after a while", () => {
  const { side, send } = sender()
  send(100, SLOW_MESSAGE_MS / 100)
  send(9, 10 * SLOW_MESSAGE_MS)
  assert.equal(side.isSlow, true)
  send(LOOK_MESSAGES - 1, SLOW_MESSAGE_MS / 100)
  assert.equal(side.isSlow, true, "a short burst changes nothing")
  send(3, SLOW_MESSAGE_MS / 100)
  assert.deepEqual([side.isSlow, side.stride], [false, LOOK_MESSAGES])
})

test("a sender that waits and then sends quickly is not slow", () => {
  const { side, send, wait } = sender()
  for (let i = 0; i < 50; i++) {
    send(i, SLOW_MESSAGE_MS / 100)
    wait(5)
    assert.equal(side.isSlow, false)
  }
})
