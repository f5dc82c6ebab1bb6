/** What the builtins of one interpreter share: where it is, its C API, its place in the world. */
import type { Here } from "../internal/loop/here.ts"
import type { CApi } from "./c-api.ts"
import type { Values } from "./values.ts"

/** One interpreter, seen from its own thread. */
export interface Inside {
  readonly at: Here
  readonly c: CApi
  readonly values: Values
  readonly world: number
  /**
   * What the standard streams of its process are: ends of pipes, or below 0 streams of the first
   * process, -1 its input, -2 and -3 its outputs.
   */
  readonly streams: readonly number[]
  /**
   * Its row, and its id. They are given last, when everything else is ready: a thread that has no
   * interpreter yet has a seat of the same form, and no id. Read them in each call.
   */
  readonly row: number
  readonly id: number
  /** The word in which a signal is heeded now; nobody writes it while none is. */
  readonly signal: number
}

/** The same, before it has its row. */
export interface Seated extends Inside {
  /** From here on it is the interpreter of this row. */
  take(row: number, id: number): void
  /** Heeds signals from here on, or none; returns what it did before. */
  heed(yes: boolean): boolean
}
