/** Results as the page `bench/RESULTS.md`: the bad ones too, each missed `must` with its reason. */
import type { Machine } from "./machine.ts"
import type { Result } from "./runner.ts"
import * as text from "./text.ts"
import { type Verdict, verdicts } from "./verdict.ts"

/** Reasons for missed musts, by scenario name; kept in `bench/reasons.json`. */
export type Reasons = Readonly<Record<string, string>>

export interface Page {
  readonly machine: Machine
  readonly results: readonly Result[]
  readonly rounds: number
  readonly size: string
  readonly reasons: Reasons
}

export function markdown(page: Page): string {
  const parts = [head(page), summary(page), missed(page), ...page.results.map(section)]
  return `${parts.join("\n\n")}\n`
}

function head({ machine, rounds, size }: Page): string {
  const peers = machine.peers.map(([name, version]) => `| ${name} | ${version} |`)
  return `# Figures

Written by \`npm run bench -- --write\`. Every contender ran in a fresh process, ${rounds} rounds
interleaved (A B C, A B C, …), sizes \`${size}\`; a figure is the median over the rounds, each round the
median of its own repetitions after a warm-up. *Others' cores* is how many cores other programs of
the machine used meanwhile: where it is far above 0, trust the ratio more than the figure.

| | |
|---|---|
| machine | ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB |
| system | ${machine.system} |
| load before | ${machine.loadBefore.toFixed(2)} |
| Node | ${machine.node} (V8 ${machine.v8}) |
| commit | ${machine.commit} |
| date | ${machine.date} |
${peers.join("\n")}`
}

function summary({ results }: Page): string {
  const rows = results.flatMap((result) =>
    verdicts(result).map((verdict) => {
      const { unit } = result.scenario
      const link = `[${result.scenario.name}](#${result.scenario.name})`
      const ours = verdict.ours ?? [verdict.target.ours].flat().join(" or ")
      const promised = text.promise(verdict.target, unit)
      return `| ${link} | ${ours} | ${text.reached(verdict, unit)} | ${promised} | ${verdict.state} |`
    }),
  )
  return `## Targets

| scenario | ours | reached | must / aim | |
|---|---|---|---|---|
${rows.join("\n")}`
}

function missed({ results, reasons }: Page): string {
  const names = new Set(results.flatMap(verdicts).filter(isMissed).map(nameOf))
  if (names.size === 0) return "## Missed\n\nNo `must` was missed."
  const lines = [...names].map((name) => {
    return `- **${name}**: ${reasons[name] ?? "no reason found yet."}`
  })
  return `## Missed\n\n${lines.join("\n")}`
}

function isMissed(verdict: Verdict): boolean {
  return verdict.state === "must missed"
}

function nameOf(verdict: Verdict): string {
  return verdict.scenario
}

function section({ scenario, outcomes }: Result): string {
  const rows = outcomes.map((outcome) => {
    const shown = outcome.failure ?? text.number(outcome.median ?? Number.NaN)
    const others = outcome.disturbance.toFixed(2)
    return `| ${outcome.label} | ${shown} | ${text.spread(outcome)} | ${others} |`
  })
  const direction = scenario.unit.higherIsBetter ? "more is better" : "less is better"
  return `## ${scenario.name}

${scenario.question} Conditions: ${scenario.conditions}. Warm-up: ${scenario.warmUp}.

| contender | ${scenario.unit.name} (${direction}) | lowest – highest | others' cores |
|---|---:|---:|---:|
${rows.join("\n")}`
}
