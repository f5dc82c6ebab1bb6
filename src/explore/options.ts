/** What a model is made of, and what comes out of it. */
import type { Bounds } from "./outlook.ts"
import type { Names } from "./report.ts"
import { PROCESSES_MAX } from "./strategy.ts"
import { ModelThread } from "./thread.ts"

/** What a thread has come to: its result, or how it ended without one. */
export type Outcome<Result> = Result | "killed" | "waiting"

/** A model: the threads, what must hold, and how much of it to run. */
export interface ModelOptions<World, Result = unknown> {
  readonly name: string
  /** Makes what the threads share, for every schedule anew. */
  setup(): World
  /** Plain functions. A body is run again whenever its thread is continued. */
  readonly threads: readonly ((world: World) => Result)[]
  /** Runs as one more thread once `thread` has died: marks it dead, repairs. */
  whenKilled?(world: World, thread: number): void
  /** Throws when something is wrong at the end of a schedule. */
  after?(world: World, outcomes: readonly Outcome<Result>[]): void
  /** Names of words in reports. */
  readonly names?: Names
  /** Threads that may die before any step: all, or these. */
  readonly kill?: boolean | readonly number[]
  /** Deaths per schedule; 1 unless given. */
  readonly killsMax?: number
  /** Threads that may be left waiting for ever. */
  readonly mayWait?: readonly number[]
  /** When a wait with a timeout times out: only when nothing can run, or at any moment. */
  readonly timeouts?: "last" | "any"
  /** `exhaustive` unless given; `every` is the same without partial-order reduction. */
  readonly strategy?: "exhaustive" | "every" | "random" | "pct"
  /** Only schedules that take the turn from a thread that could go on at most this often. */
  readonly preemptionsMax?: number
  /**
   * Schedules of `random` and `pct` (1,000), or where an exhaustive search gives up (10,000,000).
   */
  readonly schedulesMax?: number
  readonly seed?: number
  /** The depth of bugs that `pct` looks for; 3 unless given. */
  readonly depth?: number
  /** A schedule as a failure prints it: only this one is run. */
  readonly replay?: string
  /** Steps of one schedule; 2,000 unless given. */
  readonly stepsMax?: number
  /**
   * Pauses of one thread in a row that nothing ends, before that is a livelock; 16 unless given.
   */
  readonly spinsMax?: number
}

/** What was run. */
export interface ModelResult {
  readonly name: string
  /** Schedules run to their end. */
  readonly schedules: number
  /** Executions stopped early because they could only repeat what was known. */
  readonly redundant: number
  readonly steps: number
  readonly kills: number
  readonly milliseconds: number
  /** One line with all of it, for a test to print. */
  readonly line: string
}

/** The limits of each execution; refuses what makes no sense. */
export function boundsOf<World, Result>(options: ModelOptions<World, Result>): Bounds {
  const { threads, kill = false, killsMax = 1, mayWait = [], timeouts = "last" } = options
  const count = threads.length
  const all = kill === true ? threads.map((_, t) => t) : kill || []
  if (count === 0 || count + (options.whenKilled ? all.length : 0) > PROCESSES_MAX) {
    throw new RangeError(`a model has 1 to ${PROCESSES_MAX} threads, received ${count}`)
  }
  return {
    killable: setOf(all, count, "kill"),
    killsMax: bound("killsMax", killsMax),
    expiring: timeouts === "any",
    mayWait: setOf(mayWait, count, "mayWait"),
    stepsMax: bound("stepsMax", options.stepsMax ?? 2_000),
    spinsMax: bound("spinsMax", options.spinsMax ?? 16),
  }
}

function bound(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new RangeError(`${name} must be a count, received ${value}`)
}

function setOf(threads: readonly number[], count: number, option: string): number {
  let set = 0
  for (const thread of threads) {
    if (!(Number.isInteger(thread) && thread >= 0 && thread < count)) {
      throw new RangeError(`${option} names threads 0 to ${count - 1}, received ${thread}`)
    }
    set |= 1 << thread
  }
  return set
}

/** The model's threads, and behind them one for each that may die. */
export function makeThreads<World, Result>(
  options: ModelOptions<World, Result>,
  killable: number,
): { threads: ModelThread[]; heirs: Map<ModelThread, ModelThread> } {
  const { threads: bodies, whenKilled } = options
  const mortals = bodies.map((_, t) => t).filter((t) => (killable & (1 << t)) !== 0)
  const count = bodies.length + (whenKilled ? mortals.length : 0)
  const threads = bodies.map((body, t) => {
    const name = body.name === "" ? `thread ${t}` : `${t} ${body.name}`
    return new ModelThread(t, name, body, count)
  })
  const heirs = new Map<ModelThread, ModelThread>()
  for (const mortal of whenKilled ? mortals : []) {
    const body = (world: World) => whenKilled?.call(options, world, mortal)
    const heir = new ModelThread(threads.length, `after ${mortal}`, body, count)
    heirs.set(threads[mortal], heir)
    threads.push(heir)
  }
  return { threads, heirs }
}
