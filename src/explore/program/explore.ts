/** `explore`: runs an ordinary program in many orders. */
import { setSimulation } from "#platform/simulation"
import { nextTurn, now } from "../../internal/platform/clock.ts"
import { parse, print } from "../schedule.ts"
import { Bounded } from "../strategies/bounded.ts"
import { Pct } from "../strategies/pct.ts"
import { Random } from "../strategies/random.ts"
import { Reduced } from "../strategies/reduced.ts"
import { Replay } from "../strategies/replay.ts"
import type { Strategy } from "../strategy.ts"
import { startProgram } from "./go.ts"
import { Registry } from "./registry.ts"
import { lower, raise, Stagehands } from "./stagehands.ts"
import { STRANDS_MAX, Theatre } from "./theatre.ts"

/** How a program is explored. */
export interface ExploreOptions {
  /** Shown in results and failures. */
  readonly name?: string
  readonly strategy?: "exhaustive" | "random" | "pct"
  readonly seed?: number
  readonly schedulesMax?: number
  readonly preemptionsMax?: number
  /** The depth of bugs that `pct` looks for; 3 unless given. */
  readonly depth?: number
  readonly stepsMax?: number
  readonly timeouts?: "last" | "any"
  readonly replay?: string
  readonly kill?: boolean
}

/** What was run. */
export interface ExploreResult {
  readonly schedules: number
  readonly redundant: number
  readonly exhaustive: boolean
  readonly steps: number
  readonly milliseconds: number
  readonly line: string
}

/** A schedule in which the program goes wrong. */
export class ExploreFailure extends Error {
  readonly code = "ERR_HEDDLE_EXPLORE"
  readonly kind: string
  readonly schedule: string
  readonly schedules: number

  constructor(kind: string, message: string, schedule: string, schedules: number, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = "ExploreFailure"
    this.kind = kind
    this.schedule = schedule
    this.schedules = schedules
  }
}

/** Programs are explored one after the other. */
let before: Promise<unknown> = Promise.resolve()

/** Explores a program. */
export function explore(
  program: () => unknown,
  options: ExploreOptions = {},
): Promise<ExploreResult> {
  const result = before.then(() => new Exploration(program, options).run())
  before = result.catch(() => {})
  return result
}

class Exploration {
  readonly #program: () => unknown
  readonly #options: ExploreOptions
  readonly #hands = new Stagehands()
  readonly #theatre: Theatre
  #schedules = 0
  #redundant = 0
  #steps = 0

  constructor(program: () => unknown, options: ExploreOptions) {
    this.#program = program
    this.#options = options
    const { stepsMax = 2_000, timeouts = "last" } = options
    const bounds = { stepsMax, timeouts, kill: options.kill === true, killsMax: 1 }
    this.#theatre = new Theatre(new Registry(STRANDS_MAX), bounds, this.#hands)
  }

  async run(): Promise<ExploreResult> {
    const started = now()
    const theatre = this.#theatre
    setSimulation(theatre)
    raise(theatre, this.#hands)
    let exhausted = false
    try {
      const strategy = this.#strategy()
      for (;;) {
        await this.#once(strategy)
        const goesOn = strategy.end()
        if (!goesOn) {
          exhausted = true
          break
        }
        if (this.#schedules + this.#redundant >= this.#schedulesMax) break
      }
    } finally {
      setSimulation(undefined)
      lower()
    }
    const exhaustive = exhausted && (this.#options.strategy ?? "exhaustive") === "exhaustive"
    const milliseconds = now() - started
    return {
      schedules: this.#schedules,
      redundant: this.#redundant,
      exhaustive,
      steps: this.#steps,
      milliseconds,
      line: this.#line(exhaustive, milliseconds),
    }
  }

  get #schedulesMax(): number {
    return this.#options.schedulesMax ?? 10_000
  }

  #strategy(): Strategy {
    const { strategy = "exhaustive", seed = 1, depth = 3, preemptionsMax, replay } = this.#options
    if (replay !== undefined) return new Replay(parse(replay))
    if (strategy === "random") return new Random(seed, this.#schedulesMax)
    if (strategy === "pct") return new Pct(seed, this.#schedulesMax, depth)
    return preemptionsMax === undefined ? new Reduced(true) : new Bounded(preemptionsMax)
  }

  async #once(strategy: Strategy, traced = false): Promise<void> {
    const theatre = this.#theatre
    this.#hands.strike()
    await theatre.run((it) => startProgram(it, this.#program), strategy, traced)
    await new Promise<void>((resolve) => nextTurn(resolve))
    this.#steps += theatre.steps
    if (theatre.stopped) this.#redundant++
    else this.#schedules++
    const finding = theatre.finding
    if (finding === null) return
    const schedule = print(theatre.choices)
    throw new ExploreFailure(
      finding.kind,
      `${finding.kind}: ${finding.message} (schedule ${schedule})`,
      schedule,
      this.#schedules,
      finding.cause,
    )
  }

  #line(exhaustive: boolean, milliseconds: number): string {
    const { name = "program", strategy = "exhaustive" } = this.#options
    const how = exhaustive ? "exhaustive" : `${strategy}, bounded`
    const count = (value: number) => value.toLocaleString("en-US")
    return (
      `${name}: ${count(this.#schedules)} schedules, ${how}, ` +
      `${count(this.#steps)} steps, ${count(Math.round(milliseconds))} ms`
    )
  }
}
