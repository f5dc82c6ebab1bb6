/**
 * Makes a failing schedule easier to read: fewer changes of thread.
 *
 * First turns are joined: where a thread comes back, its second turn is moved to its first, as
 * long as the failure stays. Then all schedules with few preemptions are tried, as far as the
 * budget goes.
 */
import type { DefectKind } from "./defect.ts"
import { switches } from "./schedule.ts"
import { Every } from "./strategies/every.ts"
import { Guided } from "./strategies/replay.ts"
import { type Choice, processOf, type Strategy } from "./strategy.ts"

/** What one more run came to. */
export interface Attempt {
  readonly kind: DefectKind | undefined
  readonly choices: readonly Choice[]
  readonly steps: number
}

/** Steps spent on joining turns, and on schedules with few preemptions. */
const STEPS_MAX = 200_000

const PREEMPTIONS_MAX = 3

/** A schedule for the same kind of defect with as few changes of thread as could be found. */
export function shrink(
  kind: DefectKind,
  failing: readonly Choice[],
  run: (strategy: Strategy) => Attempt,
): readonly Choice[] {
  const joined = join(kind, failing, run)
  return enumerate(kind, joined, run)
}

function join(
  kind: DefectKind,
  failing: readonly Choice[],
  run: (strategy: Strategy) => Attempt,
): readonly Choice[] {
  let best = failing
  let spent = 0
  for (let at = 0; at < best.length && spent < STEPS_MAX; ) {
    const candidate = joinedAt(best, at)
    if (candidate === undefined) break
    const attempt = run(new Guided(candidate.choices))
    spent += attempt.steps
    const better = attempt.kind === kind && switches(attempt.choices) < switches(best)
    if (better) best = [...attempt.choices]
    at = better ? 0 : candidate.at + 1
  }
  return best
}

/**
 * From `at` on, the first turn that has a later one of its thread, with that one moved behind it.
 */
export function joinedAt(
  choices: readonly Choice[],
  at: number,
): { choices: Choice[]; at: number } | undefined {
  for (let i = at; i + 1 < choices.length; i++) {
    const process = processOf(choices[i] as Choice)
    if (processOf(choices[i + 1] as Choice) === process) continue
    const from = choices.findIndex((choice, j) => j > i && processOf(choice) === process)
    if (from < 0) continue
    let to = from
    while (to < choices.length && processOf(choices[to] as Choice) === process) to++
    const moved = choices.slice(from, to)
    const between = choices.slice(i + 1, from)
    return {
      choices: [...choices.slice(0, i + 1), ...moved, ...between, ...choices.slice(to)],
      at: i,
    }
  }
  return undefined
}

function enumerate(
  kind: DefectKind,
  failing: readonly Choice[],
  run: (strategy: Strategy) => Attempt,
): readonly Choice[] {
  let spent = 0
  for (let preemptions = 0; preemptions <= PREEMPTIONS_MAX; preemptions++) {
    const strategy = new Every(preemptions)
    do {
      const attempt = run(strategy)
      spent += attempt.steps
      if (attempt.kind === kind) {
        return switches(attempt.choices) < switches(failing) ? [...attempt.choices] : failing
      }
    } while (spent < STEPS_MAX && strategy.end())
  }
  return failing
}
