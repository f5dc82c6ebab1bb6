/**
 * Who stands in for the runtime while a program is explored; in production nobody.
 *
 * Rooms ask when something is made or started, never per message: what they are given then behaves
 * as theirs does, in one thread and one step at a time.
 */

/** What a program asks of the runtime that can be stood in for. */
export type Part =
  | "channel"
  | "broadcast"
  | "subscription"
  | "senders"
  | "lock"
  | "line"
  | "go"
  | "parallel"
  | "join"
  | "memory"
  | "yield"
  | "isolates"
  | "mayBlock"
  | "actor"
  | "shutdown"

/** A timer of simulated time. */
export interface SimulatedTimer {
  stop(): void
}

/** Stands in for the runtime. */
export interface Simulation {
  /** Whether the code that asks belongs to the explored program. */
  readonly inside: boolean
  /** What plays the part of something the program makes or starts. */
  play(part: Part, args: readonly unknown[]): unknown
  now(): number
  after(ms: number, fn: () => void): SimulatedTimer
  below(bound: number): number
}

let simulation: Simulation | undefined

/** Sets or removes the stand-in. */
export function setSimulation(next: Simulation | undefined): void {
  simulation = next
}

/** The stand-in, when the calling code belongs to an explored program. */
export function simulated(): Simulation | undefined {
  return simulation?.inside === true ? simulation : undefined
}
