/** Callbacks of timers are code of their task: they may be left in the middle, too. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { go, sharedArray } from "../../../src/index.ts"

function later(words: Int32Array): Promise<number> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const before = Atomics.add(words, 0, 1)
      resolve(before + Atomics.add(words, 0, 1))
    }, 1)
    Atomics.add(words, 0, 1)
    Atomics.add(words, 0, 1)
  })
}

test("a callback runs once, and never in the middle of its task's code", async () => {
  const found: string[][] = []
  for (const strategy of ["every", "exhaustive"] as const) {
    const outcomes = new Set<string>()
    const { exhaustive } = await explore(
      async () => {
        const words = sharedArray(Int32Array, 1)
        const both = await Promise.all([go(later, words), go(later, words)])
        assert.equal(Atomics.load(words, 0), 8)
        outcomes.add(both.join())
      },
      { strategy, timeouts: "any", schedulesMax: 50_000 },
    )
    assert.equal(exhaustive, true)
    found.push([...outcomes].sort())
  }
  assert.ok((found[0]?.length ?? 0) > 4)
  assert.deepEqual(found[1], found[0])
})
