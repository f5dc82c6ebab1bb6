/**
 * Known concurrency bugs as ordinary programs: each is found by chance and by PCT, and its fixed
 * twin is left alone. `npm run corpus` does the long form, with 10,000 schedules for each.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { BUGS } from "./corpus/bugs.ts"
import { pad, type Search, search } from "./corpus/measure.ts"

const LONG = process.env.HEDDLE_LONG === "1"
const SEEDS = LONG ? [1, 2, 3, 4, 5] : [1]
const SCHEDULES_MAX = 10_000
/** A twin whose search is not finished within so many schedules is run by chance as well. */
const EXHAUSTIVE_MAX = LONG ? 20_000 : 500
const CHANCE_MAX = LONG ? 5_000 : 1_000

/** Bugs that no search finds, and why: an honest row. */
const NOT_FOUND = new Set<string>([])

const bugs = new Map(Object.entries(BUGS))

function inTable(found: readonly Search[]): string {
  return found.map(({ found, schedules }) => (found === "" ? "-" : `${schedules}`)).join(" ")
}

for (const strategy of ["random", "pct"] as const) {
  test(`${strategy} finds the bugs`, async (t) => {
    const lines = [`${pad("bug", 28)}${pad("kind", 22)}${pad("found", 18)}in schedule`]
    const missed: string[] = []
    for (const [name, { broken, about }] of bugs) {
      const found: Search[] = []
      for (const seed of SEEDS) {
        const how = { ...about.options, strategy, seed, schedulesMax: SCHEDULES_MAX, name }
        found.push(await search(broken, how))
      }
      const wrong = found.find((one) => one.found !== about.finds)
      if (wrong !== undefined) missed.push(name)
      if (wrong?.found) lines.push(wrong.message)
      const shown = wrong === undefined ? about.finds : wrong.found || "not found"
      lines.push(`${pad(name, 28)}${pad(about.kind, 22)}${pad(shown, 18)}${inTable(found)}`)
    }
    const share = 1 - missed.length / bugs.size
    lines.push(`${bugs.size - missed.length} of ${bugs.size} found (${(share * 100).toFixed(1)} %)`)
    t.diagnostic(lines.join("\n"))
    assert.ok(bugs.size >= 40)
    assert.deepEqual(missed, [...NOT_FOUND])
    assert.ok(share >= 0.94)
  })
}

test("nothing is reported on their fixed twins", async (t) => {
  const reports: string[] = []
  let exhausted = 0
  let schedules = 0
  for (const [name, { fixed, about }] of bugs) {
    const how = { ...about.options, name }
    const all = await search(fixed, { ...how, schedulesMax: EXHAUSTIVE_MAX })
    if (all.found !== "") reports.push(all.message)
    if (all.exhaustive) exhausted++
    schedules += all.schedules
    if (all.exhaustive) continue
    for (const strategy of ["random", "pct"] as const) {
      const some = await search(fixed, { ...how, strategy, schedulesMax: CHANCE_MAX })
      if (some.found !== "") reports.push(some.message)
      schedules += some.schedules
    }
  }
  t.diagnostic(`${bugs.size} twins, ${exhausted} in all orders, ${schedules} schedules in all`)
  assert.deepEqual(reports, [])
})
