import assert from "node:assert/strict"
import { test } from "node:test"
import { COUNTER, count, counted, resetCounters } from "../../../src/internal/memory/counters.ts"
import { PAGE } from "../../../src/internal/memory/layout.ts"
import { slotOf } from "../../../src/internal/memory/owners.ts"
import { freshMemory } from "../../support/shared-memory.ts"

test("each counter has a word of its own, below the next part of the page", () => {
  const { words, tokens } = freshMemory(5, 2)
  const me = tokens[1]
  const slot = slotOf(me)
  const counters = Object.values(COUNTER)
  for (const [i, counter] of counters.entries()) count(words, me, counter, i + 1)
  const values = counters.map((counter) => counted(words, slot, counter))
  assert.deepEqual(
    values,
    counters.map((_, i) => i + 1),
  )
  assert.ok(Math.max(...counters) < PAGE.MAGAZINES - PAGE.COUNTERS)
  resetCounters(words, slot)
  for (const counter of counters) assert.equal(counted(words, slot, counter), 0)
})
