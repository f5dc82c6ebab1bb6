/**
 * What can happen next in an execution: who can run, who may die, and what when nobody can run.
 *
 * Waiting and pausing threads cannot run until another one changes something. When nobody can,
 * time passes: waits with a timeout end, or else those that spin look once more. When that changes
 * nothing either, the execution has come to its end, and whoever is left over is a deadlock or a
 * livelock.
 */
import type { Defect } from "./defect.ts"
import type { Machine } from "./machine.ts"
import * as op from "./operation.ts"
import type { Situation } from "./strategy.ts"
import { type ModelThread, PAUSED, READY, WAITING } from "./thread.ts"

/** Bounds of an execution. */
export interface Bounds {
  /** Threads that may die, as a set. */
  readonly killable: number
  readonly killsMax: number
  /** Whether a wait with a timeout may time out although others can run. */
  readonly expiring: boolean
  /** Threads that may wait for ever, as a set. */
  readonly mayWait: number
  readonly stepsMax: number
  /** Fruitless pauses of one thread before it is called a livelock. */
  readonly spinsMax: number
}

/** The situation that strategies choose in. */
export class Outlook implements Situation {
  readonly processes: number
  enabled = 0
  mortal = 0
  /** Nobody sees a death but whoever takes the place of the dead, as a thread of its own. */
  readonly deathsTouch = false
  expirable = 0
  last = -1
  steps = 0
  kills = 0
  quiescent = false
  exclusive = false
  readonly #machine: Machine
  readonly #bounds: Bounds
  /** Paused threads that look once more although nothing has changed. */
  #forced = 0

  constructor(machine: Machine, bounds: Bounds) {
    this.#machine = machine
    this.#bounds = bounds
    this.processes = machine.threads.length
  }

  /** Back to the beginning of an execution. */
  reset(): void {
    this.last = -1
    this.steps = 0
    this.kills = 0
    this.#forced = 0
  }

  ownerOf(process: number): number {
    return process
  }

  pending(process: number, into: op.Footprint): void {
    this.#machine.pending(this.#machine.threads[process], into)
  }

  /** Looks around before a choice. False when there is none: the execution has ended. */
  look(): boolean {
    this.#findEnabled()
    this.exclusive = false
    this.quiescent = this.enabled === 0
    return !this.quiescent || this.#letTimePass()
  }

  /** Counts a step; true when it was possible only because nobody could run. */
  stepped(thread: ModelThread): boolean {
    const bit = 1 << thread.number
    const forced = (this.#forced & bit) !== 0
    this.#forced &= ~bit
    this.last = thread.number
    this.steps++
    return this.exclusive || forced
  }

  /** What is wrong with ending here, if anything. */
  leftOver(): Defect | null {
    const stuck = this.#machine.threads.filter(
      ({ state, number }) =>
        (state === WAITING || state === PAUSED) && (this.#bounds.mayWait & (1 << number)) === 0,
    )
    if (stuck.length === 0) return null
    const names = stuck.map((thread) => thread.name).join(", ")
    return stuck.some((thread) => thread.state === PAUSED)
      ? { kind: "livelock", message: `${names}: spinning or waiting, and nothing can change` }
      : { kind: "deadlock", message: `${names}: waiting, and nobody is left to wake them` }
  }

  #findEnabled(): void {
    const { killable, killsMax, expiring } = this.#bounds
    const mayDie = this.kills < killsMax ? killable : 0
    let enabled = 0
    let mortal = 0
    let expirable = 0
    for (const thread of this.#machine.threads) {
      const bit = 1 << thread.number
      const paused = thread.state === PAUSED
      if (thread.state !== READY && !paused) continue
      if (paused && (this.#forced & bit) === 0 && !thread.isOvertaken()) continue
      enabled |= bit
      if (thread.mortal && (mayDie & bit) !== 0) mortal |= bit
      if (expiring && thread.kind === op.WAIT && thread.b < Infinity) expirable |= bit
    }
    this.enabled = enabled
    this.mortal = mortal
    this.expirable = expirable
  }

  #letTimePass(): boolean {
    let timed = 0
    let spinning = 0
    for (const { state, number, b, fruitless } of this.#machine.threads) {
      if (state === WAITING && b < Infinity) timed |= 1 << number
      if (state === PAUSED && fruitless < this.#bounds.spinsMax) spinning |= 1 << number
    }
    this.exclusive = timed !== 0
    this.enabled = timed
    if (timed === 0 && spinning !== 0) {
      this.#machine.timeMs++
      this.#forced = spinning
      this.#findEnabled()
    }
    return this.enabled !== 0
  }
}
