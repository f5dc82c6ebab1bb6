import assert from "node:assert/strict"
import { test } from "node:test"
import { usualHeapMb } from "../../src/isolate/roster.ts"

test("an isolate's heap is half of the memory at most, within the bounds", () => {
  const cases = [
    [24_000, 4096],
    [8192, 4096],
    [2048, 1024],
    [1001, 500],
    [300, 256],
    [Number.POSITIVE_INFINITY, 4096],
  ] as const
  for (const [memory, heap] of cases) assert.equal(usualHeapMb(memory), heap, `${memory} MB`)
})
