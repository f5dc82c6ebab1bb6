/**
 * Waiting for a lock: one attempt, made by a promise or by a blocked thread.
 *
 * An attempt that cannot be done yet waits at the *gate*. Some locks let only the first who has
 * come through the gate wait for the rest to leave: its attempt says `"claimed"`, and from then on
 * it waits in the *drain*, alone, while nobody overtakes it.
 */
import { after, now } from "#platform/clock"
import { DeadlockError, TimeoutError } from "../errors.ts"
import type { Line, Operation } from "../internal/loop/line.ts"
import { checkLimits } from "../internal/wire/given.ts"
import type { Core } from "./shared.ts"

/** How a waiting call can be called off. */
export interface LockWaitOptions {
  /** When it aborts first, nothing is taken, and the call rejects with its reason. */
  readonly signal?: AbortSignal
  /** Milliseconds after which the call rejects with `TimeoutError`; 0 does not wait. */
  readonly timeoutMs?: number
}

/** How a blocking call can be called off. */
export type SyncWaitOptions = Pick<LockWaitOptions, "timeoutMs">

/** What an attempt came to; `"claimed"` is answered again until it is done. */
export type Step = "done" | "wait" | "claimed"

/** Something that may have to be waited for. */
export interface Attempt {
  /** As in errors: `mutex lock`. */
  readonly what: string
  readonly core: Core
  readonly gate: Line
  /** Where the one that has a claim waits. */
  readonly drain?: Line
  /** Whether nobody at the gate may be overtaken now. */
  readonly inTurn: boolean
  /** Tries; `claimed` when it has a claim already. */
  step(claimed: boolean): Step
  /**
   * Gives up what it has of it already, such as a claim; false when it is too late, for it is done.
   */
  giveUp?(): boolean
  /** Whether only other code of this isolate could let it through. */
  isOwn(): boolean
}

/** Options of calls that wait, and of those that block. */
const WAIT = ["signal", "timeoutMs"]
const BLOCK = ["timeoutMs"]

/**
 * Looks at the options of a call; a rejected promise when its signal has aborted already.
 *
 * @param more names that this call knows beside
 * @throws {TypeError} naming an option it does not have, or a signal that is none
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function checkWait(
  options: LockWaitOptions | undefined,
  what: string,
  ...more: string[]
): Promise<never> | undefined {
  if (options === undefined) return undefined
  checkLimits(options, what, [...WAIT, ...more])
  return options.signal?.aborted === true ? Promise.reject(options.signal.reason) : undefined
}

/** As `checkWait`, of a call that blocks; for good when nothing else is said. */
export function checkBlock(
  options: SyncWaitOptions | undefined,
  what: string,
  ...more: string[]
): number {
  if (options === undefined) return Infinity
  checkLimits(options, what, [...BLOCK, ...more])
  return options.timeoutMs ?? Infinity
}

/** A promise's way of waiting. */
class Waiting implements Operation {
  readonly #attempt: Attempt
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  #over = false
  #claimed = false
  #stop: (() => void) | undefined

  constructor(attempt: Attempt, resolve: () => void, reject: (error: unknown) => void) {
    this.#attempt = attempt
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Begins to wait. */
  begin({ signal, timeoutMs }: LockWaitOptions): void {
    const { gate, inTurn } = this.#attempt
    const abort = (): void => this.#giveUp(signal?.reason)
    signal?.addEventListener("abort", abort, { once: true })
    const timer =
      timeoutMs === undefined
        ? undefined
        : after(timeoutMs, () => this.#giveUp(tooLate(this.#attempt, timeoutMs)))
    this.#stop = () => {
      signal?.removeEventListener("abort", abort)
      timer?.stop()
    }
    if (inTurn) gate.waitInTurn(this)
    else gate.wait(this)
  }

  /** True when it is over in the line that asks. */
  attempt(): boolean {
    if (this.#over) return true
    const step = this.#attempt.step(this.#claimed)
    if (step === "wait") return false
    if (step === "done") {
      this.#end()
      this.#resolve()
      return true
    }
    if (this.#claimed) return false
    this.#claimed = true
    this.#attempt.drain?.wait(this)
    return true
  }

  #giveUp(reason: unknown): void {
    if (this.#over) return
    const { gate, drain, core } = this.#attempt
    if (this.#attempt.giveUp?.() === false) {
      gate.serve()
      return
    }
    this.#end()
    this.#reject(reason)
    if (this.#claimed) drain?.giveUp(this)
    else gate.giveUp(this)
    core.ended()
  }

  #end(): void {
    this.#over = true
    this.#stop?.()
  }
}

/**
 * Resolves when the attempt is done; rejects when it is called off. Its signal has not aborted yet.
 */
export function waitFor(attempt: Attempt, options: LockWaitOptions): Promise<void> {
  if (options.timeoutMs === 0) {
    if (!isTooLate(attempt)) return Promise.reject(tooLate(attempt, 0))
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => new Waiting(attempt, resolve, reject).begin(options))
}

/**
 * Blocks this thread until the attempt is done.
 *
 * @throws {TimeoutError} when it is not done in time
 * @throws {DeadlockError} when only code of this isolate could let it through, which cannot run
 *   meanwhile
 */
export function blockFor(attempt: Attempt, timeoutMs: number): void {
  const { what, core, gate, drain, inTurn } = attempt
  if (attempt.isOwn()) {
    attempt.giveUp?.()
    throw ownDeadlock(what)
  }
  const deadline = now() + timeoutMs
  const through = new Blocking(attempt, false)
  let isOver = gate.block(through, timeoutMs, inTurn)
  if (through.step === "claimed" && drain !== undefined) {
    isOver = drain.block(new Blocking(attempt, true), deadline - now())
  }
  isOver ||= isTooLate(attempt)
  core.ended()
  if (!isOver) throw tooLate(attempt, timeoutMs)
}

function tooLate({ what, core }: Attempt, timeoutMs: number): TimeoutError {
  return new TimeoutError(what, timeoutMs, core.name())
}

/** Gives an attempt up whose time is over; true when it is done after all. */
function isTooLate(attempt: Attempt): boolean {
  if (attempt.giveUp?.() !== false) return false
  attempt.step(false)
  return true
}

/** A blocked thread's way of waiting: through the gate, or with a claim. */
class Blocking implements Operation {
  readonly #attempt: Attempt
  readonly #claimed: boolean
  step: Step = "wait"

  constructor(attempt: Attempt, claimed: boolean) {
    this.#attempt = attempt
    this.#claimed = claimed
  }

  attempt(): boolean {
    this.step = this.#attempt.step(this.#claimed)
    return this.step === "done" || (this.step === "claimed" && !this.#claimed)
  }
}

function ownDeadlock(what: string): DeadlockError {
  const who = "this isolate, blocked"
  return new DeadlockError([
    { who, where: "", waitsFor: `${what}, which needs other code of this isolate to run` },
  ])
}
