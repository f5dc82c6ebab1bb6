/** An operation that waits to be chosen: what it is, when it can be done, and doing it. */
import type { Footprint } from "../operation.ts"
import type { Party } from "./party.ts"
import type { Player } from "./player.ts"

/** What an entry does, as reports show it. */
export interface Label {
  /** The object, such as `channel jobs`. */
  readonly object: string
  /** The operation, such as `send`. */
  readonly operation: string
  /** Both: what is asked again in the same order when code is run again. */
  readonly name: string
}

/** What an entry does. */
export function labelOf(object: string, operation: string): Label {
  return { object, operation, name: `${operation} ${object}` }
}

/** A signal that nobody waited for, and that nothing has kept. */
export interface Missed {
  readonly player: Player
  /** What was done, and what came of it. */
  readonly what: string
  /** Where, in a traced execution. */
  readonly where: string
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
  /** What others could touch to make it ready. */
  watch?(into: Footprint): void
  /** What giving it up touches, where that is less than doing it. */
  leave?(into: Footprint): void
  /** Takes the place of the same deed of an earlier run of the task's code. */
  replaces?(before: Deed): void
  /** It is in no list any more. */
  gone?(): void
  /** What it touches is all that its operations touch. */
  readonly covers?: boolean
  /** It only lets others go on: code that does it again and again spins. */
  readonly yields?: boolean
  /** Doing it has changed nothing: code that does it again and again spins. */
  looks?: boolean
  /** Whose doing it waits for, where that is known. */
  waitsFor?(): readonly Party[]
  /** Nobody tries it when it is asked for: it can be done when all code has run. */
  readonly later?: boolean
  /** It waits for what may come or not: nobody is stuck in it, or who waits for no more. */
  readonly rests?: "always" | "unless alone" | undefined
  /** What is waited for by it, where that is several things. */
  waits?(): readonly Wait[]
  /** What it waits for has happened, before it waited. */
  missed?(): Missed | undefined
  /** The moment it is due, for those that time lets go on. */
  readonly due?: number
}

/** Something that is waited for, by whom, and the stack where it was asked for. */
export interface Wait {
  readonly party: Party
  readonly deed: Deed
  readonly stack: string
}

/** A deed in its task's list. */
export interface Entry {
  readonly player: Player
  readonly slot: number
  /** The number that strategies know it by. */
  readonly strand: number
  /** Which of the deeds that its task's code has entered, from 0; -1 when others entered it. */
  readonly ordinal: number
  deed: Deed
  /** Who waits: the task, or the actor whose code has asked. */
  readonly party: Party
  /** Where the program asked for it, in a traced execution. */
  readonly stack: string
}
