/**
 * What a supervisor does when a child is gone: a pure function over plain data.
 *
 * Deciding is here, doing is in `supervisor.ts`. The semantics are those of Erlang/OTP's
 * `supervisor`, and `test/actor/erlang.test.ts` holds them against recorded runs of it:
 *
 *   permanent   always comes back        transient   comes back after a failure
 *   temporary   never comes back, and is forgotten once it is gone
 *
 * Children are listed in the order they were started. What a plan stops is in reverse order, what
 * it starts is in order. A plan starts every child of its group, one that had ended normally as
 * well.
 *
 * After   Erlang/OTP supervisor(3)
 */

import { type Backoff, backoffDelayMs } from "./backoff.ts"

/** Who goes down and up with a child that failed. */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one" | "simple-one-for-one"

/** When a child that ended comes back. */
export type Restart = "permanent" | "transient" | "temporary"

/** Whether the end of significant children ends their supervisor. */
export type AutoShutdown = "never" | "any-significant" | "all-significant"

/** More than `restarts` within `withinMs` and the supervisor gives up. */
export interface Intensity {
  readonly restarts: number
  readonly withinMs: number
}

/**
 * Where a child stands.
 *
 *   running      it has been started and has not ended
 *   restarting   it is down and will be started again: after a delay, or because its start failed
 *   stopped      it is down until somebody starts it
 */
export type ChildState = "running" | "restarting" | "stopped"

/** What the policy knows of one child. */
export interface ChildEntry {
  readonly id: string
  readonly restart: Restart
  readonly significant: boolean
  readonly state: ChildState
}

/** All that stopping needs to know. */
type Standing = Pick<ChildEntry, "id" | "state">

/** What the policy knows of a supervisor, and what varies from one decision to the next. */
export interface Situation {
  readonly strategy: Strategy
  readonly autoShutdown: AutoShutdown
  readonly intensity: Intensity
  /** Without one, restarts happen at once, as in Erlang. */
  readonly backoff: Backoff | undefined
  /** In the order they were started. */
  readonly children: readonly ChildEntry[]
  /** The moments of earlier restarts, in milliseconds, oldest first. */
  readonly history: readonly number[]
  readonly now: number
  /** From 0 to below 1: the jitter of this restart. */
  readonly random: number
}

/** How a child ended, as far as the policy cares: `shutdown` and `normal` are no failures. */
export type Ending = "normal" | "shutdown" | "failure"

/** Nothing needs to be done but to note that the child is down, or to forget it. */
export interface Leave {
  readonly act: "leave"
  readonly forget: readonly string[]
}

/** Stop some, wait, start some. */
export interface RestartPlan {
  readonly act: "restart"
  /** In reverse order; all of them run now. */
  readonly stop: readonly string[]
  /** Temporary children among those that are stopped: they do not come back. */
  readonly forget: readonly string[]
  /** In order. */
  readonly start: readonly string[]
  readonly delayMs: number
  readonly history: readonly number[]
}

/** The supervisor ends: it stops what runs, in reverse order, and its own supervisor decides. */
export interface Escalate {
  readonly act: "escalate"
  readonly because: "intensity" | "significant"
  readonly stop: readonly string[]
}

/** What to do now. */
export type Plan = Leave | RestartPlan | Escalate

/** Says what happens after the child `id`, which ran, has ended. */
export function planExit(situation: Situation, id: string, ending: Ending): Plan {
  const child = entryOf(situation, id)
  if (comesBack(child.restart, ending)) return planRestart(situation, id)
  if (endsSupervisor(situation, child)) {
    return { act: "escalate", because: "significant", stop: runningBut(situation.children, id) }
  }
  return { act: "leave", forget: isForgotten(situation, child) ? [id] : [] }
}

/**
 * Says what happens when the child `id` has to come back, whatever its restart type: it failed, or
 * its last start failed. Every attempt counts towards the intensity.
 */
export function planRestart(situation: Situation, id: string): Plan {
  const { children, intensity, now, backoff, random } = situation
  entryOf(situation, id)
  const history = recent(situation.history, now, intensity.withinMs)
  history.push(now)
  if (history.length > intensity.restarts) {
    return { act: "escalate", because: "intensity", stop: runningBut(children, id) }
  }
  const group = groupOf(situation.strategy, children, id)
  const stop = runningBut(group, id)
  const forget = group.filter((child) => child.restart === "temporary" && child.id !== id)
  const start = group.filter((child) => child.restart !== "temporary" || child.id === id)
  const delayMs = backoff === undefined ? 0 : backoffDelayMs(backoff, history.length, random)
  return { act: "restart", stop, forget: ids(forget), start: ids(start), delayMs, history }
}

/** Names the running children in the order in which a supervisor that ends stops them. */
export function planShutdown(children: readonly Standing[]): string[] {
  return runningBut(children, undefined)
}

function comesBack(restart: Restart, ending: Ending): boolean {
  if (restart === "transient") return ending === "failure"
  return restart === "permanent"
}

function endsSupervisor({ autoShutdown, children }: Situation, child: ChildEntry): boolean {
  if (!child.significant || autoShutdown === "never") return false
  if (autoShutdown === "any-significant") return true
  const others = children.filter((other) => other.id !== child.id && other.state !== "stopped")
  return !others.some((other) => other.significant)
}

/** A dynamic child of a simple-one-for-one supervisor is only known while it lives. */
function isForgotten({ strategy }: Situation, child: ChildEntry): boolean {
  return child.restart === "temporary" || strategy === "simple-one-for-one"
}

function groupOf(
  strategy: Strategy,
  children: readonly ChildEntry[],
  id: string,
): readonly ChildEntry[] {
  if (strategy === "one-for-all") return children
  const at = children.findIndex((child) => child.id === id)
  return strategy === "rest-for-one" ? children.slice(at) : children.slice(at, at + 1)
}

function recent(history: readonly number[], now: number, withinMs: number): number[] {
  return history.filter((moment) => now <= moment + withinMs)
}

function runningBut(children: readonly Standing[], id: string | undefined): string[] {
  return ids(children.filter((child) => child.state === "running" && child.id !== id)).reverse()
}

function ids(children: readonly Standing[]): string[] {
  return children.map((child) => child.id)
}

function entryOf({ children }: Situation, id: string): ChildEntry {
  const child = children.find((entry) => entry.id === id)
  if (child === undefined) throw new RangeError(`no child ${JSON.stringify(id)} in this situation`)
  return child
}
