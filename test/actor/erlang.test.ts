/**
 * The scenarios under our supervisor, with children that need no isolates, and what Erlang/OTP did.
 *
 * Equal means equal: each start, each exit with its reason, each answer, and the supervisor's end,
 * in one order. Dynamic children are stopped together, so those exits at the end are compared as a
 * set.
 */

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { scenarios } from "./erlang/scenarios.ts"
import { loosely, run } from "./erlang/walk.ts"
import { puppets } from "./puppets.ts"

const recorded: { otp: string; outcomes: Record<string, string[]> } = JSON.parse(
  readFileSync(new URL("erlang/outcomes.json", import.meta.url), "utf8"),
)

test("each scenario has a name of its own, and was recorded", () => {
  const names = scenarios.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(Object.keys(recorded.outcomes).sort(), names.toSorted())
})

for (const scenario of scenarios) {
  test(`as Erlang/OTP: ${scenario.name}`, async () => {
    const log: string[] = []
    await run(scenario, log, puppets(log))
    const expected = recorded.outcomes[scenario.name] as string[]
    const free = scenario.strategy === "simple-one-for-one"
    assert.deepEqual(free ? loosely(log) : log, free ? loosely(expected) : expected)
  })
}
