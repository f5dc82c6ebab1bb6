/**
 * Timers as receivers: values are made when they are received, so nothing is sent, stored or
 * leaked.
 *
 * A host timer runs only while somebody waits; it keeps the program alive for exactly that long.
 */
import { after as callAfter, type Timer as HostTimer, now } from "#platform/clock"
import { Fifo } from "../../internal/loop/fifo.ts"
import type { Operation } from "../../internal/loop/line.ts"
import { blockUntil } from "../../internal/loop/pump.ts"
import { type Outcome, PlainSource, type Source, type Waits } from "../flavor.ts"
import { receiveSync } from "../operations.ts"
import { checkMs, type SyncOptions, type WaitOptions } from "../options.ts"
import type { Received } from "../receive.ts"
import * as receiving from "../receive.ts"
import { type Selectable, SOURCE } from "../selectable.ts"

/** Longest time a host timer can be set to. */
const HOST_TIMER_MAX_MS = 2 ** 31 - 1

/** When a timer has its next value: a moment of `now()`. */
interface Schedule {
  due: number
  /** Whether there will be none any more. */
  over: boolean
  /** The value that is due, and what comes after it. */
  fire(): number
}

/** Those who wait for a timer. */
class TimerWaits implements Waits {
  readonly #schedule: Schedule
  readonly #operations = new Fifo<Operation>()
  #timer: HostTimer | undefined

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  get length(): number {
    return this.#operations.length
  }

  wait(operation: Operation): void {
    this.#operations.push(operation)
    this.#serve()
  }

  giveUp(operation: Operation): boolean {
    const some = this.#operations.remove(operation)
    if (this.length === 0) this.#stop()
    return some
  }

  block(operation: Operation, timeoutMs: number): boolean {
    const deadline = now() + timeoutMs
    for (;;) {
      if (operation.attempt()) return true
      if (now() >= deadline) return false
      blockUntil(() => now() >= this.#schedule.due, Math.min(deadline, this.#schedule.due))
    }
  }

  #serve(): void {
    for (;;) {
      const first = this.#operations.first()
      if (first === undefined || !first.attempt()) break
      this.#operations.remove(first)
    }
    this.#stop()
    const { due } = this.#schedule
    if (this.length === 0 || due === Infinity) return
    const ms = Math.min(HOST_TIMER_MAX_MS, Math.max(0, Math.ceil(due - now())))
    this.#timer = callAfter(ms, () => this.#serve())
  }

  #stop(): void {
    this.#timer?.stop()
    this.#timer = undefined
  }
}

/** The side of a timer that values are received from. */
class TimerSource extends PlainSource {
  readonly meta: { readonly name: string }
  readonly closeFailure: unknown
  readonly receivers: Waits
  readonly #schedule: Schedule

  constructor(name: string, schedule: Schedule) {
    super()
    this.meta = { name }
    this.#schedule = schedule
    this.receivers = new TimerWaits(schedule)
  }

  get isClosed(): boolean {
    return this.#schedule.over
  }

  take(): Outcome {
    if (this.isClosed) return "closed"
    if (now() < this.#schedule.due) return "wait"
    this.value = this.#schedule.fire()
    return "ok"
  }

  get isArriving(): boolean {
    return false
  }
}

/**
 * A receiver that nobody sends to: `after`, `every`, `never`. It belongs to the isolate that made
 * it and cannot be sent.
 */
export class Timer implements AsyncIterable<number>, Selectable<number> {
  /** The side that rooms of this package receive from. */
  readonly [SOURCE]: Source

  constructor(source: Source) {
    this[SOURCE] = source
  }

  /** Waits for the next value. @throws {ChannelClosedError} when there will be none */
  receive(options?: WaitOptions): Promise<number> {
    return receiving.receive(this[SOURCE], options)
  }

  /** Receives the next value if it is due. */
  tryReceive(): Received<number> {
    return receiving.tryReceive(this[SOURCE])
  }

  /** Blocks this thread until the next value is due. */
  receiveSync(options: SyncOptions = {}): number {
    return receiveSync(this[SOURCE], options) as number
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<number> {
    return receiving.iterate(this[SOURCE])
  }
}

/**
 * One value, `ms` milliseconds from now: how many milliseconds have passed when it is received.
 * Then it is closed.
 *
 * @throws {RangeError} when `ms` is not a number from 0
 * @example
 * const answers = channel<string>(1)
 * const hit = await select({ answer: answers.receiver, late: after(10) })
 * console.log(hit.case) // prints: late
 */
export function after(ms: number): Timer {
  checkMs(ms, 0, "after")
  const begun = now()
  const schedule: Schedule = {
    due: begun + ms,
    over: false,
    fire() {
      this.over = true
      return now() - begun
    },
  }
  return new Timer(new TimerSource(`after(${ms})`, schedule))
}

/**
 * A value every `ms` milliseconds from now on: the number of the tick, counted from 1. Ticks that
 * nobody received are skipped, so a gap in the numbers says how many were missed.
 *
 * @throws {RangeError} when `ms` is not a number from 1
 * @example
 * for await (const tick of every(5)) {
 *   if (tick >= 3) break
 * }
 */
export function every(ms: number): Timer {
  checkMs(ms, 1, "every")
  const begun = now()
  const schedule: Schedule = {
    due: begun + ms,
    over: false,
    fire() {
      const tick = Math.max(1, Math.floor((now() - begun) / ms))
      this.due = begun + (tick + 1) * ms
      return tick
    },
  }
  return new Timer(new TimerSource(`every(${ms})`, schedule))
}

/**
 * Never a value: a case of a select that is switched off, as in `jobs ?? never()`. Waiting for it
 * alone does not keep the program alive.
 */
export function never(): Timer {
  return new Timer(new TimerSource("never", { due: Infinity, over: false, fire: () => 0 }))
}
