/** Who waits, as reports name it: a task, or an actor that lives in the isolate of one. */

/** Somebody who can wait, and be waited for. */
export interface Party {
  readonly title: string
  /** Undefined while it goes on. */
  readonly ending: unknown
}
