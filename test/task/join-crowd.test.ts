import assert from "node:assert/strict"
import { test } from "node:test"
import { start } from "../../src/isolate/index.ts"
import { go, parallel } from "../../src/task/index.ts"
import * as work from "./join-functions.ts"

test("trees of all shapes share more isolates than there are cores", async () => {
  await start({ isolates: 6 })
  const sizes = Array.from({ length: 50 }, (_, i) => (i * 7) % 17)
  const expected = sizes.map((n) => work.plainFib(n))
  for (let round = 0; round < 30; round++) {
    const [fibs, sum, more] = await Promise.all([
      parallel.map(sizes, work.fib, { grain: 1 }),
      go(work.skynet, 0, 10_000),
      go(work.fib, 20),
    ])
    assert.deepEqual(fibs, expected)
    assert.equal(sum, 49_995_000)
    assert.equal(more, 6765)
  }
})
