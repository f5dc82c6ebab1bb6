import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read } from "#platform/atomics"
import { waitSync } from "#platform/park"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { doorbell, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { NEXT, takeAll } from "../../../src/internal/queue/inbox.ts"
import { freshMemory } from "../../support/shared-memory.ts"
import { start } from "../../support/stress.ts"

const TELLERS = 3
const MESSAGES = 100_000
/** Words of a node: who told it, and its number. */
const TELLER = 2
const NUMBER = 15

test("three tell, one sleeps whenever nothing is left, and hears everything in order", async () => {
  const { words, tokens } = freshMemory(600, 1)
  const me = tokens[0]
  const arena = new Arena(words, me)
  const hands = Array.from({ length: TELLERS }, (_, i) =>
    start("teller", words, i + 1, [me, MESSAGES]),
  )
  const failed = Promise.all(hands.map((hand) => hand.ended))
  const last = new Map(hands.map((hand) => [hand.token, 0]))
  for (let left = TELLERS * MESSAGES; left > 0; ) {
    const seen = load(words, doorbell(me))
    for (let node = takeAll(words, me); node !== 0; left--) {
      const next = read(words, node + NEXT)
      const teller = read(words, node + TELLER)
      assert.equal(read(words, node + NUMBER), (last.get(teller) as number) + 1)
      last.set(teller, read(words, node + NUMBER))
      arena.release(node)
      node = next
    }
    if (left === 0) break
    setSleeping(words, me, true)
    const woken = waitSync(words, doorbell(me), seen, 60_000)
    setSleeping(words, me, false)
    assert.notEqual(woken, "timed-out", "asleep with something in the inbox")
  }
  await failed
  for (const token of [me, ...last.keys()]) arena.reclaim(token)
  assert.equal(arena.statistics().usedBytes, 0)
})
