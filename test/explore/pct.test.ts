/** PCT keeps its promise: a bug of depth d in one schedule of n * k^(d-1), or more often. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../src/explore/index.ts"
import { BUGS } from "./corpus/bugs.ts"
import { pad } from "./corpus/measure.ts"

const SEEDS = 1_000
/** For each seed; the first one only tells how long an execution is. */
const SCHEDULES = 4

/** Bugs whose depth is known: so many orders must fall in a certain way. */
const KNOWN = [
  { name: "use-before-start", depth: 1, tasks: 2 },
  { name: "lost-update", depth: 2, tasks: 3 },
  { name: "stack-aba", depth: 2, tasks: 3 },
  { name: "lost-twice", depth: 3, tasks: 4 },
] as const

/** How often the bug shows, of how many schedules, and how long these are. */
async function measure(program: () => unknown, depth: number) {
  let hits = 0
  let count = 0
  let steps = 0
  let schedules = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcomes: boolean[] = []
    const watched = async (): Promise<void> => {
      let failed = false
      try {
        await program()
      } catch (error) {
        // Anything else is how a task is left in the middle of its code.
        if (!(error instanceof assert.AssertionError)) throw error
        failed = true
      }
      outcomes.push(failed)
    }
    const options = { strategy: "pct", depth, seed, schedulesMax: SCHEDULES } as const
    const result = await explore(watched, options)
    steps += result.steps
    schedules += result.schedules
    assert.equal(outcomes.length, SCHEDULES)
    for (const failed of outcomes.slice(1)) {
      count++
      if (failed) hits++
    }
  }
  return { found: hits / count, count, length: steps / schedules }
}

test("PCT finds bugs of known depth as often as it promises", async (t) => {
  const lines = [`${pad("bug", 20)}${pad("d", 4)}${pad("n", 4)}${pad("k", 6)}promised  found`]
  for (const { name, depth, tasks } of KNOWN) {
    const { broken } = BUGS[name]
    const { found, count, length } = await measure(broken, depth)
    const promised = 1 / (tasks * length ** (depth - 1))
    const figures = `${pad(`${depth}`, 4)}${pad(`${tasks}`, 4)}${pad(length.toFixed(1), 6)}`
    const rates = `${pad(`${(promised * 100).toFixed(2)} %`, 10)}${(found * 100).toFixed(2)} %`
    lines.push(`${pad(name, 20)}${figures}${rates}`)
    // What so many tries may fall short of by chance: three standard deviations.
    const chance = 3 * Math.sqrt((promised * (1 - promised)) / count)
    assert.ok(found >= promised - chance, lines.at(-1))
  }
  t.diagnostic(lines.join("\n"))
})
