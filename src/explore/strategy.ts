/**
 * The seam between running threads and choosing among them.
 *
 * An executor (model threads replayed in one thread today) offers a `Situation` before every step;
 * a strategy answers with a `Choice` and is told the `Step` that followed. Strategies know
 * processes as small numbers and places as numbers, nothing of bodies, memory or worlds.
 */
import type { Footprint } from "./operation.ts"

/**
 * What a chosen process does: its step, its step but with a wait that will time out, or it dies.
 */
export const STEP = 0
export const EXPIRE = 1
export const DIE = 2

/** A process (low five bits) and one of `STEP`, `EXPIRE`, `DIE`. */
export type Choice = number

/** Ends the execution here: what would follow is known already. */
export const STOP: Choice = -1

/** Processes of one execution: a set of them fits the bits of a small integer. */
export const PROCESSES_MAX = 24

/** The choice of `process` doing `variant`. */
export function choiceOf(process: number, variant: number): Choice {
  return process | (variant << 5)
}

/** The process of a choice. */
export function processOf(choice: Choice): number {
  return choice & 31
}

/** What the process of a choice does: `STEP`, `EXPIRE` or `DIE`. */
export function variantOf(choice: Choice): number {
  return choice >> 5
}

/** What can happen next. */
export interface Situation {
  readonly processes: number
  /** Set of processes that can take a step. */
  readonly enabled: number
  /** Those that may die: instead of their step, or while they wait. */
  readonly mortal: number
  /** Whether others see a death at once: when it comes matters. */
  readonly deathsTouch: boolean
  /** Subset whose wait may be one that times out. */
  readonly expirable: number
  /** The process of the step before, or -1. */
  readonly last: number
  /** Steps taken so far. */
  readonly steps: number
  /** Nothing could run, so time passes: a wait times out, or those that spin look once more. */
  readonly quiescent: boolean
  /** One of `enabled` will go on and the others not: which one is an alternative, not an order. */
  readonly exclusive: boolean
  /** Processes of one owner are one thread to strategies that weigh threads against each other. */
  ownerOf(process: number): number
  /** What the next step of a process would touch now. */
  pending(process: number, into: Footprint): void
}

/** What has happened. */
export interface Step {
  readonly process: number
  readonly variant: number
  readonly footprint: Footprint
  /** Possible only because nothing else could run: after everything before that moment. */
  readonly quiescent: boolean
  /** Processes that can go on only because of this step: woken by a notify, started by a death. */
  readonly enables: number
  /** Processes that could have gone on and cannot any more: what they would have done is void. */
  readonly withdraws: number
}

/** Chooses schedules, one execution after the other. */
export interface Strategy {
  /** An execution begins. */
  begin(): void
  choose(situation: Situation): Choice
  executed(step: Step, situation: Situation): void
  /** The execution has ended; true when another one should follow. */
  end(): boolean
}

/** The lowest process of a set. */
export function lowest(set: number): number {
  return 31 - Math.clz32(set & -set)
}

/** How many processes are in a set. */
export function size(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
