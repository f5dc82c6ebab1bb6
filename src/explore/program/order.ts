/**
 * What comes before what, for data races: vector clocks of tasks and of the places they meet at.
 *
 * Nothing is kept until there is memory that could race.
 */
import type { Player } from "./player.ts"

/** The order among the tasks of one execution. */
export class Order {
  /** Whether anything is there that could race. */
  isKept = false
  readonly #released = new Map<number, number[]>()

  /** After those who released at a place, before those who acquire there. */
  meet(player: Player, place: number, acquires: boolean, releases: boolean): void {
    if (!this.isKept) return
    if (acquires) join(player.clock, this.#released.get(place))
    if (!releases) return
    const all = [...player.clock]
    join(all, this.#released.get(place))
    this.#released.set(place, all)
    player.clock[player.isolate] = this.timeOf(player) + 1
  }

  /** What `other` has done comes before what `player` does from here on. */
  follow(player: Player, other: Player): void {
    if (this.isKept) join(player.clock, other.clock)
  }

  /** The own time of a task. */
  timeOf(player: Player): number {
    return player.clock[player.isolate] ?? 1
  }

  /** Up to which time of `other` everything comes before what `player` does now. */
  knows(player: Player, other: Player): number {
    return player.clock[other.isolate] ?? 0
  }
}

function join(into: number[], from: readonly number[] | undefined): void {
  if (from === undefined) return
  for (let i = 0; i < from.length; i++) {
    if ((from[i] ?? 0) > (into[i] ?? 0)) into[i] = from[i]
  }
}
