/**
 * What a benchmark is: one question, the contenders that answer it, and what the answer should be.
 *
 * A contender gives samples (so much work in so many seconds) or a value already in the scenario's
 * unit; it checks its own result and throws when the work was done wrong.
 */
import type { Unit } from "./units.ts"

/** Work done and the time it took, or a figure already in the scenario's unit. */
export type Sample = { seconds: number; count: number } | { value: number }

/**
 * How large a run is: `full` for figures, `quick` for a look, `smoke` to see that all of it runs.
 */
export type Size = "full" | "quick" | "smoke"

/** What a contender is told about the run it is in. */
export interface Context {
  readonly size: Size
  /** Timed repetitions in one process, after the warm-up; their median is the run's figure. */
  readonly repeats: number
  /**
   * Scales a full run's count down to this size, never under `least` and always a multiple of it.
   */
  count(full: number, least?: number): number
}

/** A contender in JavaScript: runs in a fresh process of its own. */
export type Measure = (context: Context) => Promise<Sample>

/** A contender in another language: a program that prints a sample as its last line. */
export interface Command {
  readonly language: "go" | "erlang" | "java" | "python"
  /** Name of the workload in that language's program. */
  readonly workload: string
  /** Work in a full run, scaled like a JavaScript contender's; or the work of each size. */
  readonly count: number | Readonly<Record<Size, number>>
  /** The count stays a multiple of it, and never goes under it. */
  readonly least?: number
  readonly args?: readonly (string | number)[]
}

/** A JavaScript contender that needs flags for its process. */
export interface FlaggedMeasure {
  readonly run: Measure
  readonly nodeArgs: readonly string[]
}

export type Contender = Measure | FlaggedMeasure | Command

/** What we promise: a ratio to others in the same run, or a figure in the scenario's unit. */
export interface Target {
  /** Our labels; the best of them counts. */
  readonly ours: string | readonly string[]
  /**
   * The labels it is compared with; the best of them counts. Absent: `must` and `aim` are absolute.
   */
  readonly against?: string | readonly string[]
  /**
   * How many times better we have to be (or the figure); absent where the figure is only printed.
   */
  readonly must?: number
  readonly aim?: number
}

export interface Scenario {
  readonly name: string
  readonly question: string
  readonly unit: Unit
  /** Message size, batch size, ownership, way of waiting: what a rate means nothing without. */
  readonly conditions: string
  /** What runs before the clock starts. */
  readonly warmUp: string
  readonly targets: readonly Target[]
  readonly contenders: Readonly<Record<string, Contender>>
}

/** True for a contender in another language. */
export function isCommand(contender: Contender): contender is Command {
  return typeof contender === "object" && "language" in contender
}

/** The best of the given labels' figures, or undefined when none of them has one. */
export function bestOf(
  unit: Unit,
  labels: string | readonly string[],
  figures: ReadonlyMap<string, number>,
): { label: string; figure: number } | undefined {
  let best: { label: string; figure: number } | undefined
  for (const label of typeof labels === "string" ? [labels] : labels) {
    const figure = figures.get(label)
    if (figure === undefined) continue
    if (best === undefined || unit.better(figure, best.figure)) best = { label, figure }
  }
  return best
}
