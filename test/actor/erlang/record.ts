/**
 * Records what Erlang/OTP does with the scenarios, in `outcomes.json` beside this file:
 *
 *   npm run record:erlang               writes it anew
 *   npm run record:erlang -- --check    compares only
 *
 * It needs `escript` on the PATH (Debian: `apt-get install erlang-base`). Everything is run twice,
 * and the two runs have to agree.
 */

import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Scenario, ScenarioChild, Step } from "./scenario.ts"
import { scenarios } from "./scenarios.ts"

const file = join(import.meta.dirname, "outcomes.json")
const folder = mkdtempSync(join(tmpdir(), "heddle-erlang-"))
try {
  const input = join(folder, "scenarios.terms")
  writeFileSync(input, scenarios.map((each) => `${scenarioTerm(each)}.\n`).join(""))
  const first = run(input)
  assert.deepEqual(run(input), first, "two runs of Erlang/OTP do not agree")
  if (process.argv.includes("--check")) {
    assert.deepEqual(first.outcomes, JSON.parse(readFileSync(file, "utf8")).outcomes)
  } else {
    writeFileSync(file, `${JSON.stringify(first, undefined, 2)}\n`)
  }
  console.log(`${scenarios.length} scenarios, Erlang/OTP ${first.otp}`)
} finally {
  rmSync(folder, { recursive: true })
}

function run(input: string): { otp: string; outcomes: Record<string, string[]> } {
  const script = join(import.meta.dirname, "supervise.escript")
  return JSON.parse(execFileSync("escript", [script, input], { encoding: "utf8" }))
}

function atom(name: string): string {
  return name === "brutal" ? "brutal_kill" : name.replaceAll("-", "_")
}

function childTerm(child: ScenarioChild): string {
  const { id, restart, significant, shutdown, failing, stubborn } = child
  return `#{id => "${id}", restart => ${restart}, significant => ${significant},
    shutdown => ${atom(String(shutdown))}, failing => [${failing}], stubborn => ${stubborn}}`
}

function stepTerm(step: Step): string {
  switch (step[0]) {
    case "die":
      return `{die, "${step[1]}", ${step[2]}}`
    case "add":
      return `{add, "${step[1].id}", ${childTerm(step[1])}}`
    case "wait":
      return `{wait, ${step[1]}}`
    case "counts":
    case "shutdown":
      return `{${step[0]}}`
    default:
      return `{${step[0]}, "${step[1]}"}`
  }
}

function scenarioTerm(scenario: Scenario): string {
  const { name, strategy, restarts, withinS, autoShutdown, nested, children, steps } = scenario
  const inner = nested === undefined ? "" : `nested => ${nested},`
  return `#{name => "${name}", strategy => ${atom(strategy)}, intensity => ${restarts},
    period => ${withinS}, auto => ${atom(autoShutdown)}, ${inner}
    children => [${children.map(childTerm)}], steps => [${steps.map(stepTerm)}]}`
}
