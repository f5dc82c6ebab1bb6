/**
 * Numbers that mean the same in every execution of one exploration.
 *
 * A task is known by who started it and as which of its tasks; an operation by its task and its
 * place in the task's list.
 */

/** Gives numbers to tasks and strands as they are first met. */
export class Registry {
  readonly #players = new Map<number, number>()
  readonly #strands = new Map<number, number>()
  readonly #names: (readonly [player: number, slot: number])[] = []
  readonly #strandsMax: number

  constructor(strandsMax: number) {
    this.#strandsMax = strandsMax
  }

  /** The `nth` task that `parent` has started. */
  player(parent: number, nth: number): number {
    const name = (parent + 1) * 4096 + nth
    let number = this.#players.get(name)
    if (number === undefined) {
      number = this.#players.size
      this.#players.set(name, number)
    }
    return number
  }

  /** The operation in this place of a task's list. */
  strand(player: number, slot: number): number {
    const name = player * 4096 + slot
    let number = this.#strands.get(name)
    if (number === undefined) {
      number = this.#strands.size
      if (number >= this.#strandsMax) {
        throw new RangeError(
          `an explored program has at most ${this.#strandsMax} operations at a time`,
        )
      }
      this.#strands.set(name, number)
      this.#names.push([player, slot])
    }
    return number
  }

  /** What a strand's number stands for. */
  nameOf(strand: number): readonly [player: number, slot: number] | undefined {
    return this.#names[strand]
  }
}
