import assert from "node:assert/strict"
import { test } from "node:test"
import { CHUNK_GROWTH, CHUNK_ITEMS_ASYNC, CHUNK_ITEMS_MAX } from "#platform/limits"
import { largestGrain, nextGrain } from "../../src/task/grain.ts"

test("every isolate gets at least four chunks, and no chunk is too large", () => {
  assert.equal(largestGrain(1000, 2), 125)
  assert.equal(largestGrain(9, 2), 2)
  assert.equal(largestGrain(3, 8), 1)
  assert.equal(largestGrain(0, 2), 1)
  assert.equal(largestGrain(1e9, 2), CHUNK_ITEMS_MAX)
  assert.equal(largestGrain(undefined, 2), CHUNK_ITEMS_MAX)
})

test("chunks come to about a millisecond of work", () => {
  const cases: [items: number, ms: number, isAsync: boolean, largest: number, next: number][] = [
    [100, 2, false, 10_000, 50],
    [100, 0.5, false, 10_000, 200],
    [1, 10, false, 10_000, 1],
    [1, 0.001, false, 10_000, CHUNK_GROWTH],
    [10, 0, false, 10_000, 10 * CHUNK_GROWTH],
    [5000, 0.1, false, 8000, 8000],
    [100, 0.1, true, 8000, CHUNK_ITEMS_ASYNC],
    [16, 8, true, 8000, 2],
  ]
  for (const [items, ms, isAsync, largest, next] of cases) {
    assert.equal(nextGrain({ items, ms, isAsync }, largest), next, `${items} items in ${ms} ms`)
  }
})
