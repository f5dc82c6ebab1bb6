import assert from "node:assert/strict"
import { test } from "node:test"
import { type SharedArrayClass, sharedArray } from "../../src/isolate/index.ts"

test("only classes of typed arrays stand over shared memory", () => {
  assert.equal(sharedArray(Int16Array, 3).byteLength, 6)
  for (const wrong of [Array, DataView, undefined]) {
    const given = wrong as unknown as SharedArrayClass<unknown>
    assert.throws(() => sharedArray(given, 3), TypeError)
  }
})
