/**
 * Runs a few threads of a shared structure in all orders.
 *
 * The threads are plain synchronous functions over `#platform/*`, run under the package condition
 * `model`. What they share is made by `setup`; what a thread changes besides shared words it makes
 * itself, because its body is run again whenever it is continued.
 */
import { now } from "../internal/platform/clock.ts"
import { environment } from "../internal/platform/thread.ts"
import type { DefectKind } from "./defect.ts"
import { Execution } from "./execution.ts"
import { ModelFailure } from "./failure.ts"
import { noteProof } from "./journal.ts"
import {
  boundsOf,
  type ModelOptions,
  type ModelResult,
  makeThreads,
  type Outcome,
} from "./options.ts"
import { REPLAY_VARIABLE, scheduleAsked } from "./replay-asked.ts"
import { describe } from "./report.ts"
import { parse, print, switches } from "./schedule.ts"
import { shrink } from "./shrink.ts"
import { Bounded } from "./strategies/bounded.ts"
import { Every } from "./strategies/every.ts"
import { Pct } from "./strategies/pct.ts"
import { Random } from "./strategies/random.ts"
import { Reduced } from "./strategies/reduced.ts"
import { Replay } from "./strategies/replay.ts"
import type { Choice, Strategy } from "./strategy.ts"
import type { ModelThread } from "./thread.ts"
import * as status from "./thread.ts"
import { callingFile } from "./trace.ts"

export type { ModelOptions, ModelResult, Outcome }

const SCHEDULES_BY_CHANCE = 1_000
const SCHEDULES_MAX = 10_000_000

/** What may be spent on a shorter schedule. */
const SHRINK = { stepsMax: 200_000, preemptionsMax: 3 }

/**
 * Runs the model; returns what was run, or throws the first `ModelFailure`, shrunk.
 *
 * @throws {ModelFailure} for a broken invariant, an error, a deadlock, a livelock, a data race
 * @throws {RangeError} when an exhaustive search is not finished within `schedulesMax`
 */
export function model<World, Result>(options: ModelOptions<World, Result>): ModelResult {
  return new Model(options, callingFile(new Error().stack ?? "")).run()
}

class Model<World, Result> {
  readonly #options: ModelOptions<World, Result>
  readonly #file: string
  readonly #execution: Execution
  readonly #threads: readonly ModelThread[]
  #schedules = 0
  #redundant = 0
  #steps = 0
  #kills = 0

  constructor(options: ModelOptions<World, Result>, file: string) {
    this.#options = options
    this.#file = file
    const bounds = boundsOf(options)
    const { threads, heirs } = makeThreads(options, bounds.killable)
    this.#threads = threads.slice(0, options.threads.length)
    this.#execution = new Execution(threads, heirs, bounds)
  }

  run(): ModelResult {
    const started = now()
    const { name, replay = scheduleAsked(this.#options.name) } = this.#options
    if (replay === undefined) this.#search(this.#strategy())
    else this.#follow(replay)
    const milliseconds = now() - started
    noteProof({
      name,
      threads: this.#threads.length,
      bound: this.#bound(),
      schedules: this.#schedules,
      steps: this.#steps,
      kills: this.#kills,
      milliseconds,
    })
    return {
      name,
      schedules: this.#schedules,
      redundant: this.#redundant,
      steps: this.#steps,
      kills: this.#kills,
      milliseconds,
      line: this.#line(milliseconds),
    }
  }

  #strategy(): Strategy {
    const { strategy = "exhaustive", preemptionsMax, seed = 1, depth = 3 } = this.#options
    const schedules = this.#options.schedulesMax ?? SCHEDULES_BY_CHANCE
    if (strategy === "random") return new Random(seed, schedules)
    if (strategy === "pct") return new Pct(seed, schedules, depth)
    if (strategy === "every") return new Every(preemptionsMax ?? Infinity)
    return preemptionsMax === undefined ? new Reduced() : new Bounded(preemptionsMax)
  }

  #search(strategy: Strategy): void {
    const { name, schedulesMax = SCHEDULES_MAX } = this.#options
    do {
      if (this.#schedules + this.#redundant >= schedulesMax) {
        throw new RangeError(
          `${name}: not exhausted after ${schedulesMax} schedules; ` +
            "make the model smaller, bound preemptionsMax, or raise schedulesMax",
        )
      }
      this.#runOnce(strategy)
      this.#check()
    } while (strategy.end())
  }

  /** One schedule, and what must hold after it. */
  #runOnce(strategy: Strategy, traced = false): void {
    const { setup, after } = this.#options
    const execution = this.#execution
    const world = setup.call(this.#options)
    execution.run(world, strategy, traced)
    this.#steps += execution.outlook.steps
    this.#kills += execution.outlook.kills
    if (execution.stopped) this.#redundant++
    else this.#schedules++
    if (execution.defect !== null || execution.stopped || after === undefined) return
    try {
      after.call(this.#options, world, this.#threads.map(outcomeOf<Result>))
    } catch (cause) {
      execution.defect = { kind: "broken invariant", message: `${cause}`, cause }
    }
  }

  #follow(replay: string): void {
    const { name } = this.#options
    const strategy = new Replay(parse(replay))
    this.#runOnce(strategy)
    strategy.end()
    this.#check()
    if (strategy.left > 0 || this.#execution.stopped) {
      throw new RangeError(`${name}: the schedule ${replay} does not fit this model`)
    }
  }

  #check(): void {
    const { defect } = this.#execution
    if (defect !== null) this.#fail(defect.kind)
  }

  /** Finds a short schedule for the defect, runs it once more for the report, and throws that. */
  #fail(kind: DefectKind): never {
    const { name, names } = this.#options
    const schedules = this.#schedules + this.#redundant
    const choices = this.#shrunk(kind)
    const schedule = print(choices)
    this.#runOnce(new Replay(choices), true)
    const { defect, machine } = this.#execution
    if (defect === null || defect.kind !== kind) {
      const message =
        `${name}: ${kind}, but not when the same schedule ${schedule} is run again: ` +
        "setup or a thread depends on something besides shared words"
      throw new ModelFailure("not deterministic", undefined, message, schedule, schedules)
    }
    const shown = `shown with ${switches(choices)} switches of thread`
    const summary = `found in schedule ${schedules}; ${shown}`
    const command = this.#command(schedule)
    const message = describe({ model: name, defect, machine, names, command, summary })
    throw new ModelFailure(kind, defect.cause, message, schedule, schedules)
  }

  #shrunk(kind: DefectKind): readonly Choice[] {
    const choices = [...this.#execution.choices]
    if (this.#options.replay !== undefined || scheduleAsked(this.#options.name) !== undefined)
      return choices
    return shrink({ kind, failing: choices, switches, ...SHRINK }, (strategy) => {
      this.#runOnce(strategy)
      const { defect, choices, outlook } = this.#execution
      return { kind: defect?.kind, choices, steps: outlook.steps }
    })
  }

  #command(schedule: string): string {
    const value = `${schedule}@${this.#options.name}`.replaceAll("'", "'\\''")
    const folder = `${environment("PWD") ?? ""}/`
    const file = this.#file.startsWith(folder) ? this.#file.slice(folder.length) : this.#file
    const flags = "--conditions=model --conditions=source --test"
    return `${REPLAY_VARIABLE}='${value}' node ${flags} ${file}`
  }

  #bound(): string {
    const { preemptionsMax, strategy = "exhaustive" } = this.#options
    return preemptionsMax === undefined ? strategy : `${strategy}, ${preemptionsMax} preemptions`
  }

  #line(milliseconds: number): string {
    const { name } = this.#options
    const count = (value: number) => value.toLocaleString("en-US")
    return (
      `${name}: ${this.#threads.length} threads, ${this.#bound()}, ` +
      `${count(this.#schedules)} schedules, ${count(this.#redundant)} redundant, ` +
      `${count(this.#steps)} steps, ${count(this.#kills)} kills, ` +
      `${count(Math.round(milliseconds))} ms`
    )
  }
}

function outcomeOf<Result>(thread: ModelThread): Outcome<Result> {
  if (thread.state === status.KILLED) return "killed"
  return thread.state === status.FINISHED ? (thread.result as Result) : "waiting"
}
