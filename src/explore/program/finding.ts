/** What can be wrong with an execution of a program, and within which bounds it is run. */

/** What is wrong with an execution of a program. */
export interface Finding {
  readonly kind: FindingKind
  readonly message: string
  readonly cause?: unknown
}

/** The kinds of failure of a program. */
export type FindingKind =
  /** The program has thrown: a failed assertion, an error nobody caught. */
  | "error"
  /** A task has failed, and nobody asked what became of it. */
  | "unhandled error"
  /** The program waits, and nobody is left who could let it go on. */
  | "deadlock"
  /** The program has ended, and some of its tasks wait for ever. */
  | "partial deadlock"
  /** Somebody waits for ever for a signal that came before it waited. */
  | "lost wake-up"
  /** Tasks look again and again at what does not change, or there are too many steps. */
  | "livelock"
  | "data race"
  /** A lock is held at the end, or what was sent was never received. */
  | "leak"
  /** Chance, the clock, input or output: what a schedule does not decide. */
  | "uncontrolled"
  /** What concurrent calls gave, no order of them gives: see `linearizable`. */
  | "not linearizable"
  /** Code did something else when it was run again with the same answers. */
  | "not repeatable"

/** Bounds of one execution. */
export interface TheatreBounds {
  readonly stepsMax: number
  readonly timeouts: "last" | "any"
  /** Deaths per execution. */
  readonly killsMax: number
  readonly leaks: "none" | "locks" | "all"
}
