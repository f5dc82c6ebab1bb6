/**
 * Makes a failing schedule easier to read: fewer changes of thread or task.
 *
 * First turns are joined: where a thread comes back, its second turn is moved to its first, as
 * long as the failure stays. Then all schedules with few preemptions are tried, as far as the
 * budget goes.
 *
 * The search asks for one run after the other; whoever drives it runs models at once and programs
 * with promises.
 */
import { Every } from "./strategies/every.ts"
import { Guided } from "./strategies/replay.ts"
import { type Choice, processOf, type Strategy } from "./strategy.ts"

/** What one more run came to. */
export interface Attempt {
  /** The kind of failure, if any. */
  readonly kind: string | undefined
  readonly choices: readonly Choice[]
  readonly steps: number
}

/** What is to be made shorter. */
export interface Shrinking {
  readonly kind: string
  readonly failing: readonly Choice[]
  /** How often a schedule changes from one to another. */
  readonly switches: (choices: readonly Choice[]) => number
  /** Steps spent on joining turns, and again on schedules with few preemptions. */
  readonly stepsMax: number
  readonly preemptionsMax: number
}

type Search = Generator<Strategy, readonly Choice[], Attempt>

/** A schedule for the same kind of failure with as few changes as could be found. */
export function shrink(what: Shrinking, run: (strategy: Strategy) => Attempt): readonly Choice[] {
  const search = searching(what)
  let next = search.next()
  while (next.done !== true) next = search.next(run(next.value))
  return next.value
}

/** As `shrink`, where a run takes its time. */
export async function shrinkLater(
  what: Shrinking,
  run: (strategy: Strategy) => Promise<Attempt>,
): Promise<readonly Choice[]> {
  const search = searching(what)
  let next = search.next()
  while (next.done !== true) next = search.next(await run(next.value))
  return next.value
}

function* searching(what: Shrinking): Search {
  const joined = yield* join(what)
  return yield* enumerate(what, joined)
}

function* join({ kind, failing, switches, stepsMax }: Shrinking): Search {
  let best = failing
  let spent = 0
  for (let at = 0; at < best.length && spent < stepsMax; ) {
    const candidate = joinedAt(best, at)
    if (candidate === undefined) break
    const attempt = yield new Guided(candidate.choices)
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
function joinedAt(
  choices: readonly Choice[],
  at: number,
): { choices: Choice[]; at: number } | undefined {
  for (let i = at; i + 1 < choices.length; i++) {
    const process = processOf(choices[i])
    if (processOf(choices[i + 1]) === process) continue
    const from = choices.findIndex((choice, j) => j > i && processOf(choice) === process)
    if (from < 0) continue
    let to = from
    while (to < choices.length && processOf(choices[to]) === process) to++
    const moved = choices.slice(from, to)
    const between = choices.slice(i + 1, from)
    return {
      choices: [...choices.slice(0, i + 1), ...moved, ...between, ...choices.slice(to)],
      at: i,
    }
  }
  return undefined
}

function* enumerate(what: Shrinking, failing: readonly Choice[]): Search {
  const { kind, switches, stepsMax, preemptionsMax } = what
  let spent = 0
  for (let preemptions = 0; preemptions <= preemptionsMax; preemptions++) {
    const strategy = new Every(preemptions)
    do {
      const attempt = yield strategy
      spent += attempt.steps
      if (attempt.kind !== kind) continue
      return switches(attempt.choices) < switches(failing) ? [...attempt.choices] : failing
    } while (spent < stepsMax && strategy.end())
  }
  return failing
}
