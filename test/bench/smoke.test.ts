/** Every scenario in tiny form: its words are right, and each contender of ours does its work. */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { runOnce } from "../../bench/harness/runner.ts"
import type { Scenario } from "../../bench/harness/scenario.ts"
import { loadScenarios } from "../../bench/run.ts"

const scenarios = await loadScenarios([])

function oursOf(scenario: Scenario): string[] {
  return [...new Set(scenario.targets.flatMap((target) => target.ours))]
}

test("targets name contenders that are there", () => {
  for (const { name, targets, contenders } of scenarios) {
    assert.ok(targets.length > 0, `${name} has no target`)
    for (const { ours, against } of targets) {
      for (const label of [ours, against ?? []].flat()) {
        assert.ok(label in contenders, `${name} has no contender ${label}`)
      }
    }
  }
})

test("reasons are given for scenarios that are there", () => {
  const file = new URL("../../bench/reasons.json", import.meta.url)
  const reasons = Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)
  const names = scenarios.map((scenario) => scenario.name)
  assert.deepEqual(
    reasons.filter((name) => !names.includes(name)),
    [],
  )
})

test("our contenders give samples of checked results", { concurrency: 2 }, async (t) => {
  const runs = scenarios.flatMap((scenario) => {
    return oursOf(scenario).map((label) =>
      t.test(`${scenario.name}: ${label}`, async () => {
        const ran = await runOnce(scenario, label, "smoke")
        assert.ok("sample" in ran, "failure" in ran ? ran.failure : "")
      }),
    )
  })
  await Promise.all(runs)
})
