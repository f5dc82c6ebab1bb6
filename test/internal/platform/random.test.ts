import assert from "node:assert/strict"
import { test } from "node:test"
import { below, seed } from "../../../src/internal/platform/random.ts"

test("the same seed gives the same numbers, below the bound", () => {
  const draw = (): number[] => Array.from({ length: 1000 }, () => below(10))
  seed(42)
  const first = draw()
  seed(42)
  assert.deepEqual(draw(), first)
  assert.ok(first.every((value) => Number.isInteger(value) && value >= 0 && value < 10))
  assert.equal(new Set(first).size, 10)
})

test("even seeds, 0 among them, give numbers too", () => {
  for (const value of [0, 2, -4]) {
    seed(value)
    assert.ok(new Set(Array.from({ length: 100 }, () => below(1000))).size > 50)
  }
})
