import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { type Plan, readArguments } from "../../../scripts/ci/arguments.ts"

function plan(...args: string[]): { suites: string[]; filters: readonly string[]; jobs: number } {
  const { suites, filters, jobs } = readArguments(args, 4) as Plan
  return { suites: [...suites], filters, jobs }
}

describe("readArguments", () => {
  it("runs all by default", () => {
    assert.deepEqual(plan(), { suites: ["all"], filters: [], jobs: 4 })
  })

  it("takes suites first, then parts of paths", () => {
    assert.deepEqual(plan("test", "channel"), { suites: ["test"], filters: ["channel"], jobs: 4 })
    assert.deepEqual(plan("channel"), { suites: ["all"], filters: ["channel"], jobs: 4 })
    assert.deepEqual(plan("model", "stress", "ring", "test", "--jobs=1"), {
      suites: ["model", "stress"],
      filters: ["ring", "test"],
      jobs: 1,
    })
  })

  it("says what is wrong", () => {
    assert.equal(readArguments(["--weft"], 4), "unknown option --weft; known: --jobs=N")
    for (const jobs of ["0", "-1", "x", "1.5"]) {
      assert.match(readArguments([`--jobs=${jobs}`], 4) as string, /wants a whole number/)
    }
  })
})
