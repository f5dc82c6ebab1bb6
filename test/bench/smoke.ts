/** Runs contenders of ours in tiny form. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { runOnce } from "../../bench/harness/runner.ts"
import type { Scenario } from "../../bench/harness/scenario.ts"

/** A test that each contender of ours in these scenarios does its work. */
export function smoke(scenarios: readonly Scenario[]): void {
  test("our contenders give samples of checked results", async (t) => {
    assert.ok(scenarios.length > 0)
    for (const scenario of scenarios) {
      for (const label of oursOf(scenario)) {
        await t.test(`${scenario.name}: ${label}`, async () => {
          const ran = await runOnce(scenario, label, "smoke")
          assert.ok("sample" in ran, "failure" in ran ? ran.failure : "")
        })
      }
    }
  })
}

function oursOf({ targets }: Scenario): string[] {
  return [...new Set(targets.flatMap((target) => target.ours))]
}
