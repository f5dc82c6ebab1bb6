/**
 * How fast a lone sender sends: whether it pays to publish in groups.
 *
 * Groups save some ten nanoseconds a message. A sender that works for microseconds on each would
 * keep receivers waiting for that long times the group, and saves nothing worth it: it publishes
 * each message. The clock is asked with the first looks and then once for a group.
 */
import { now } from "#platform/clock"
import { LOOK_MESSAGES, SLOW_MESSAGE_MS } from "#platform/limits"

/** Looks at first, and after each pause, that ask the clock. */
const FIRST_LOOKS = 2

/** One look in so many asks the clock while the sender is fast. */
const LOOKS_PER_CLOCK = 8

/** What of a sending side is paced. */
export interface Paced {
  readonly position: number
  stride: number
  isSlow: boolean
  /** False when it has paused: the time until now says nothing. */
  isMeasured: boolean
}

/** One lone sender's pace. */
export class Pace {
  #looks = 0
  #time = 0
  #position = 0
  #quick = 0

  /** A look has given `side` a stride. */
  looked(side: Paced, clock: () => number = now): void {
    if (!side.isMeasured) this.#looks = 0
    const look = this.#looks++
    if (side.isSlow || look <= FIRST_LOOKS || look % LOOKS_PER_CLOCK === 0) {
      this.#measure(side, clock())
    }
    if (side.isSlow) side.stride = 1
  }

  #measure(side: Paced, time: number): void {
    const moved = (side.position - this.#position) | 0
    const isSlow = side.isMeasured && time - this.#time > moved * SLOW_MESSAGE_MS
    side.isMeasured = true
    this.#time = time
    this.#position = side.position
    this.#quick = isSlow ? 0 : this.#quick + 1
    if (isSlow) side.isSlow = true
    else if (this.#quick >= LOOK_MESSAGES) side.isSlow = false
  }
}
