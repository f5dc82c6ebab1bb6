/** How a program is explored, and what comes out of it. */
import { checkBoolean, checkString } from "../../internal/wire/given.ts"
import { checkNames, shown } from "../../internal/wire/shown.ts"
import type { TheatreBounds } from "./finding.ts"

/** What a schedule cannot decide, and a program may be allowed all the same. */
export type Uncontrolled = "Math.random" | "Date.now" | "performance.now" | "crypto"

/** How a program is explored. */
export interface ExploreOptions {
  /** Shown in results and failures; otherwise the file and line of the call. */
  readonly name?: string
  /** `exhaustive` unless given; `every` is the same without partial-order reduction. */
  readonly strategy?: "exhaustive" | "every" | "random" | "pct"
  /** Of `random` and `pct`: the same seed gives the same schedules everywhere. 1 unless given. */
  readonly seed?: number
  /** Schedules at most; 10,000 unless given. */
  readonly schedulesMax?: number
  /** Only schedules that take the turn from a task that could go on at most this often. */
  readonly preemptionsMax?: number
  /** The depth of bugs that `pct` looks for; 3 unless given. */
  readonly depth?: number
  /** Whether the isolate of any task may die before any step, `killsMax` of them per schedule. */
  readonly kill?: boolean
  /** Deaths per schedule; 1 unless given. */
  readonly killsMax?: number
  /** A schedule as a failure prints it: only this one is run. */
  readonly replay?: string
  /** Steps of one schedule, before that is called a livelock; 2,000 unless given. */
  readonly stepsMax?: number
  /** When time passes: only when nothing else can happen, or at any moment. `last` unless given. */
  readonly timeouts?: "last" | "any"
  /** What may be left at the end: locks that are held are a leak, with `all` unread values too. */
  readonly leaks?: "none" | "locks" | "all"
  /** A file to write the failing schedule to, as a timeline for trace viewers. */
  readonly trace?: string
  /** Sources of chance and time that are no failure; the program is given the same each time. */
  readonly allow?: readonly Uncontrolled[]
}

/** What was run. */
export interface ExploreResult {
  readonly name: string
  /** Schedules run to their end. */
  readonly schedules: number
  /** Executions stopped early because they could only repeat what was known. */
  readonly redundant: number
  /** Whether every order was tried, up to the order of steps that do not depend on each other. */
  readonly exhaustive: boolean
  readonly steps: number
  readonly kills: number
  readonly milliseconds: number
  /** One line with all of it, for a test to print. */
  readonly line: string
}

const KNOWN = [
  "name",
  "strategy",
  "seed",
  "schedulesMax",
  "preemptionsMax",
  "depth",
  "kill",
  "killsMax",
  "replay",
  "stepsMax",
  "timeouts",
  "leaks",
  "trace",
  "allow",
]

/** Options that are one of several words. */
const WORDS = {
  strategy: ["exhaustive", "every", "random", "pct"],
  timeouts: ["last", "any"],
  leaks: ["none", "locks", "all"],
} as const

const SOURCES: readonly Uncontrolled[] = ["Math.random", "Date.now", "performance.now", "crypto"]

/**
 * Looks at the options of `explore`.
 *
 * @throws {TypeError} for one that it does not know, or that is not of its type
 * @throws {RangeError} when a number makes no sense
 */
export function checkExplore(options: ExploreOptions): void {
  checkNames(options, "explore", KNOWN)
  for (const [name, words] of Object.entries(WORDS)) {
    const given: unknown = options[name as keyof typeof WORDS]
    if (given === undefined || (words as readonly unknown[]).includes(given)) continue
    throw new TypeError(`${name} must be one of ${words.join(", ")}; received ${shown(given)}`)
  }
  for (const name of ["schedulesMax", "preemptionsMax", "killsMax", "stepsMax", "depth"] as const) {
    if (options[name] !== undefined) checkCount(name, options[name])
  }
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) {
    throw new RangeError(`seed must be a whole number, received ${shown(options.seed)}`)
  }
  for (const name of ["name", "replay", "trace"] as const) {
    if (options[name] !== undefined) checkString(options[name], name)
  }
  const { kill = false, allow = [] } = options
  checkBoolean(kill, "kill")
  const strange = Array.isArray(allow) ? allow.find((source) => !SOURCES.includes(source)) : allow
  if (strange === undefined) return
  throw new TypeError(`allow must be a list of ${SOURCES.join(", ")}; received ${shown(strange)}`)
}

/** The limits of each execution. */
export function boundsOf(options: ExploreOptions): TheatreBounds {
  const { timeouts = "last", leaks = "locks" } = options
  return {
    stepsMax: options.stepsMax ?? 2_000,
    killsMax: options.kill === true ? (options.killsMax ?? 1) : 0,
    timeouts,
    leaks,
  }
}

/** @throws {RangeError} when `value` is no whole number from `least` */
export function checkCount(name: string, value: unknown, least = 0): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return
  const what = least === 0 ? "a count" : `a count from ${least}`
  throw new RangeError(`${name} must be ${what}, received ${shown(value)}`)
}
