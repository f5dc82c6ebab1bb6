/**
 * Probabilistic concurrency testing: priorities by chance, and a few steps at which whoever runs
 * falls behind all others.
 *
 * With n owners, at most k steps and depth d, a bug that needs d orderings to fall in a certain way
 * is met in one schedule with a probability of at least 1 / (n * k^(d-1)): test/explore/pct.test.ts
 * measures it. k is the longest execution so far. What one owner could do in several orders, its
 * processes, has priorities of its own below that.
 *
 * After         Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized scheduler, 2010
 */
import { Chance } from "../chance.ts"
import { type Choice, choiceOf, lowest, type Situation, STOP, type Strategy } from "../strategy.ts"
import { deathOfWaiting, variantFor } from "./random.ts"

/** Runs the process of the highest priority. */
export class Pct implements Strategy {
  readonly #chance: Chance
  readonly #depth: number
  #left: number
  #longest = 1
  #steps = 0
  /** Priorities by owner. Falling ones are negative. */
  #priorities: number[] = []
  /** Among the processes of one owner. */
  #ranks: number[] = []
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
    this.#ranks = []
    this.#changes = []
    for (let i = 1; i < this.#depth; i++) this.#changes.push(this.#chance.below(this.#longest))
  }

  choose(situation: Situation): Choice {
    const death = deathOfWaiting(this.#chance, situation)
    if (death !== STOP) return death
    let process = this.#first(situation)
    for (const [i, step] of this.#changes.entries()) {
      if (step !== this.#steps) continue
      const fallen = i - this.#depth
      this.#priorities[situation.ownerOf(process)] = fallen
      this.#ranks[process] = fallen
      process = this.#first(situation)
    }
    return choiceOf(process, variantFor(this.#chance, situation, process))
  }

  executed(): void {
    this.#steps++
  }

  end(): boolean {
    return --this.#left > 0
  }

  /** Of the owner that comes first, the process that does. */
  #first(situation: Situation): number {
    let best = -1
    let priority = -Infinity
    let rank = -Infinity
    for (let rest = situation.enabled; rest !== 0; rest &= rest - 1) {
      const process = lowest(rest)
      const own = drawn(this.#chance, this.#priorities, situation.ownerOf(process))
      const second = drawn(this.#chance, this.#ranks, process)
      if (own < priority || (own === priority && second < rank)) continue
      best = process
      priority = own
      rank = second
    }
    return best
  }
}

function drawn(chance: Chance, priorities: number[], index: number): number {
  priorities[index] ??= chance.next() + 1
  return priorities[index]
}
