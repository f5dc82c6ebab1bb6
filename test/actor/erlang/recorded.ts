/** What Erlang/OTP did, and holding a log of ours against it. */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import type { Scenario } from "./scenario.ts"

const { outcomes }: { outcomes: Record<string, string[]> } = JSON.parse(
  readFileSync(new URL("outcomes.json", import.meta.url), "utf8"),
)

/** The names of the scenarios that were recorded. */
export const recorded: readonly string[] = Object.keys(outcomes)

/**
 * Equal means equal: each start, each exit with its reason, each answer, and the supervisor's end,
 * in one order. Dynamic children are stopped together, so those exits at the end are compared as a
 * set.
 */
export function assertAsRecorded({ name, strategy }: Scenario, log: readonly string[]): void {
  const expected = outcomes[name]
  const free = strategy === "simple-one-for-one"
  assert.deepEqual(free ? loosely(log) : log, free ? loosely(expected) : expected)
}

/** A log whose last exits are in no order. */
function loosely(log: readonly string[]): string[] {
  const last = log.indexOf("alive")
  return last === -1 ? [...log] : [...log.slice(0, last), ...log.slice(last).sort()]
}
