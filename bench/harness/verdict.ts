/** Pure: figures and targets in, verdicts out. */
import type { Outcome, Result } from "./runner.ts"
import { bestOf, type Scenario, type Target } from "./scenario.ts"

export interface Verdict {
  readonly scenario: string
  readonly target: Target
  /** Our label that counted, and the one it was compared with. */
  readonly ours?: string
  readonly against?: string
  /** The ratio, or the figure of an absolute target. */
  readonly reached?: number
  readonly state: "aim reached" | "must reached" | "must missed" | "printed" | "not measured"
}

/** Compares each target of a scenario with what was measured. */
export function verdicts({ scenario, outcomes }: Result): Verdict[] {
  const figures = medians(outcomes)
  return scenario.targets.map((target) => verdict(scenario, target, figures))
}

function medians(outcomes: readonly Outcome[]): Map<string, number> {
  const figures = new Map<string, number>()
  for (const { label, median } of outcomes) if (median !== undefined) figures.set(label, median)
  return figures
}

function verdict(
  scenario: Scenario,
  target: Target,
  figures: ReadonlyMap<string, number>,
): Verdict {
  const { unit, name } = scenario
  const ours = bestOf(unit, target.ours, figures)
  if (ours === undefined) {
    return { scenario: name, target, state: target.must === undefined ? "printed" : "must missed" }
  }
  if (target.against === undefined) {
    const state = judge(target, (bound) => ours.figure === bound || unit.better(ours.figure, bound))
    return { scenario: name, target, ours: ours.label, reached: ours.figure, state }
  }
  const against = bestOf(unit, target.against, figures)
  if (against === undefined) {
    return { scenario: name, target, ours: ours.label, state: "not measured" }
  }
  const reached = unit.ratio(ours.figure, against.figure)
  const state = judge(target, (bound) => reached >= bound)
  return { scenario: name, target, ours: ours.label, against: against.label, reached, state }
}

function judge(target: Target, meets: (bound: number) => boolean): Verdict["state"] {
  if (target.must !== undefined && !meets(target.must)) return "must missed"
  if (target.aim !== undefined && meets(target.aim)) return "aim reached"
  return target.must === undefined ? "printed" : "must reached"
}
