/**
 * `npm run bench -- [name…] [--rounds N] [--quick | --smoke] [--only TEXT] [--write]
 * [--profile]`: peers and us, interleaved.
 *
 * A name picks that scenario, or else those that begin with it; `--only` the contenders whose label
 * contains TEXT. `--quick` runs a tenth of the work, `--smoke` next to none; `--write` puts the
 * results into `bench/RESULTS.md` (only a full run of all scenarios belongs there); `--profile`
 * shows where the time goes instead of figures.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { runCommand } from "./harness/command.ts"
import { describeMachine, type Machine } from "./harness/machine.ts"
import { markdown, type Reasons } from "./harness/markdown.ts"
import { profile as profileOf } from "./harness/profile.ts"
import { type Result, runScenario } from "./harness/runner.ts"
import type { Scenario, Size } from "./harness/scenario.ts"
import { machineLines, scenarioTable } from "./harness/table.ts"
import { sectionOf, withSection } from "./savina/page.ts"

const here = import.meta.dirname

/** The scenarios whose name begins with one of `wanted`, or all of them. */
export async function loadScenarios(wanted: readonly string[]): Promise<Scenario[]> {
  const names = readdirSync(join(here, "scenarios"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort()
  for (const name of wanted) {
    if (!names.some((known) => known.startsWith(name))) {
      throw new RangeError(`no scenario begins with ${name}; there are ${names.join(", ")}`)
    }
  }
  const picked = names.filter((name) => {
    if (wanted.length === 0 || wanted.includes(name)) return true
    return wanted.some((prefix) => !names.includes(prefix) && name.startsWith(prefix))
  })
  return Promise.all(picked.map(loadScenario))
}

async function loadScenario(name: string): Promise<Scenario> {
  const { scenario } = (await import(`./scenarios/${name}.ts`)) as { scenario: Scenario }
  if (scenario.name !== name) throw new Error(`scenarios/${name}.ts is named ${scenario.name}`)
  return scenario
}

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      only: { type: "string", default: "" },
      quick: { type: "boolean", default: false },
      smoke: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
    },
  })
  const size: Size = values.smoke ? "smoke" : values.quick ? "quick" : "full"
  const rounds = Number(values.rounds ?? (size === "full" ? 5 : 1))
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds is a number of rounds from 1, not ${values.rounds}`)
  }
  const { only, write, profile } = values
  return { names: positionals, size, rounds, only, write, profile }
}

function withOnly(scenario: Scenario, text: string): Scenario {
  const kept = Object.entries(scenario.contenders).filter(([label]) => label.includes(text))
  return { ...scenario, contenders: Object.fromEntries(kept) }
}

async function main(): Promise<void> {
  const { names, size, rounds, only, write, profile } = options()
  const scenarios = (await loadScenarios(names)).map((scenario) => withOnly(scenario, only))
  if (profile) {
    for (const scenario of scenarios) showProfiles(scenario, size)
    return
  }
  const machine = describeMachine()
  console.log(`${machineLines(machine)}\n`)
  const results: Result[] = []
  for (const scenario of scenarios) {
    const result = await runScenario(scenario, { size, rounds, onRun: showProgress })
    clearProgress()
    console.log(`${scenarioTable(result)}\n`)
    results.push(result)
    // After each, so that a run that is stopped has written what it measured.
    if (write) writePage(machine, results, rounds, size)
  }
  if (write) console.log("written to bench/RESULTS.md")
}

function writePage(machine: Machine, results: Result[], rounds: number, size: Size): void {
  const reasons = JSON.parse(readFileSync(join(here, "reasons.json"), "utf8")) as Reasons
  const page = markdown({ machine, results, rounds, size, reasons })
  const savina = sectionOf(readFileSync(join(here, "RESULTS.md"), "utf8"))
  writeFileSync(join(here, "RESULTS.md"), savina === "" ? page : withSection(page, savina))
}

function showProfiles(scenario: Scenario, size: Size): void {
  for (const label of Object.keys(scenario.contenders)) {
    console.log(`${scenario.name}, ${profileOf(scenario, label, size)}\n`)
  }
}

function showProgress(scenario: string, round: number, label: string): void {
  if (!process.stderr.isTTY) return
  process.stderr.write(`\r\u001b[K${scenario}, round ${round}: ${label}`)
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K")
}

if (import.meta.main) await runCommand(main)
