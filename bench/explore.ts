/**
 * How many schedules of ordinary programs are explored in a second of one core, by each strategy;
 * the scenario `explore-speed` holds it against its target.
 *
 *   node --conditions=source bench/explore.ts
 */
import type { ExploreOptions } from "heddle/explore"
import { contextOf } from "./harness/measure.ts"
import { perSecond } from "./harness/units.ts"
import { measureExplore, PROGRAMS } from "./ours/explore.ts"

/** What each strategy is to reach in the first row. */
const TARGET = 10_000

const STRATEGIES: readonly ExploreOptions[] = [
  { strategy: "random" },
  { strategy: "pct" },
  { preemptionsMax: 3 },
]

const names = STRATEGIES.map(({ strategy }) => strategy ?? "3 preemptions")
const row = (title: string, cells: readonly string[]): string =>
  title.padEnd(38) + cells.map((cell) => cell.padStart(15)).join("")
console.log(row("schedules per second", names))
let first: readonly number[] = []
for (const name of Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]) {
  const rates: number[] = []
  for (const how of STRATEGIES) {
    rates.push(perSecond.figure(await measureExplore(contextOf("full"), name, how)))
  }
  if (first.length === 0) first = rates
  const cells = rates.map((one) => Math.round(one).toLocaleString("en-US"))
  console.log(row(`2 tasks, ${name}`, cells))
}
const verdicts = first.map((one) => (one >= TARGET ? "met" : "missed"))
console.log(row(`the first row's target, ${TARGET.toLocaleString("en-US")}`, verdicts))
