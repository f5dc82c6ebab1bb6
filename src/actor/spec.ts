/**
 * What `supervise` accepts, checked: a nonsense limit is found when it is written, not when it
 * counts.
 */

import { shown } from "../internal/wire/shown.ts"
import type { Backoff } from "./backoff.ts"
import type { MakeLife, ShutdownTime } from "./child-life.ts"
import type { AutoShutdown, Intensity, Restart, Strategy } from "./restart.ts"

/** How a child is supervised. */
export interface ChildOptions {
  /** Its name among its siblings. */
  readonly id: string
  /** When it comes back: always, after a failure, never. Default: `permanent`. */
  readonly restart?: Restart
  /**
   * How long it has to end when its supervisor asks it to, before it is killed. Default: 5,000; of
   * a subtree: `"infinity"`.
   */
  readonly shutdownMs?: ShutdownTime
  /**
   * Its end may end the supervisor, by `autoShutdown`. Not for permanent children. Default: false.
   */
  readonly significant?: boolean
}

/** A child as `child(...)` and `subtree(...)` describe it, for `supervise` and `add`. */
export interface ChildSpec<S extends object = object> extends Required<ChildOptions> {
  readonly kind: "actor" | "supervisor"
  /** Makes it; `more` are the further arguments of a dynamic child. */
  readonly make: (more: readonly unknown[]) => MakeLife
  /** Never there: carries the type of what `bank.child(id)` gives. */
  readonly subject?: S
}

/** How a supervisor works. */
export interface SupervisorOptions<Kids extends readonly ChildSpec[] = readonly ChildSpec[]> {
  /** Its name in errors. */
  readonly name?: string
  /** Who restarts with a child that failed. Default: `one-for-one`. */
  readonly strategy?: Strategy
  /** More restarts than that, and the supervisor gives up. Default: 1 in 5,000 ms, as in Erlang. */
  readonly intensity?: Intensity
  /** Delays between restarts. Default: none. */
  readonly backoff?: Backoff
  /** Whether the end of significant children ends the supervisor. Default: `never`. */
  readonly autoShutdown?: AutoShutdown
  /** Started in order, stopped in reverse. Of a simple-one-for-one: the one template. */
  readonly children?: Kids
}

/** Options with everything filled in. */
export interface CheckedOptions {
  readonly name: string
  readonly strategy: Strategy
  readonly intensity: Intensity
  readonly backoff: Backoff | undefined
  readonly autoShutdown: AutoShutdown
  readonly children: readonly ChildSpec[]
}

const STRATEGIES = ["one-for-one", "one-for-all", "rest-for-one", "simple-one-for-one"] as const
const RESTARTS = ["permanent", "transient", "temporary"] as const
const AUTO_SHUTDOWNS = ["never", "any-significant", "all-significant"] as const
const SUPERVISOR_KEYS = ["name", "strategy", "intensity", "backoff", "autoShutdown", "children"]
const CHILD_KEYS = ["id", "restart", "shutdownMs", "significant"]

/** Checks the options of a supervisor, and fills them in. */
export function checkSupervisor(given: SupervisorOptions): CheckedOptions {
  known(given, SUPERVISOR_KEYS, "supervise")
  const { name = "supervisor", strategy = "one-for-one", autoShutdown = "never" } = given
  const { children = [], backoff } = given
  if (typeof name !== "string") throw new TypeError(`name must be a string, not ${shown(name)}`)
  oneOf("strategy", strategy, STRATEGIES)
  oneOf("autoShutdown", autoShutdown, AUTO_SHUTDOWNS)
  if (!Array.isArray(children)) {
    throw new TypeError(`children must be an array, not ${shown(children)}`)
  }
  if (strategy === "simple-one-for-one" && children.length !== 1) {
    throw new RangeError(`simple-one-for-one takes one child, the template, not ${children.length}`)
  }
  const ids = new Set<string>()
  for (const [i, spec] of children.entries()) checkMember(spec, ids, autoShutdown, `children[${i}]`)
  const intensity = checkIntensity(given.intensity ?? { restarts: 1, withinMs: 5_000 })
  if (backoff !== undefined) checkBackoff(backoff)
  return { name, strategy, intensity, backoff, autoShutdown, children: [...children] }
}

/** Checks a child that is to live beside the ids given, and notes its id there. */
export function checkMember(
  spec: ChildSpec,
  ids: Set<string>,
  autoShutdown: AutoShutdown,
  place = "it",
): void {
  if (typeof spec !== "object" || spec === null || typeof spec.make !== "function") {
    const how = "a child is made by child(Class, args, options)"
    throw new TypeError(`${how}; ${place} is ${shown(spec)}`)
  }
  if (ids.has(spec.id)) throw new RangeError(`two children have the id ${shown(spec.id)}`)
  ids.add(spec.id)
  if (spec.significant && autoShutdown === "never") {
    throw new RangeError(`child ${shown(spec.id)} is significant, but autoShutdown is "never"`)
  }
}

/** Checks the options of a child, and fills them in. */
export function checkChild(
  given: ChildOptions,
  shutdown: ShutdownTime,
  more: readonly string[] = [],
): Required<ChildOptions> {
  known(given, [...CHILD_KEYS, ...more], "child")
  const { id, restart = "permanent", shutdownMs = shutdown, significant = false } = given
  if (typeof id !== "string" || id === "") {
    throw new TypeError(`id must be a string that is not empty, not ${shown(id)}`)
  }
  oneOf("restart", restart, RESTARTS)
  if (shutdownMs !== "brutal" && shutdownMs !== "infinity" && shutdownMs !== Infinity) {
    limit("shutdownMs", shutdownMs, 0)
  }
  if (typeof significant !== "boolean") {
    throw new TypeError(`significant must be true or false, not ${shown(significant)}`)
  }
  if (significant && restart === "permanent") {
    throw new RangeError(`child ${shown(id)} is permanent, so it cannot be significant`)
  }
  return { id, restart, shutdownMs, significant }
}

function checkIntensity(given: Intensity): Intensity {
  known(given, ["restarts", "withinMs"], "intensity")
  const { restarts, withinMs } = given
  if (!Number.isSafeInteger(limit("intensity.restarts", restarts, 0))) {
    throw new RangeError(`intensity.restarts must be a whole number, not ${restarts}`)
  }
  if (limit("intensity.withinMs", withinMs, 0) === 0) {
    throw new RangeError("intensity.withinMs must be above 0, not 0")
  }
  return { restarts, withinMs }
}

function checkBackoff(given: Backoff): void {
  known(given, ["minMs", "maxMs", "factor"], "backoff")
  if (limit("backoff.minMs", given.minMs, 0) === 0) {
    throw new RangeError("backoff.minMs must be above 0, not 0")
  }
  limit("backoff.maxMs", given.maxMs, given.minMs)
  limit("backoff.factor", given.factor, 1)
}

/** The longest time a timer of the host can wait. */
const LONGEST_MS = 2 ** 31 - 1

function limit(what: string, value: unknown, least: number): number {
  if (typeof value !== "number")
    throw new TypeError(`${what} must be a number, not ${shown(value)}`)
  if (!(value >= least && value <= LONGEST_MS)) {
    throw new RangeError(`${what} must be from ${least} to ${LONGEST_MS}, not ${value}`)
  }
  return value
}

function oneOf(what: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return
  throw new TypeError(
    `${what} must be one of ${choices.map(shown).join(", ")}, not ${shown(value)}`,
  )
}

function known(given: object, keys: readonly string[], what: string): void {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`${what} takes an object of options, not ${shown(given)}`)
  }
  const unknown = Object.keys(given).find((key) => !keys.includes(key))
  if (unknown === undefined) return
  throw new TypeError(`${what} has no option ${shown(unknown)}; it has ${keys.join(", ")}`)
}
