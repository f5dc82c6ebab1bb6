/**
 * Numbers that mean the same in every execution of one exploration.
 *
 * A task is known by who started it and as which of its tasks; an operation by its task and its
 * place in the task's list.
 */
import {
  type Choice,
  choiceOf,
  DIE,
  type Situation,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"

import { LEAVE } from "./leave.ts"

/** Operations of one task at a time, and tasks of one task, at most. */
const EACH_MAX = 4096

/** Gives numbers to tasks and strands as they are first met. */
export class Registry {
  readonly #players = new Map<number, number>()
  readonly #paths: string[] = []
  readonly #strands = new Map<number, number>()
  readonly #names: string[] = []
  readonly #owners: number[] = []
  readonly #keys: number[] = []
  readonly #strandsMax: number
  readonly #reuses: boolean
  /** There were more strands than it has numbers for. */
  exceeded: RangeError | undefined
  /** Strands that wait in this execution, as a set. */
  #live = 0

  /** @param reuses whether numbers that nothing waits under may get another meaning */
  constructor(strandsMax: number, reuses = false) {
    this.#strandsMax = strandsMax
    this.#reuses = reuses
  }

  /** An execution begins: nothing waits. */
  begin(): void {
    this.#live = 0
  }

  /** Nothing waits under this number any more. */
  release(strand: number): void {
    this.#live &= ~(1 << strand)
  }

  /** The `nth` task that `parent` has started. */
  player(parent: number, nth: number): number {
    const name = (parent + 1) * EACH_MAX + nth
    let number = this.#players.get(name)
    if (number === undefined) {
      number = this.#players.size
      this.#players.set(name, number)
      this.#paths.push(parent < 0 ? "main" : `${this.#paths[parent]}.${nth}`)
    }
    return number
  }

  /**
   * The operation in this place of a task's list. When there are more than strategies can tell
   * apart, `exceeded` says so, and code is left.
   */
  strand(player: number, slot: number): number {
    const name = player * EACH_MAX + slot
    const known = this.#strands.get(name)
    const number = known ?? this.#unused()
    this.#live |= 1 << number
    if (known !== undefined) return number
    const before = this.#keys[number]
    if (before !== undefined) this.#strands.delete(before)
    this.#strands.set(name, number)
    this.#keys[number] = name
    this.#names[number] = `${this.#paths[player]}/${slot}`
    this.#owners[number] = player
    return number
  }

  /** A number for a new strand: one never used, or, where that is allowed, one that is free. */
  #unused(): number {
    const next = this.#keys.length
    if (next < this.#strandsMax) return next
    for (let number = 0; this.#reuses && number < this.#strandsMax; number++) {
      if ((this.#live & (1 << number)) === 0) return number
    }
    const bound = this.#reuses ? "at a time" : "in all"
    const advice = this.#reuses ? "fewer tasks" : 'fewer tasks, or explore it by "random" or "pct"'
    this.exceeded ??= new RangeError(
      `${this.#strandsMax} operations ${bound} is all that such a search can tell apart, and ` +
        `this program has more: give it ${advice}`,
    )
    throw LEAVE
  }

  /** A name of a strand that every registry understands. */
  nameOf(strand: number): string {
    return this.#names[strand]
  }

  /** The task of a strand. */
  playerOf(strand: number): number {
    return this.#owners[strand]
  }

  /** The strand of this name, or -1. */
  named(name: string): number {
    return this.#names.indexOf(name)
  }
}

/** Follows choices that were made by the numbers of another registry, by the names of these. */
export class Renamed implements Strategy {
  readonly #choices: readonly Choice[]
  readonly #names: readonly string[]
  readonly #to: Registry
  #at = 0

  constructor(choices: readonly Choice[], names: readonly string[], to: Registry) {
    this.#choices = choices
    this.#names = names
    this.#to = to
  }

  begin(): void {
    this.#at = 0
  }

  choose(situation: Situation): Choice {
    const choice = this.#choices[this.#at]
    if (choice === undefined) return STOP
    const strand = this.#to.named(this.#names[this.#at])
    const variant = variantOf(choice)
    const able = variant === DIE ? situation.mortal : situation.enabled
    if (strand < 0 || (able & (1 << strand)) === 0) return STOP
    return choiceOf(strand, variant)
  }

  executed(): void {
    this.#at++
  }

  end(): boolean {
    return false
  }
}
