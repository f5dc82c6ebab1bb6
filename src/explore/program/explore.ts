/** `explore`: runs an ordinary program in many orders. */
import { setSimulation } from "#platform/simulation"
import { nextTurn, now } from "../../internal/platform/clock.ts"
import { checkFunction } from "../../internal/wire/given.ts"
import { noteProof } from "../journal.ts"
import { REPLAY_VARIABLE, scheduleAsked } from "../replay-asked.ts"
import { parse, print } from "../schedule.ts"
import { shrinkLater } from "../shrink.ts"
import { Bounded } from "../strategies/bounded.ts"
import { Every } from "../strategies/every.ts"
import { Pct } from "../strategies/pct.ts"
import { Random } from "../strategies/random.ts"
import { Reduced } from "../strategies/reduced.ts"
import { Replay } from "../strategies/replay.ts"
import type { Choice, Strategy } from "../strategy.ts"
import { ExploreFailure } from "./failure.ts"
import type { Finding } from "./finding.ts"
import { startProgram } from "./go.ts"
import { Host } from "./host.ts"
import { isExplored, lower, raise } from "./on-stage.ts"
import { boundsOf, checkExplore, type ExploreOptions, type ExploreResult } from "./options.ts"
import { STRANDS_MAX } from "./prospect.ts"
import { Registry, Renamed } from "./registry.ts"
import { messageOf, switches } from "./report.ts"
import { Stagehands } from "./stagehands.ts"
import { Theatre } from "./theatre.ts"
import { traceTo } from "./trace-file.ts"
import { callerIn } from "./where.ts"

/** What may be spent on a shorter schedule: programs take longer than models. */
const SHRINK = { stepsMax: 30_000, preemptionsMax: 2 }

/** Programs are explored one after the other: they share one heap. */
let before: Promise<unknown> = Promise.resolve()

/**
 * Runs a program in many orders of its steps: all of them, unless told otherwise, up to the order
 * of steps that do not depend on each other, and up to `schedulesMax`.
 *
 * The program is an ordinary one with its ordinary imports. Its tasks run in simulated isolates,
 * one step at a time; what they are given is copied; time passes when nothing else can happen. The
 * program is run again for every schedule, and parts of it more than once: what it changes must be
 * made within it.
 *
 * @throws {ExploreFailure} for the first schedule in which the program goes wrong, made short
 * @example
 * const result = await explore(async () => {
 *   const sum = await go((n: number) => n + 1, 41)
 *   if (sum !== 42) throw new Error(`${sum}`)
 * })
 * console.log(result.exhaustive) // prints: true
 */
export async function explore(
  program: () => unknown,
  options: ExploreOptions = {},
): Promise<ExploreResult> {
  checkFunction(program, "explore")
  checkExplore(options)
  if (isExplored()) throw new TypeError("a program that is explored cannot explore another one")
  const stack = new Error().stack ?? ""
  const exploration = new Exploration(program, options, stack)
  const result = before.then(() => exploration.run())
  before = result.catch(() => {})
  return result
}

/** A schedule, and what its numbers stand for. */
interface Named {
  readonly choices: readonly Choice[]
  readonly names: readonly string[]
}

/** One program, and what was found out about it so far. */
class Exploration {
  readonly #program: () => unknown
  readonly #options: ExploreOptions
  readonly #name: string
  readonly #host: Host
  #hands = new Stagehands()
  #registry: Registry
  #theatre: Theatre
  #schedules = 0
  #redundant = 0
  #steps = 0
  #kills = 0
  #threads = 0

  constructor(program: () => unknown, options: ExploreOptions, stack: string) {
    this.#program = program
    this.#options = options
    const { file, line } = callerIn(stack)
    this.#name = options.name ?? `${file.split(/[\\/]/).at(-1)}:${line}`
    const { strategy = "exhaustive", replay = scheduleAsked(this.#name) } = options
    const byChance = strategy === "random" || strategy === "pct" || replay !== undefined
    this.#registry = new Registry(STRANDS_MAX, byChance)
    this.#theatre = new Theatre(this.#registry, boundsOf(options), this.#hands)
    this.#host = new Host(options.allow ?? [])
  }

  async run(): Promise<ExploreResult> {
    const started = now()
    let exhausted = false
    this.#raise()
    this.#host.begin()
    try {
      const replay = this.#options.replay ?? scheduleAsked(this.#name)
      if (replay === undefined) exhausted = await this.#search(this.#strategy())
      else await this.#follow(replay)
    } finally {
      this.#host.end()
      setSimulation(undefined)
      lower()
    }
    const { strategy = "exhaustive" } = this.#options
    const exhaustive = exhausted && (strategy === "exhaustive" || strategy === "every")
    return this.#result(exhaustive, now() - started)
  }

  #raise(): void {
    setSimulation(this.#theatre)
    raise(this.#theatre, this.#hands)
  }

  /** True when everything was tried. */
  async #search(strategy: Strategy): Promise<boolean> {
    for (;;) {
      await this.#once(strategy)
      const { finding } = this.#theatre
      if (finding !== null) await this.#fail(finding)
      if (!strategy.end()) return true
      if (this.#schedules + this.#redundant >= this.#schedulesMax) return false
    }
  }

  async #follow(replay: string): Promise<void> {
    const strategy = new Replay(parse(replay))
    await this.#once(strategy)
    strategy.end()
    const { finding } = this.#theatre
    if (finding !== null) await this.#fail(finding, true)
    if (strategy.left > 0) {
      throw new RangeError(`${this.#name}: the schedule ${replay} does not fit this program`)
    }
  }

  get #schedulesMax(): number {
    return this.#options.schedulesMax ?? 10_000
  }

  #strategy(): Strategy {
    const { strategy = "exhaustive", seed = 1, depth = 3, preemptionsMax } = this.#options
    if (strategy === "random") return new Random(seed, this.#schedulesMax)
    if (strategy === "every") return new Every(preemptionsMax ?? Infinity)
    if (strategy === "pct") return new Pct(seed, this.#schedulesMax, depth)
    return preemptionsMax === undefined ? new Reduced(true) : new Bounded(preemptionsMax)
  }

  /** Runs one schedule. */
  async #once(strategy: Strategy, traced = false): Promise<void> {
    const theatre = this.#theatre
    this.#hands.strike()
    this.#host.forget(theatre)
    await theatre.run((it) => startProgram(it, this.#program), strategy, traced)
    const { exceeded } = this.#registry
    if (exceeded !== undefined) throw new RangeError(`${this.#name}: ${exceeded.message}`)
    if (theatre.wanted !== undefined) {
      await theatre.wanted()
      return this.#once(strategy, traced)
    }
    // Promises that nobody has caught are told of only between turns.
    await new Promise<void>((resolve) => nextTurn(resolve))
    theatre.finding ??= this.#host.found
    this.#steps += theatre.steps
    this.#kills += theatre.kills
    this.#threads = Math.max(this.#threads, theatre.all.length)
    if (theatre.stopped && theatre.finding === null) this.#redundant++
    else this.#schedules++
  }

  /** Finds a short schedule for what was found, runs it once more for the report, throws that. */
  async #fail(found: Finding, asGiven = false): Promise<never> {
    const schedules = this.#schedules + this.#redundant
    const first = { choices: [...this.#theatre.choices], names: [...this.#theatre.names] }
    const short = asGiven ? first : await this.#shrunk(found.kind, first)
    await this.#retell(short)
    const theatre = this.#theatre
    const schedule = print(theatre.choices)
    const { finding } = theatre
    if (finding === null || finding.kind !== found.kind) {
      const message =
        `${this.#name}: ${found.kind}, but not when the same schedule ${schedule} is run again: ` +
        `the program depends on something that no schedule decides\n  ${found.message}`
      throw new ExploreFailure("not repeatable", message, schedule, schedules, found.cause)
    }
    if (this.#options.trace !== undefined) traceTo(this.#options.trace, this.#name, theatre)
    const changes = switches(theatre.choices, (strand) => this.#registry.playerOf(strand))
    const message = messageOf({
      name: this.#name,
      finding,
      theatre,
      summary: `found in schedule ${schedules}; shown with ${changes} changes of task`,
      command: this.#command(schedule),
    })
    throw new ExploreFailure(finding.kind, message, schedule, schedules, finding.cause)
  }

  async #shrunk(kind: string, first: Named): Promise<Named> {
    const what = {
      kind,
      failing: first.choices,
      switches: (made: readonly Choice[]) =>
        switches(made, (strand) => this.#registry.playerOf(strand)),
      ...SHRINK,
    }
    const choices = await shrinkLater(what, async (strategy) => {
      await this.#once(strategy)
      const { finding, choices: made, steps } = this.#theatre
      return { kind: finding?.kind, choices: [...made], steps }
    })
    return this.#named(kind, choices, first)
  }

  /** The names of a schedule, as it is run now; the one found when it does not lead there. */
  async #named(kind: string, choices: readonly Choice[], first: Named): Promise<Named> {
    await this.#once(new Replay(choices))
    const { finding, names } = this.#theatre
    return finding?.kind === kind ? { choices, names: [...names] } : first
  }

  /** Runs a schedule with everything noted, and numbers as a run of it alone gives them. */
  async #retell({ choices, names }: Named): Promise<void> {
    const registry = new Registry(STRANDS_MAX, true)
    const strategy = new Renamed(choices, names, registry)
    this.#hands = new Stagehands()
    this.#registry = registry
    this.#theatre = new Theatre(registry, boundsOf(this.#options), this.#hands)
    this.#raise()
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 50
    try {
      await this.#once(strategy, true)
    } finally {
      Error.stackTraceLimit = limit
    }
  }

  #command(schedule: string): string {
    const value = `${schedule}@${this.#name}`.replaceAll("'", "'\\''")
    return `${REPLAY_VARIABLE}='${value}' ${this.#host.command()}`
  }

  #result(exhaustive: boolean, milliseconds: number): ExploreResult {
    const { strategy = "exhaustive", preemptionsMax, seed = 1 } = this.#options
    const count = (value: number) => value.toLocaleString("en-US")
    const bound = preemptionsMax === undefined ? "" : `, ${preemptionsMax} preemptions`
    const how =
      strategy === "exhaustive" || strategy === "every"
        ? `${exhaustive ? "exhaustive" : "not exhausted"}${bound}`
        : `${strategy}, seed ${seed}`
    noteProof({
      name: this.#name,
      threads: this.#threads,
      bound: how,
      schedules: this.#schedules,
      steps: this.#steps,
      kills: this.#kills,
      milliseconds,
    })
    const kills = this.#options.kill === true ? `, ${count(this.#kills)} kills` : ""
    return {
      name: this.#name,
      schedules: this.#schedules,
      redundant: this.#redundant,
      exhaustive,
      steps: this.#steps,
      kills: this.#kills,
      milliseconds,
      line:
        `${this.#name}: ${count(this.#schedules)} schedules, ${how}, ` +
        `${count(this.#steps)} steps${kills}, ${count(Math.round(milliseconds))} ms`,
    }
  }
}
