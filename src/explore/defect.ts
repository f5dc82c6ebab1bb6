/** What can be wrong with an execution. */

/** The kinds of failure, by the names reports use. */
export type DefectKind =
  /** `after` has thrown. */
  | "broken invariant"
  /** A thread's body has thrown. */
  | "error in a thread"
  /** Threads wait and nobody can wake them. */
  | "deadlock"
  /** Threads spin and nothing can change, or a thread makes steps without end. */
  | "livelock"
  | "data race"
  /** A body did something else when it was run again. */
  | "not deterministic"
  /** A body has caught the signal that suspends it. */
  | "suspension swallowed"
  /** Memory was written without the platform's functions. */
  | "hidden access"

/** One failure, with what is known about it. */
export interface Defect {
  readonly kind: DefectKind
  readonly message: string
  readonly cause?: unknown
}
