/** How a scenario is written. */

import type { AutoShutdown, Restart, Strategy } from "../../../src/actor/restart.ts"

/** How a child is made to end. */
export type How = "normal" | "shutdown" | "boom" | "killed"

/** A child of a scenario. */
export interface ScenarioChild {
  readonly id: string
  readonly restart: Restart
  readonly significant: boolean
  readonly shutdown: "brutal" | number | "infinity"
  /** Which of its starts are refused, from 1. */
  readonly failing: readonly number[]
  /** It ignores the request to stop. */
  readonly stubborn: boolean
}

/** One thing done to the tree. */
export type Step =
  | readonly ["die", id: string, how: How]
  | readonly ["stop" | "restart" | "remove" | "spawn", id: string]
  | readonly ["add", child: ScenarioChild]
  | readonly ["wait", ms: number]
  | readonly ["counts" | "shutdown"]

/** One scenario. */
export interface Scenario {
  readonly name: string
  readonly strategy: Strategy
  readonly restarts: number
  readonly withinS: number
  readonly autoShutdown: AutoShutdown
  /**
   * The supervisor is itself a child, with this restart type, of a one-for-one with 1 in an hour.
   */
  readonly nested?: Restart
  /** Of a simple-one-for-one: the one template. */
  readonly children: readonly ScenarioChild[]
  readonly steps: readonly Step[]
}

/** What differs from the usual child. */
export type Options = Partial<Omit<ScenarioChild, "id">>

/** A permanent child, unless told otherwise. */
export function kid(id: string, options: Options = {}): ScenarioChild {
  const usual = { restart: "permanent", significant: false, shutdown: 1000, failing: [] } as const
  return { id, ...usual, stubborn: false, ...options }
}

/** Children a, b, c, d. */
export function kids(...options: Options[]): ScenarioChild[] {
  return options.map((each, at) => kid("abcd".charAt(at), each))
}

/** A scenario with 3 restarts in an hour, unless told otherwise. */
export function scenario(
  name: string,
  strategy: Strategy,
  children: readonly ScenarioChild[],
  steps: readonly Step[],
  rest: Partial<Scenario> = {},
): Scenario {
  const usual = { restarts: 3, withinS: 3600, autoShutdown: "never" } as const
  return { name, strategy, children, steps, ...usual, ...rest }
}

/** A child ends. */
export const die = (id: string, how: How = "boom"): Step => ["die", id, how]
