/**
 * Probabilistic concurrency testing: priorities by chance, and a few steps at which the running
 * process falls behind all others.
 *
 * With n processes, at most k steps and depth d, a bug that needs d orderings to fall in a certain
 * way is met in one schedule with a probability of at least 1 / (n * k^(d-1)). k is the longest
 * execution so far.
 *
 * After         Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized scheduler, 2010
 */
import { Chance } from "../chance.ts"
import { type Choice, choiceOf, lowest, type Situation, type Strategy } from "../strategy.ts"
import { variantFor } from "./random.ts"

/** Runs the process of the highest priority. */
export class Pct implements Strategy {
  readonly #chance: Chance
  readonly #depth: number
  #left: number
  #longest = 1
  #steps = 0
  /** Priorities by process; 0 is not drawn yet. Falling ones are negative. */
  #priorities: number[] = []
  #changes: number[] = []

  constructor(seed: number, schedules: number, depth: number) {
    this.#chance = new Chance(seed)
    this.#left = schedules
    this.#depth = depth
  }

  begin(): void {
    this.#longest = Math.max(this.#longest, this.#steps)
    this.#steps = 0
    this.#priorities = []
    this.#changes = []
    for (let i = 1; i < this.#depth; i++) this.#changes.push(this.#chance.below(this.#longest))
  }

  choose(situation: Situation): Choice {
    let process = this.#first(situation.enabled)
    for (const [i, step] of this.#changes.entries()) {
      if (step !== this.#steps) continue
      this.#priorities[process] = i - this.#depth
      process = this.#first(situation.enabled)
    }
    return choiceOf(process, variantFor(this.#chance, situation, process))
  }

  executed(): void {
    this.#steps++
  }

  end(): boolean {
    return --this.#left > 0
  }

  #first(enabled: number): number {
    let best = -1
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const process = lowest(rest)
      this.#priorities[process] ??= this.#chance.next() + 1
      if (best < 0 || this.#priorityOf(process) > this.#priorityOf(best)) best = process
    }
    return best
  }

  #priorityOf(process: number): number {
    return this.#priorities[process] as number
  }
}
