import assert from "node:assert/strict"
import { test } from "node:test"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { ringWords } from "../../support/ring.ts"
import { freshMemory } from "../../support/shared-memory.ts"
import { start } from "../../support/stress.ts"

/** HEDDLE_LONG=1 sends 67,108,864 messages, which takes minutes. */
const MESSAGES = process.env.HEDDLE_LONG === "1" ? 1 << 26 : 1 << 20

for (const capacity of [2, 1024]) {
  const messages = capacity === 2 ? 1 << 14 : MESSAGES
  test(`2 senders, 2 receivers, capacity ${capacity}: ${messages} messages, none missing, none doubled`, async () => {
    const { words, tokens } = freshMemory(4 + (messages >> 18), 1)
    const arena = new Arena(words, tokens[0])
    const ring = arena.acquireObject(4 * ringWords(capacity))
    const bits = arena.acquireObject(messages >> 3)
    const ended = arena.acquireObject(64)
    assert.ok(ring > 0 && bits > 0 && ended > 0)
    const half = messages >> 1
    const hands = [
      start("sender", words, 1, [ring, capacity, 0, half, ended]),
      start("sender", words, 2, [ring, capacity, half, half, ended]),
      start("receiver", words, 3, [ring, capacity, half, bits, ended]),
      start("receiver", words, 4, [ring, capacity, half, bits, ended]),
    ]
    await Promise.all(hands.map((hand) => hand.ended))
    const missing = words.subarray(bits, bits + (messages >> 5)).findIndex((word) => word !== -1)
    assert.equal(missing, -1, `something is missing from ${missing * 32} on`)
  })
}
