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
  /** Called once, when it is over. */
  whenOver: (() => void) | undefined

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
      const outcome = this.#attempt(this)
      if (outcome !== "wait") this.end(outcome, this.value)
    } catch (error) {
      this.end("failed", error)
    }
    return this.over
  }

  /** It is over. */
  end(outcome: Outcome | "failed", value: unknown): void {
    this.outcome = outcome
    this.value = value
    this.whenOver?.()
    this.#bridge.ring()
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
  readonly #polls: boolean

  /** @param polls the operation stands in no line: it is tried after whatever is told */
  constructor(
    bridge: Bridge,
    pending: Pending,
    waits: Pick<Waits, "giveUp">,
    ends: Ends,
    deadline: number | undefined,
    polls = false,
  ) {
    this.#polls = polls
    this.#bridge = bridge
    this.#pending = pending
    this.#waits = waits
    this.#ends = ends
    if (deadline !== undefined) this.deadline = deadline
  }

  /** `listener` is called once, when the operation is over. */
  whenOver(listener: () => void): void {
    this.#pending.whenOver = listener
  }

  get word(): WaitWord {
    return this.#bridge.bell(() => this.#isOver())
  }

  #isOver(): boolean {
    return this.#polls ? this.#pending.attempt() : this.#pending.over
  }

  resume(timedOut: boolean): number | undefined {
    if (this.#isOver()) return this.#over()
    if (!timedOut) return undefined
    return this.#waits.giveUp(this.#pending) ? this.#late() : this.#over()
  }

  #over(): number {
    return this.#bridge.guarded(() => this.#ends.over(this.#pending))
  }

  #late(): number {
    return this.#bridge.guarded(() => this.#ends.late())
  }

  abandon(): void {
    if (this.#pending.over || !this.#waits.giveUp(this.#pending)) this.#ends.lost?.(this.#pending)
  }
}
