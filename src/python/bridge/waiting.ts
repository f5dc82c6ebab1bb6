/** Operations of Python that wait: in a line like any of this isolate, on a green thread's wait. */
import { now } from "#platform/clock"
import type { Outcome, Waits } from "../../channel/flavor.ts"
import type { Operation } from "../../internal/loop/line.ts"
import type { Waiting, WaitWord } from "../threads/index.ts"
import type { Bridge } from "./bridge.ts"

/** An operation that is tried whenever that may help, until it is over. */
export class Pending implements Operation {
  outcome: Outcome | "failed" = "wait"
  /** What it has come to; the error, when it failed. */
  value: unknown
  readonly #bridge: Bridge
  readonly #attempt: (pending: Pending) => Outcome

  /** @param attempt tries once, and leaves its result in `value` */
  constructor(bridge: Bridge, attempt: (pending: Pending) => Outcome) {
    this.#bridge = bridge
    this.#attempt = attempt
  }

  get over(): boolean {
    return this.outcome !== "wait"
  }

  attempt(): boolean {
    if (this.over) return true
    try {
      this.outcome = this.#attempt(this)
    } catch (error) {
      this.value = error
      this.outcome = "failed"
    }
    if (this.over) this.#bridge.ring()
    return this.over
  }
}

/** How the end of an operation is told to Python. */
export interface Ends {
  /** The result of an operation that is over. */
  over(pending: Pending): number
  /** The result when the time has passed first. */
  late(): number
  /** It was over when its wait was interrupted: nobody hears of it. */
  lost?(pending: Pending): void
}

/** The moment `seconds` from now; undefined is never. */
export function deadlineAfter(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : now() + seconds * 1000
}

/** A green thread's wait for an operation that stands in a line. */
export class PendingWait implements Waiting {
  readonly deadline?: number
  readonly #bridge: Bridge
  readonly #pending: Pending
  readonly #waits: Pick<Waits, "giveUp">
  readonly #ends: Ends

  constructor(
    bridge: Bridge,
    pending: Pending,
    waits: Pick<Waits, "giveUp">,
    ends: Ends,
    deadline: number | undefined,
  ) {
    this.#bridge = bridge
    this.#pending = pending
    this.#waits = waits
    this.#ends = ends
    if (deadline !== undefined) this.deadline = deadline
  }

  get word(): WaitWord {
    return this.#bridge.bell(() => this.#pending.over)
  }

  resume(timedOut: boolean): number | undefined {
    if (!this.#pending.over && !(timedOut && this.#waits.giveUp(this.#pending)))
      return timedOut ? this.#late() : undefined
    return this.#pending.over ? this.#over() : this.#late()
  }

  #over(): number {
    return this.#bridge.guarded(() => this.#ends.over(this.#pending))
  }

  #late(): number {
    return this.#bridge.guarded(() => this.#ends.late())
  }

  abandon(): void {
    if (!this.#pending.over) this.#waits.giveUp(this.#pending)
    if (this.#pending.over) this.#ends.lost?.(this.#pending)
  }
}
