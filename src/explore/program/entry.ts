/** An operation of a task that waits to be chosen: what it is, when it can be done, and doing it. */
import type { Footprint } from "../operation.ts"
import type { Player } from "./player.ts"

/** What an entry does, as reports show it. */
export interface Label {
  /** The object, such as `channel jobs`. */
  readonly object: string
  /** The operation, such as `send`. */
  readonly operation: string
}

/** A pending operation. */
export interface Deed {
  readonly label: Label
  /** Whether it could be done now. */
  ready(): boolean
  /** Does it; false when it has to wait on after all. */
  attempt(): boolean
  /** What doing it would touch, besides its task. */
  touch(into: Footprint): void
  /** The moment it is due, for those that wait for time only. */
  readonly due?: number
  /** Whether the program may end with it pending: timers that nobody needs. */
  readonly idle?: boolean
}

/** A deed in its task's list. */
export interface Entry {
  readonly player: Player
  readonly slot: number
  /** The number that strategies know it by. */
  readonly strand: number
  readonly deed: Deed
  /** Where the program asked for it, in a traced execution. */
  readonly stack: string
}
