/**
 * What every kind of channel offers its handles, whatever lies behind it.
 *
 * An operation tries (`take`, `offer`); when that cannot be done it waits in `receivers` or
 * `senders`, which try it again whenever that may help. Select, batches, blocking and iteration
 * know nothing else.
 */

import { NotSendableError } from "../errors.ts"
import type { Operation } from "../internal/loop/line.ts"
import { renamed } from "../internal/wire/codec-refusal.ts"

/** What an attempt came to. */
export type Outcome = "ok" | "wait" | "closed"

/** Where operations of this isolate wait. */
export interface Waits {
  /** How many of this isolate wait here, where it matters that nobody is overtaken. */
  readonly length: number
  /** Tries the operation again when that may help; `value` is what it wants to send. */
  wait(operation: Operation, value?: unknown): void
  /** Takes an operation out; false when it was done meanwhile and is about to settle. */
  giveUp(operation: Operation): boolean
  /** Blocks this thread until the operation is over; false when `timeoutMs` passed first. */
  block(operation: Operation, timeoutMs: number, value?: unknown): boolean
}

/** Where nobody waits: there is always room. */
export const NO_WAITING: Waits = {
  length: 0,
  wait: (operation) => void operation.attempt(),
  giveUp: () => false,
  block: (operation) => operation.attempt(),
}

/** Something that can end. */
export interface Ending {
  readonly meta: { readonly name: string }
  readonly isClosed: boolean
  /** What was given to `close`, as a failure. */
  readonly closeFailure: unknown
}

/** What values can be received from. */
export interface Source extends Ending {
  /** The value of the last successful `take`. */
  value: unknown
  /** True only when the next `take` finds a value and overtakes nobody of this isolate. */
  readonly takesQuickly?: boolean
  /** Takes one value into `value`, if there is one. */
  take(): Outcome
  /** `take` for an operation that began before: it acknowledges nothing. */
  takeAgain(): Outcome
  /** Takes up to `max` values into `value`, an array or a typed array. */
  takeMany(max: number): Outcome
  /** As `takeMany`, for an operation that began before. */
  takeManyAgain(max: number): Outcome
  /** Looks for a moment, where that may pay, before somebody stands in line: true to try again. */
  linger?(): boolean
  /** The receiver is done with what it received. */
  acknowledge(): void
  /** A source for a receiver of its own: what it does acknowledges nobody else's messages. */
  fork(): Source
  readonly receivers: Waits
  /** Whether a value was taken whose buffers are on their way: they come without a wake. */
  readonly isArriving: boolean
}

/** A source that waits for no acknowledgement: what was taken is gone, by whichever receiver. */
export abstract class PlainSource implements Source {
  value: unknown
  abstract readonly meta: { readonly name: string }
  abstract readonly isClosed: boolean
  abstract readonly closeFailure: unknown
  abstract readonly receivers: Waits
  abstract readonly isArriving: boolean

  abstract take(): Outcome

  takeAgain(): Outcome {
    return this.take()
  }

  takeMany(max: number): Outcome {
    return takeOneByOne(this, max)
  }

  takeManyAgain(max: number): Outcome {
    return this.takeMany(max)
  }

  acknowledge(): void {}

  fork(): Source {
    return this
  }
}

/** What values can be sent to. */
export interface Sink extends Ending {
  /** True only when the next `offer` finds room and overtakes nobody of this isolate. */
  readonly offersQuickly?: boolean
  /** Puts one value in, if there is room. @throws when the value cannot be sent */
  offer(value: unknown): Outcome
  /** Puts in as many of `values` from `from` on as there is room for. @throws as `offer` */
  offerMany(values: ArrayLike<unknown>, from: number): number
  readonly senders: Waits
}

/** How many of what a channel has, now and so far. */
export interface Counts {
  readonly depth: number
  /** Values sent and received so far, modulo 2 ** 32. */
  readonly sent: number
  readonly received: number
  readonly waitingSenders: number
  readonly waitingReceivers: number
}

/** A channel as one isolate uses it. */
export interface Flavor extends Source, Sink {
  /** Its first word. */
  readonly object: number
  /** What the program has in hands for it; a table of both would cost every collection dearly. */
  facade?: object | undefined
  readonly capacity: number
  /** Ends the channel: no value goes in any more. False when it had ended before. */
  close(failure: unknown): boolean
  /** Makes what this isolate has sent and taken visible to all, now. */
  publish(): void
  /** Acknowledges a message; false when it is not waited for. */
  done(message: unknown): boolean
  count(): Counts
}

/** Takes values one by one, for sources that have no faster way. */
export function takeOneByOne(source: Source, max: number): Outcome {
  const first = source.takeAgain()
  if (first !== "ok") return first
  const values = [source.value]
  while (values.length < max && source.takeAgain() === "ok") values.push(source.value)
  source.value = values
  return "ok"
}

/** Offers values one by one, for sinks that have no faster way. */
export function offerOneByOne(sink: Sink, values: ArrayLike<unknown>, from: number): number {
  let next = from
  try {
    while (next < values.length && sink.offer(values[next]) === "ok") next++
  } catch (error) {
    throw ofMany(error, next)
  }
  return next - from
}

/** The error of one value of many: where it says what cannot be sent, it says of which. */
export function ofMany(error: unknown, index: number): unknown {
  if (!(error instanceof NotSendableError)) return error
  return renamed(error, error.path.replace(/^value/, `values[${index}]`))
}
