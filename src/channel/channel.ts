/** Channels: bounded queues of values between any isolates. */
import { CHANNEL_CAPACITY, CHANNEL_CAPACITY_MAX, TURN_CHECK_MESSAGES } from "#platform/limits"
import { here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { isTurnOver, yieldTurn } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { retain } from "../internal/memory/objects.ts"
import { toFailure } from "../internal/wire/failure.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import type { Schema } from "../internal/wire/struct.ts"
import { type ChannelCore, createChannel, reviveChannel, type WhenReceiverDies } from "./core.ts"
import { closedError, iterationError, Receiving, Sending, type WaitOptions } from "./operations.ts"

/** How a channel is made. */
export interface ChannelOptions<T> {
  /** Messages it holds before senders wait; 4,096 unless given. */
  readonly capacity?: number
  /** The layout of its values: faster, and checked when sent. */
  readonly of?: Schema<T>
  /** Shown in errors and by monitors. */
  readonly name?: string
  /** What happens to a message whose receiver dies before it is done with it; `"drop"` unless given. */
  readonly whenReceiverDies?: WhenReceiverDies
}

/** What `tryReceive` found. */
export type Received<T> =
  | { readonly state: "ok"; readonly value: T }
  | { readonly state: "empty" }
  | { readonly state: "closed" }

const EMPTY = Object.freeze({ state: "empty" } as const)
const CLOSED = Object.freeze({ state: "closed" } as const)
const DONE = Promise.resolve()

/** Fast awaits since timers and sockets were last thought of. */
let awaits = 0

/** Whether it is time to let timers and sockets have a turn although values are ready. */
function shouldYield(): boolean {
  return ++awaits % TURN_CHECK_MESSAGES === 0 && isTurnOver()
}

/**
 * A bounded queue of values with any number of senders and receivers, in any isolates.
 *
 * Values of one sender arrive in the order sent; each is received once. It can be sent itself.
 */
export class Channel<T> extends Shareable implements AsyncIterable<T> {
  readonly kindId = KIND.CHANNEL
  /** The channel's local side; for the rooms of this package. */
  readonly core: ChannelCore

  constructor(core: ChannelCore) {
    super()
    this.core = core
  }

  /**
   * Sends a value, waiting while the channel is full. The promise settles when the value is inside, not
   * when it is received.
   *
   * @throws {ChannelClosedError} when the channel is closed; `unsent` is the value
   * @throws {NotSendableError} when the value cannot cross
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    this.assertUsable()
    if (this.core.senders.length === 0) {
      const outcome = this.#offer(value)
      if (outcome instanceof Error) return Promise.reject(outcome)
      if (outcome === "ok") return shouldYield() ? yieldTurn() : DONE
      if (outcome === "closed") return Promise.reject(closedError(this.core, "send", value))
    }
    return this.#sendLater(value, options?.signal)
  }

  #offer(value: T): "ok" | "wait" | "closed" | Error {
    try {
      return this.core.offer(value)
    } catch (error) {
      return error as Error
    }
  }

  #sendLater(value: T, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const sending = new Sending(this.core, value)
    this.core.senders.wait(sending)
    if (signal !== undefined) sending.listen(signal, () => this.core.senders.giveUp(sending))
    return sending.promise
  }

  /**
   * Sends a value if that is possible at once.
   *
   * @throws {NotSendableError} when the value cannot cross
   */
  trySend(value: T): "ok" | "full" | "closed" {
    this.assertUsable()
    const outcome = this.core.offer(value)
    return outcome === "wait" ? "full" : outcome
  }

  /** Sends values in order, waiting while the channel is full. */
  async sendMany(values: Iterable<T>, options?: WaitOptions): Promise<void> {
    for (const value of values) {
      if (this.core.senders.length > 0 || this.trySend(value) !== "ok")
        await this.send(value, options)
    }
  }

  /**
   * Receives the next value, waiting while the channel is empty. If `signal` aborts first, no value is
   * taken.
   *
   * @throws {ChannelClosedError} when the channel is closed and drained; its `cause` is what was given to
   *   `close`
   */
  receive(options?: WaitOptions): Promise<T> {
    this.assertUsable()
    if (this.core.receivers.length === 0) {
      const outcome = this.core.take()
      if (outcome === "ok") return this.#ready()
      if (outcome === "closed") return Promise.reject(closedError(this.core, "receive"))
    }
    return this.#receiveLater(options?.signal)
  }

  #ready(): Promise<T> {
    const value = this.core.value as T
    return shouldYield() ? yieldTurn().then(() => value) : Promise.resolve(value)
  }

  #receiveLater(signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const receiving = new Receiving<T>(this.core)
    this.core.receivers.wait(receiving)
    if (signal !== undefined) receiving.listen(signal, () => this.core.receivers.giveUp(receiving))
    return receiving.promise
  }

  /** Receives a value if there is one. */
  tryReceive(): Received<T> {
    this.assertUsable()
    const outcome = this.core.take()
    if (outcome === "ok") return { state: "ok", value: this.core.value as T }
    return outcome === "wait" ? EMPTY : CLOSED
  }

  /** Receives at least one value, waiting for it, and up to `max` that are there. */
  async receiveMany(max: number, options?: WaitOptions): Promise<Awaited<T>[]> {
    if (!Number.isInteger(max) || max < 1) {
      throw new RangeError(`receiveMany takes a number of values from 1, received ${max}`)
    }
    const values = [await this.receive(options)]
    while (values.length < max && this.core.take() === "ok") values.push(this.core.value as Awaited<T>)
    return values
  }

  /**
   * Ends the channel: nothing can be sent any more, and receivers get what is inside, then the end — or
   * the error. False when it had ended before.
   */
  close(error?: unknown): boolean {
    this.assertUsable()
    return this.core.close(error === undefined ? undefined : toFailure(error))
  }

  /** Whether the channel was closed; values may still be inside. */
  get closed(): boolean {
    return this.core.isClosed
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return new ChannelIterator(this)
  }
}

/** Hand-written: half the price of an async generator. */
class ChannelIterator<T> implements AsyncIterator<T> {
  readonly #channel: Channel<T>

  constructor(channel: Channel<T>) {
    this.#channel = channel
  }

  next(): Promise<IteratorResult<T>> {
    const { core } = this.#channel
    if (core.receivers.length === 0 && !shouldYield()) {
      const outcome = core.take()
      if (outcome === "ok") return Promise.resolve({ done: false, value: core.value as T })
      if (outcome === "closed") return this.#end()
    }
    return this.#channel.receive().then(
      (value) => ({ done: false, value }),
      (error: unknown) => (core.isClosed && isEnd(error) ? this.#end() : Promise.reject(error)),
    )
  }

  #end(): Promise<IteratorResult<T>> {
    const error = iterationError(this.#channel.core)
    return error === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(error)
  }
}

function isEnd(error: unknown): boolean {
  return Reflect.get(error as object, "code") === "ERR_HEDDLE_CHANNEL_CLOSED"
}

const KNOWN_OPTIONS = new Set(["capacity", "of", "name", "whenReceiverDies"])

/**
 * Makes a channel: `channel<Job>(64)`, or `channel({ of: Point, capacity: 64, name: "points" })`.
 *
 * @throws {RangeError} when the capacity is not a whole number from 0 to 16,777,216
 * @throws {OutOfSharedMemoryError} when there is no room for it
 * @example
 * const numbers = channel<number>(8)
 * await numbers.send(1)
 * console.log(await numbers.receive()) // prints: 1
 */
export function channel<T>(options: number | ChannelOptions<T> = {}): Channel<T> {
  const given: ChannelOptions<T> = typeof options === "number" ? { capacity: options } : options
  for (const key of Object.keys(given)) {
    if (!KNOWN_OPTIONS.has(key)) {
      throw new TypeError(`channel has no option ${key}; it knows ${[...KNOWN_OPTIONS].join(", ")}`)
    }
  }
  const { capacity = CHANNEL_CAPACITY, of, name = "", whenReceiverDies = "drop" } = given
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > CHANNEL_CAPACITY_MAX) {
    throw new RangeError(
      `capacity must be a whole number from 0 to ${CHANNEL_CAPACITY_MAX}, received ${capacity}`,
    )
  }
  const meta = { name, whenReceiverDies, ...(of === undefined ? {} : { of: of.description }) }
  return facade(createChannel(capacity, meta, of as Schema<unknown> | undefined))
}

const facades = new WeakMap<ChannelCore, Channel<unknown>>()

function facade<T>(core: ChannelCore): Channel<T> {
  let known = facades.get(core)
  if (known === undefined) {
    known = new Channel(core)
    facades.set(core, known)
  }
  return known as Channel<T>
}

registerKind<Channel<unknown>>({
  id: KIND.CHANNEL,
  name: "Channel",
  handleOf: (value) => (value instanceof Channel ? value.core.object : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => facade(reviveChannel(object)),
  release: (object) => releaseObject(here(), object),
})
