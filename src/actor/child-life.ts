/**
 * What a supervisor knows of a child: something that starts, ends, and may start again.
 *
 * Actors and whole supervisors both fit, so the supervisor's core knows neither, and its tests need
 * no isolates.
 */

import type { ExitReason } from "./exit.ts"

/** A child as its supervisor handles it. One life has many incarnations, one at a time. */
export interface Life {
  /** What others use: an actor's reference, or a supervisor. It stays valid across restarts. */
  readonly subject: object
  /** Starts the next incarnation; rejects with the reason why there is none. */
  start(): Promise<void>
  /** Asks it to end, with the reason `shutdown`. */
  stop(): void
  /** Ends it, whatever it does. */
  kill(): void
  /** It will never start again: what waits for it is told. */
  retire(reason: ExitReason): void
}

/**
 * Makes the life of a child; `onExit` is to be called at the end of each incarnation that started.
 */
export type MakeLife = (onExit: (reason: ExitReason) => void) => Life

/** How long a child has to end after it was asked to; `brutal`: it is not asked. */
export type ShutdownTime = number | "brutal" | "infinity"
