/** What can be wrong with an execution, in the words of its report. */
import * as op from "./operation.ts"
import type { ModelThread } from "./thread.ts"

/** The kinds of failure. */
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

/** Two accesses of one word, one of them plain, are in no order; the machine knows which. */
export const RACE: Defect = {
  kind: "data race",
  message: "two accesses of one word are not ordered",
}

/** A body has ended by an error of its own. */
export function thrown({ name }: ModelThread, cause: unknown): Defect {
  return { kind: "error in a thread", message: `${name} throws ${cause}`, cause }
}

/** A body was to be left, and returned or threw something else. */
export function swallowed({ name, kind }: ModelThread, cause: unknown): Defect {
  const how = cause === undefined ? "returns" : `throws ${cause}`
  const message =
    `${name} ${how} although it was suspended at ${op.nameOf(kind)}: ` +
    "some catch around shared memory does not rethrow what it catches"
  return { kind: "suspension swallowed", message, cause }
}

/** A body asked for something else than in the run before. */
export function diverged({ name }: ModelThread, before: string, now: string): Defect {
  const message =
    `${name} did ${before} before and now, with the same answers, ${now}: ` +
    "objects that a thread changes must be made in its body"
  return { kind: "not deterministic", message }
}

/** A body that was run again has written memory directly. */
export function hidden({ name }: ModelThread, byte: number): Defect {
  const message =
    `${name} writes word ${byte >> 2} without the platform's functions: ` +
    "that is done again whenever the thread is continued"
  return { kind: "hidden access", message }
}

/** An execution is too long. */
export function endless(steps: number): Defect {
  const cause = "usually a spin loop without pause(); stepsMax allows more"
  const message = `${steps} steps without an end: ${cause}`
  return { kind: "livelock", message }
}
