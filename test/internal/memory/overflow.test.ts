import assert from "node:assert/strict"
import { test } from "node:test"
import { here } from "../../../src/internal/loop/here.ts"
import { start } from "../../../src/isolate/index.ts"

const DEPTHS = 3000
/** Larger than what an isolate keeps at hand: each is taken and given back inside the guard. */
const BYTES = 5000

test("a stack used up at any place inside a guard leaves the memory whole and usable", async () => {
  await start({ isolates: 1 })
  const { arena } = here()
  const { usedBytes } = arena.statistics()
  const at = (depth: number): void => {
    if (depth > 0) at(depth - 1)
    else arena.release(arena.acquire(BYTES))
  }
  let overflows = 0
  const attempt = (depth: number) => {
    try {
      at(depth)
    } catch (error) {
      assert.ok(error instanceof RangeError)
      overflows++
    }
  }
  let deepest = 1000
  for (; overflows === 0; deepest += 100) attempt(deepest)
  for (let depth = deepest; depth > deepest - DEPTHS; depth--) attempt(depth)
  assert.ok(overflows > 1)
  const block = arena.acquire(BYTES)
  assert.notEqual(block, 0)
  arena.release(block)
  assert.ok(arena.statistics().usedBytes <= usedBytes + overflows * 8192)
})
