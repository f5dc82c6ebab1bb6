import assert from "node:assert/strict"
import { test } from "node:test"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { freshMemory } from "../../support/shared-memory.ts"
import { start } from "../../support/stress.ts"

const THREADS = 4
const STEPS = 500_000
const SLOTS = 512

test("four threads acquire, hand over and release", async () => {
  const { words, tokens } = freshMemory(400, 1)
  const main = new Arena(words, tokens[0])
  const slots = main.acquire(4 * SLOTS)
  words.fill(0, slots, slots + SLOTS)
  const hands = Array.from({ length: THREADS }, (_, i) =>
    start("arena", words, i + 1, [slots, SLOTS, STEPS, 1000 + i]),
  )
  await Promise.all(hands.map((hand) => hand.ended))
  for (let i = 0; i < SLOTS; i++) {
    const block = words[slots + i]
    if (block !== 0) main.release(block)
  }
  main.release(slots)
  for (const token of [...tokens, ...hands.map((hand) => hand.token)]) main.reclaim(token)
  assert.equal(main.statistics().usedBytes, 0)
})
