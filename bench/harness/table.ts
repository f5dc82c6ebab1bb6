/** Results as tables for a terminal. */
import Table from "cli-table3"
import type { Machine } from "./machine.ts"
import type { Result } from "./runner.ts"
import * as text from "./text.ts"
import { verdicts } from "./verdict.ts"

/** One scenario: its figures, then its targets. */
export function scenarioTable(result: Result): string {
  const { scenario, outcomes } = result
  const table = new Table({
    head: ["contender", scenario.unit.name, "lowest – highest", "others' cores"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  })
  for (const outcome of outcomes) {
    const shown = outcome.median === undefined ? "—" : text.number(outcome.median)
    table.push([outcome.label, shown, text.spread(outcome), outcome.disturbance.toFixed(2)])
  }
  const direction = scenario.unit.higherIsBetter ? "more is better" : "less is better"
  const head = `${scenario.name}: ${scenario.question} (${direction})`
  return [head, table.toString(), ...failureLines(result), ...targetLines(result)].join("\n")
}

function failureLines({ outcomes }: Result): string[] {
  const failed = outcomes.filter((outcome) => outcome.failure !== undefined)
  return failed.map((outcome) => `  ${outcome.label}: ${outcome.failure}`)
}

function targetLines(result: Result): string[] {
  const { unit } = result.scenario
  return verdicts(result).map((verdict) => {
    const ours = verdict.ours ?? [verdict.target.ours].flat().join(" or ")
    const promised = text.promise(verdict.target, unit)
    return `  ${ours}: ${text.reached(verdict, unit)} (must / aim ${promised}): ${verdict.state}`
  })
}

/** The head of a run: machine, versions, load. */
export function machineLines(machine: Machine): string {
  const peers = machine.peers.map(([name, version]) => `${name} ${version}`).join(", ")
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `load before ${machine.loadBefore.toFixed(2)}, Node ${machine.node} (V8 ${machine.v8}), commit ${machine.commit}, ${machine.date}`,
    peers,
  ].join("\n")
}
