/**
 * The scenarios under our supervisor, with children that need no isolates, and what Erlang/OTP did.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { assertAsRecorded, recorded } from "./erlang/recorded.ts"
import { scenarios } from "./erlang/scenarios.ts"
import { run } from "./erlang/walk.ts"
import { puppets } from "./puppets.ts"

test("each scenario has a name of its own, and was recorded", () => {
  const names = scenarios.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(recorded.toSorted(), names.toSorted())
})

for (const scenario of scenarios) {
  test(`as Erlang/OTP: ${scenario.name}`, async () => {
    const log: string[] = []
    await run(scenario, log, puppets(log))
    assertAsRecorded(scenario, log)
  })
}
