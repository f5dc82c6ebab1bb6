/** What everything that can be received from does, as functions over a source. */
import { LOOK_MESSAGES, TURN_CHECK_MESSAGES } from "#platform/limits"
import { ChannelClosedError } from "../errors.ts"
import { isTurnOver, yieldTurn } from "../internal/loop/pump.ts"
import type { Outcome, Source } from "./flavor.ts"
import { closedError, iterationError, receiveLater, receiveManyLater } from "./operations.ts"
import { checkMany, checkWait, type WaitOptions } from "./options.ts"

/** What `tryReceive` found. */
export type Received<T> =
  | { readonly state: "ok"; readonly value: T }
  | { readonly state: "empty" }
  | { readonly state: "closed" }

/** Nothing is there now. */
export const EMPTY = Object.freeze({ state: "empty" } as const)
/** Nothing will come any more. */
export const CLOSED = Object.freeze({ state: "closed" } as const)

/** Awaits until timers and sockets are thought of again. */
let awaits = TURN_CHECK_MESSAGES

/**
 * Whether it is time to let timers and sockets have a turn although values are ready; called once
 * for `messages` of them.
 */
export function shouldYield(messages = 1): boolean {
  awaits -= messages
  if (awaits > 0) return false
  awaits = TURN_CHECK_MESSAGES
  return isTurnOver()
}

/** Receives the next value, waiting for it. */
export function receive<T>(source: Source, options?: WaitOptions): Promise<T> {
  if (options !== undefined) return receiveUnless(source, options)
  return receiveNext(source)
}

/** As `receive`, unless the options are wrong or the signal has aborted. */
async function receiveUnless<T>(source: Source, options: WaitOptions): Promise<T> {
  checkWait(options, "receive")
  options.signal?.throwIfAborted()
  return await receiveNext<T>(source, options.signal)
}

function receiveNext<T>(source: Source, signal?: AbortSignal): Promise<T> {
  const isQuick = source.takesQuickly === true
  if (isQuick || source.receivers.length === 0) {
    let outcome: Outcome
    try {
      outcome = source.take()
      if (outcome === "ok" && isQuick && source.takesQuickly)
        return Promise.resolve(source.value as T)
      if (outcome === "wait" && source.linger?.()) outcome = source.takeAgain()
    } catch (error) {
      return Promise.reject(error)
    }
    if (outcome === "ok") return ready(source.value as T, isQuick ? LOOK_MESSAGES : 1)
    if (outcome === "closed") return Promise.reject(closedError(source, "receive"))
  }
  return receiveLater(source, signal) as Promise<T>
}

function ready<T>(value: T, messages: number): Promise<T> {
  return shouldYield(messages) ? yieldTurn().then(() => value) : Promise.resolve(value)
}

/** Receives a value if there is one. */
export function tryReceive<T>(source: Source): Received<T> {
  const outcome = source.take()
  if (outcome === "ok") return { state: "ok", value: source.value as T }
  return outcome === "wait" ? EMPTY : CLOSED
}

/** Receives at least one value, waiting for it, and up to `max` that are there. */
export async function receiveMany<T>(
  source: Source,
  max: number,
  options?: WaitOptions,
): Promise<T[]> {
  checkMany(max, "receiveMany")
  if (options !== undefined) checkWait(options, "receiveMany")
  options?.signal?.throwIfAborted()
  if (source.receivers.length === 0) {
    let outcome = source.takeMany(max)
    if (outcome === "wait" && source.linger?.()) outcome = source.takeManyAgain(max)
    if (outcome === "ok") return asArray(source.value as ArrayLike<T>)
    if (outcome === "closed") throw closedError(source, "receive")
  }
  return asArray((await receiveManyLater(source, max, options?.signal)) as ArrayLike<T>)
}

function asArray<T>(values: ArrayLike<T>): T[] {
  return Array.isArray(values) ? values : Array.from(values)
}

/** Values one by one until the end, for a receiver of its own. */
export function iterate<T>(source: Source): AsyncIterableIterator<T> {
  return new Iteration<T>(source.fork())
}

/** Values received together: plain arrays, or typed arrays where the channel is one of numbers. */
export type Batch<T> = [T] extends [number] ? ArrayLike<T> & Iterable<T> : T[]

/** Values in groups of up to `max`, until the end. */
export function batches<T>(source: Source, max: number): AsyncIterableIterator<Batch<T>> {
  checkMany(max, "batches")
  return new Batches<Batch<T>>(source.fork(), max)
}

/** Hand-written: half the price of an async generator. */
class Iteration<T> implements AsyncIterableIterator<T> {
  protected readonly source: Source
  #over = false

  constructor(source: Source) {
    this.source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T>> {
    const { source } = this
    if (this.#over) return ENDED
    const isQuick = source.takesQuickly === true
    if (!isQuick && source.receivers.length > 0) return this.#nextLater()
    let outcome: Outcome
    try {
      outcome = this.take()
      if (outcome === "ok" && isQuick && source.takesQuickly) {
        return Promise.resolve({ done: false as const, value: source.value as T })
      }
      if (outcome === "wait" && source.linger?.()) outcome = this.takeAgain()
    } catch (error) {
      return Promise.reject(error)
    }
    if (outcome === "wait") return this.#nextLater()
    if (outcome === "closed") return this.#end()
    const result = { done: false as const, value: source.value as T }
    return ready(result, isQuick ? LOOK_MESSAGES : 1)
  }

  /** The loop was left: what it received last is acknowledged. */
  return(): Promise<IteratorResult<T>> {
    this.#over = true
    this.source.acknowledge()
    return ENDED
  }

  protected take(): Outcome {
    return this.source.take()
  }

  protected takeAgain(): Outcome {
    return this.source.takeAgain()
  }

  protected later(): Promise<unknown> {
    return receiveLater(this.source, undefined)
  }

  #nextLater(): Promise<IteratorResult<T>> {
    return this.later().then(
      (value) => ({ done: false, value: value as T }),
      (error: unknown) => (isEnd(error) ? this.#end() : Promise.reject(error)),
    )
  }

  #end(): Promise<IteratorResult<T>> {
    this.#over = true
    const error = iterationError(this.source)
    return error === undefined ? ENDED : Promise.reject(error)
  }
}

const ENDED = Promise.resolve<IteratorReturnResult<undefined>>({ done: true, value: undefined })

function isEnd(error: unknown): boolean {
  return error instanceof ChannelClosedError
}

class Batches<T> extends Iteration<T> {
  readonly #max: number

  constructor(source: Source, max: number) {
    super(source)
    this.#max = max
  }

  protected override take(): Outcome {
    return this.source.takeMany(this.#max)
  }

  protected override takeAgain(): Outcome {
    return this.source.takeManyAgain(this.#max)
  }

  protected override later(): Promise<unknown> {
    return receiveManyLater(this.source, this.#max, undefined)
  }
}
