/** The judging half of the benchmarks: medians, ratios, verdicts, the written page. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { markdown } from "../../bench/harness/markdown.ts"
import { contextOf, median } from "../../bench/harness/measure.ts"
import type { Outcome, Result } from "../../bench/harness/runner.ts"
import type { Scenario, Target } from "../../bench/harness/scenario.ts"
import { number } from "../../bench/harness/text.ts"
import { microseconds, millionPerSecond, type Unit } from "../../bench/harness/units.ts"
import { verdicts } from "../../bench/harness/verdict.ts"

function result(unit: Unit, targets: Target[], medians: Record<string, number | string>): Result {
  const outcomes = Object.entries(medians).map(([label, figure]): Outcome => {
    const failed = typeof figure === "string"
    return {
      label,
      figures: failed ? [] : [figure],
      median: failed ? undefined : figure,
      failure: failed ? figure : undefined,
      disturbance: 0,
    }
  })
  const scenario: Scenario = {
    name: "made-up",
    question: "How many?",
    unit,
    conditions: "none",
    warmUp: "none",
    targets,
    contenders: {},
  }
  return { scenario, outcomes }
}

test("the median of an even number of figures lies between the middle two", () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
})

test("a count is scaled to the size, never under its least, always a multiple of it", () => {
  assert.equal(contextOf("full").count(1000, 50), 1000)
  assert.equal(contextOf("quick").count(1000, 30), 90)
  assert.equal(contextOf("smoke").count(1000, 50), 50)
})

test("a ratio says how many times better, whichever direction is better", () => {
  assert.equal(millionPerSecond.ratio(80, 2), 40)
  assert.equal(microseconds.ratio(2, 80), 40)
})

test("the best of ours counts, against the best of the others", () => {
  const targets = [{ ours: ["a", "b"], against: ["x", "y"], must: 4, aim: 8 }]
  const [verdict] = verdicts(result(millionPerSecond, targets, { a: 10, b: 50, x: 10, y: 2 }))
  assert.deepEqual([verdict.ours, verdict.against, verdict.reached], ["b", "x", 5])
  assert.equal(verdict.state, "must reached")
})

test("less is better: an absolute target is met from above", () => {
  const states = [31, 30, 19].map((figure) => {
    const targets = [{ ours: "a", must: 30, aim: 20 }]
    return verdicts(result(microseconds, targets, { a: figure }))[0].state
  })
  assert.deepEqual(states, ["must missed", "must reached", "aim reached"])
})

test("without a figure of ours a must is missed; without a rival nothing was measured", () => {
  const targets = [{ ours: "a", against: "x", must: 2 }]
  const ours = verdicts(result(millionPerSecond, targets, { a: "failed", x: 1 }))
  const rival = verdicts(result(millionPerSecond, targets, { a: 1, x: "not installed" }))
  assert.equal(ours[0].state, "must missed")
  assert.equal(rival[0].state, "not measured")
})

test("a target without must is printed, and can still reach its aim", () => {
  const targets = [{ ours: "a", aim: 30 }]
  const states = [20, 40].map((figure) => {
    return verdicts(result(millionPerSecond, targets, { a: figure }))[0].state
  })
  assert.deepEqual(states, ["printed", "aim reached"])
})

test("figures have three significant digits", () => {
  assert.deepEqual([0, 0.01234, 1.234, 12.34, 1234].map(number), [
    "0",
    "0.0123",
    "1.23",
    "12.3",
    "1234",
  ])
})

test("the page names each missed must with its reason, and shows what failed", () => {
  const targets = [{ ours: "a", against: "x", must: 4 }]
  const page = markdown({
    machine: {
      cpu: "a processor",
      cores: 2,
      memoryGiB: 8,
      system: "somewhere",
      loadBefore: 0.5,
      node: "v24",
      v8: "13",
      commit: "abc",
      date: "2030-01-01",
      peers: [["x", "1.0.0"]],
    },
    results: [result(millionPerSecond, targets, { a: 3, x: 1, y: "did not finish in 180 s" })],
    rounds: 5,
    size: "full",
    reasons: { "made-up": "It is made up." },
  })
  assert.match(page, /\*\*made-up\*\*: It is made up\./)
  assert.match(page, /\| y \| did not finish in 180 s \|/)
  assert.match(page, /\| 3\.00x x \| 4\.00x \/ — \| must missed \|/)
})
