/**
 * Makes a failing schedule easier to read: fewer changes of task.
 *
 * First turns are joined: where a task comes back, its second turn is moved to its first, as long
 * as the failure stays. Then schedules with few preemptions are tried, as far as the budget goes.
 */
import { joinedAt } from "../shrink.ts"
import { Every } from "../strategies/every.ts"
import { Guided } from "../strategies/replay.ts"
import type { Choice, Strategy } from "../strategy.ts"

/** What one more run came to. */
export interface Attempt {
  readonly kind: string | undefined
  readonly choices: readonly Choice[]
  readonly steps: number
}

/** Steps spent on joining turns, and on schedules with few preemptions. */
const STEPS_MAX = 30_000

const PREEMPTIONS_MAX = 2

/** A schedule for the same kind of failure with as few changes of task as could be found. */
export async function shrink(
  kind: string,
  failing: readonly Choice[],
  run: (strategy: Strategy) => Promise<Attempt>,
  switches: (choices: readonly Choice[]) => number,
): Promise<readonly Choice[]> {
  let best = failing
  let spent = 0
  for (let at = 0; at < best.length && spent < STEPS_MAX; ) {
    const candidate = joinedAt(best, at)
    if (candidate === undefined) break
    const attempt = await run(new Guided(candidate.choices))
    spent += attempt.steps
    const better = attempt.kind === kind && switches(attempt.choices) < switches(best)
    if (better) best = [...attempt.choices]
    at = better ? 0 : candidate.at + 1
  }
  spent = 0
  for (let preemptions = 0; preemptions <= PREEMPTIONS_MAX; preemptions++) {
    const strategy = new Every(preemptions)
    do {
      const attempt = await run(strategy)
      spent += attempt.steps
      if (attempt.kind !== kind) continue
      return switches(attempt.choices) < switches(best) ? [...attempt.choices] : best
    } while (spent < STEPS_MAX && strategy.end())
  }
  return best
}
