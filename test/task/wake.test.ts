import assert from "node:assert/strict"
import { test } from "node:test"
import { start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { add, occupies } from "./functions.ts"
import { reached, release, words } from "./support.ts"

await start({ isolates: 3 })

/** As many small tasks as are more than what one isolate is left alone with. */
const adds = (count: number) => Array.from({ length: count }, (_, i) => go(add, i, 1))

test("long tasks among small ones, after many small ones, run in all isolates", async () => {
  for (let round = 0; round < 3; round++) {
    await Promise.all(adds(5_000))
    const told = words()
    const long = []
    const small = []
    for (let i = 0; i < 3; i++) {
      long.push(go(occupies, told))
      small.push(...adds(300))
    }
    // Each keeps its thread until it is released: three run only in three isolates.
    await reached(told, 0, 3)
    release(told)
    await Promise.all(long)
    assert.deepEqual(
      await Promise.all(small),
      small.map((_, i) => (i % 300) + 1),
    )
  }
})
