/** More operations than a search can tell apart. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { type Barrier, barrier, go } from "../../../src/index.ts"

test("a program with more operations than a search can tell apart is refused", async () => {
  const wait = async (all: Barrier) => all.wait()
  const program = (count: number) => async () => {
    const all = barrier(count)
    await Promise.all(Array.from({ length: count }, () => go(wait, all)))
  }
  const how = { name: "crowd", strategy: "random", schedulesMax: 2 } as const
  assert.equal((await explore(program(14), how)).schedules, 2)
  await assert.rejects(explore(program(40), how), (error: Error) => {
    assert.ok(error instanceof RangeError)
    assert.match(error.message, /^crowd: 31 operations at a time is all/)
    return true
  })
  await assert.rejects(explore(program(14), { name: "crowd" }), (error: Error) => {
    assert.ok(error instanceof RangeError)
    assert.match(error.message, /^crowd: 31 operations in all .* explore it by "random" or "pct"$/)
    return true
  })
})
