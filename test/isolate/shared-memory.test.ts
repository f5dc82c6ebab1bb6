import assert from "node:assert/strict"
import { test } from "node:test"
import { type SharedArrayClass, sharedArray, sharedBytes } from "../../src/isolate/index.ts"
import { program } from "./program.ts"

test("only classes of typed arrays stand over shared memory", () => {
  assert.equal(sharedArray(Int16Array, 3).byteLength, 6)
  for (const wrong of [Array, DataView, undefined]) {
    const given = wrong as unknown as SharedArrayClass<unknown>
    assert.throws(() => sharedArray(given, 3), TypeError)
  }
})

test("numbers of elements are checked, and named", () => {
  for (const given of [-1, 1.5, "3", null, 3n, Symbol("s")] as number[]) {
    const error = {
      name: "RangeError",
      message: /takes a whole number of elements from 0, received /,
    }
    assert.throws(() => sharedBytes(given), error)
    assert.throws(() => sharedArray(Int32Array, given), error)
  }
})

test("shared arrays that are dropped do not fill the memory", async () => {
  const { stdout, stderr } = await program("churn")
  const { alone, together } = JSON.parse(stdout || stderr) as Record<string, number>
  // 1,500 MB are made alone, 600 MB more are sent and kept by nobody.
  assert.ok(alone < 500, stdout)
  assert.ok(together < 600, stdout)
})

test("what the engine cannot reserve is refused with its size", () => {
  assert.throws(() => sharedBytes(2 ** 50), {
    name: "RangeError",
    message: `${2 ** 50} bytes of shared memory cannot be had`,
  })
  const none = undefined as unknown as typeof Int32Array
  assert.throws(() => sharedArray(none, undefined as unknown as number), /takes a class such as/)
})
