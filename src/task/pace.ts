/**
 * When to stop running tasks for this turn: by the clock, which costs more than a small task, so it
 * is not asked after each of many small ones.
 */
import { now } from "#platform/clock"
import { TASKS_UNTIMED, TASKS_UNTIMED_MS } from "#platform/limits"

/** The pace of the tasks of one turn. */
export class Pace {
  readonly #until: number
  #looked: number
  #next = 1
  #step = 1

  constructor(begun: number, ms: number) {
    this.#looked = begun
    this.#until = begun + ms
  }

  /** Whether the time is over, asked after each task; `ran` is how many have run. */
  isOver(ran: number): boolean {
    if (ran < this.#next) return false
    const time = now()
    const quick = time - this.#looked < TASKS_UNTIMED_MS
    this.#step = quick ? Math.min(this.#step * 2, TASKS_UNTIMED) : 1
    this.#next = ran + this.#step
    this.#looked = time
    return time > this.#until
  }
}
