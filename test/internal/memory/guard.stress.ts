import assert from "node:assert/strict"
import { test } from "node:test"
import { now } from "#platform/clock"
import { CONDEMN_NAPS, GUARD_NAP_MS } from "#platform/limits"
import { condemn } from "../../../src/internal/memory/guard.ts"
import { PAGE, pageOf } from "../../../src/internal/memory/layout.ts"
import { bury, slotOf } from "../../../src/internal/memory/owners.ts"
import { freshMemory, wordsFor } from "../../support/shared-memory.ts"
import { type Hand, start } from "../../support/stress.ts"

const THREADS = 3
const TERMINATIONS = 30
const GUARD = wordsFor(4) - 64
const STOP = GUARD + 32

/**
 * Waits past the patience of `condemn` too: a thread of this test that is inside for so long has no
 * core, and would be inside when it is ended.
 */
function condemnOutside(words: Int32Array, token: number): void {
  const guarded = pageOf(slotOf(token)) + PAGE.GUARDED
  for (;;) {
    const begun = now()
    condemn(words, token)
    if (Atomics.load(words, guarded) === 0) return
    assert.ok(now() - begun >= CONDEMN_NAPS * GUARD_NAP_MS, "it is inside, and was not waited for")
  }
}

test("threads are ended at any moment, and no section is ever half-done", async () => {
  const { words } = freshMemory(4, 1)
  const startIn = (slot: number): Hand => {
    words[pageOf(slot) + PAGE.CONDEMNED] = 0
    words[pageOf(slot) + PAGE.GUARDED] = 0
    return start("guard", words, slot, [GUARD, STOP])
  }
  const hands = Array.from({ length: THREADS }, (_, i) => startIn(i + 1))
  // Threads take a while to start: nothing is ended before a section was passed.
  while (Atomics.load(words, GUARD + 1) === 0) await new Promise((resolve) => setImmediate(resolve))
  for (let i = 0; i < TERMINATIONS; i++) {
    const victim = hands.shift() as Hand
    condemnOutside(words, victim.token)
    await victim.terminate()
    await victim.ended
    bury(words, victim.token)
    hands.push(startIn(slotOf(victim.token)))
  }
  words[STOP] = 1
  await Promise.all(hands.map((hand) => hand.ended))
  const counts = words.subarray(GUARD + 1, GUARD + 9)
  assert.equal(new Set(counts).size, 1, `half-done: ${counts}`)
  assert.ok(counts[0] > 0)
})
