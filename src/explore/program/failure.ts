/** What `explore()` throws: what is wrong, and the schedule that leads to it. */
import type { FindingKind } from "./finding.ts"

/** A history of calls that no order of them explains. */
export class Unexplained extends Error {
  override readonly name = "Unexplained"
}

/** A schedule in which the program goes wrong. The message holds its steps and how to repeat it. */
export class ExploreFailure extends Error {
  /** Compare this, not the message. */
  readonly code = "ERR_HEDDLE_EXPLORE"
  readonly kind: FindingKind
  /** To be given to `explore()` as `replay`. */
  readonly schedule: string
  /** Schedules run before and with this one. */
  readonly schedules: number

  constructor(
    kind: FindingKind,
    message: string,
    schedule: string,
    schedules: number,
    cause: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = "ExploreFailure"
    this.kind = kind
    this.schedule = schedule
    this.schedules = schedules
  }
}
