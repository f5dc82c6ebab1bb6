/** What `model()` throws: a defect with the schedule that leads to it. */
import type { DefectKind } from "./defect.ts"

/** A schedule broke something. The message holds the steps and the command that repeats them. */
export class ModelFailure extends Error {
  /** Compare this, not the message. */
  readonly code = "ERR_HEDDLE_MODEL"
  readonly kind: DefectKind
  /** To be given to `model()` as `replay`. */
  readonly schedule: string
  /** Schedules run before and with this one. */
  readonly schedules: number

  constructor(
    kind: DefectKind,
    cause: unknown,
    message: string,
    schedule: string,
    schedules: number,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = "ModelFailure"
    this.kind = kind
    this.schedule = schedule
    this.schedules = schedules
  }
}
