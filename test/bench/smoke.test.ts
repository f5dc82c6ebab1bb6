/** Scenarios: their words are right, and each contender of ours does its work in tiny form. */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { loadScenarios } from "../../bench/run.ts"
import { smoke } from "./smoke.ts"

const scenarios = await loadScenarios([])

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

smoke(scenarios.filter(({ name }) => !name.startsWith("python-")))
