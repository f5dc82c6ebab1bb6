/**
 * Numbers that mean the same in every execution of one exploration.
 *
 * A task is known by who started it and as which of its tasks; an operation by its task and its
 * place in the task's list.
 */
import {
  type Choice,
  choiceOf,
  processOf,
  type Situation,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"

/** Operations of one task at a time, and tasks of one task, at most. */
const EACH_MAX = 4096

/** Gives numbers to tasks and strands as they are first met. */
export class Registry {
  readonly #players = new Map<number, number>()
  readonly #paths: string[] = []
  readonly #strands = new Map<number, number>()
  readonly #names: string[] = []
  readonly #owners: number[] = []
  readonly #strandsMax: number

  constructor(strandsMax: number) {
    this.#strandsMax = strandsMax
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
   * The operation in this place of a task's list.
   *
   * @throws {RangeError} when there are more than strategies can tell apart
   */
  strand(player: number, slot: number): number {
    const name = player * EACH_MAX + slot
    let number = this.#strands.get(name)
    if (number === undefined) {
      number = this.#strands.size
      if (number >= this.#strandsMax) {
        throw new RangeError(
          `an explored program does at most ${this.#strandsMax} things at a time: ` +
            "give it fewer tasks",
        )
      }
      this.#strands.set(name, number)
      this.#names.push(`${this.#paths[player]}/${slot}`)
      this.#owners.push(player)
    }
    return number
  }

  /** A name of a strand that every registry understands. */
  nameOf(strand: number): string {
    return this.#names[strand] as string
  }

  /** The task of a strand. */
  playerOf(strand: number): number {
    return this.#owners[strand] as number
  }

  /** The strand of this name, or -1. */
  named(name: string): number {
    return this.#names.indexOf(name)
  }
}

/** Follows choices that were made by the numbers of another registry. */
export class Renamed implements Strategy {
  readonly #choices: readonly Choice[]
  readonly #from: Registry
  readonly #to: Registry
  #at = 0

  constructor(choices: readonly Choice[], from: Registry, to: Registry) {
    this.#choices = choices
    this.#from = from
    this.#to = to
  }

  begin(): void {
    this.#at = 0
  }

  choose(situation: Situation): Choice {
    const choice = this.#choices[this.#at]
    if (choice === undefined) return STOP
    const strand = this.#to.named(this.#from.nameOf(processOf(choice)))
    if (strand < 0 || (situation.enabled & (1 << strand)) === 0) return STOP
    return choiceOf(strand, variantOf(choice))
  }

  executed(): void {
    this.#at++
  }

  end(): boolean {
    return false
  }
}
