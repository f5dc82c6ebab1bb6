/** Channels: bounded queues of values between any isolates. */
import { CHANNEL_CAPACITY } from "#platform/limits"
import { ownUrl } from "#platform/module"
import { useEntry } from "../internal/loop/entries.ts"
import { here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { retain } from "../internal/memory/objects.ts"
import { toFailure } from "../internal/wire/failure.ts"
import { checkString } from "../internal/wire/given.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import type { Schema } from "../internal/wire/struct.ts"
import { Receiver, Sender, senderOf } from "./ends.ts"
import type { Flavor, Source } from "./flavor.ts"
import { createChannel, reviveChannel } from "./making.ts"
import { receiveSync, sendSync } from "./operations.ts"
import { checkCapacity, checkSchema, type SyncOptions, type WaitOptions } from "./options.ts"
import type { Batch, Received } from "./receive.ts"
import * as receiving from "./receive.ts"
import type { WhenReceiverDies } from "./remains.ts"
import { type Selectable, SendCase, SOURCE } from "./selectable.ts"
import * as sending from "./send.ts"
import { type ChannelStatistics, statisticsOf } from "./statistics.ts"

/** How a channel is made. */
export interface ChannelOptions<T> {
  /** Messages it holds before senders wait; 4,096 unless given. */
  readonly capacity?: number
  /** The layout of its values: faster, and checked when sent. */
  readonly of?: Schema<T>
  /** Shown in errors and by monitors. */
  readonly name?: string
  /**
   * What happens to a message whose receiver dies before it is done with it; `"drop"` unless given.
   */
  readonly whenReceiverDies?: WhenReceiverDies
}

/**
 * A bounded queue of values with any number of senders and receivers, in any isolates.
 *
 * Values of one sender arrive in the order sent; each is received once. It can be sent itself.
 */
export class Channel<T> extends Shareable implements AsyncIterable<T>, Selectable<T> {
  readonly kindId = KIND.CHANNEL
  readonly #core: Flavor
  #sender: WeakRef<Sender<T>> | undefined
  #receiver: Receiver<T> | undefined

  constructor(core: Flavor) {
    super()
    this.#core = core
  }

  /** The side that rooms of this package receive from. */
  get [SOURCE](): Source {
    this.assertUsable()
    return this.#core
  }

  /**
   * Sends a value, waiting while the channel is full. The promise settles when the value is inside,
   * not when it is received; with capacity 0, when it is received.
   *
   * @throws {ChannelClosedError} when the channel is closed; `unsent` is the value
   * @throws {NotSendableError} when the value cannot cross
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    this.assertUsable()
    return sending.send(this.#core, value, options)
  }

  /**
   * Sends a value if that is possible at once.
   *
   * @throws {NotSendableError} when the value cannot cross
   */
  trySend(value: T): "ok" | "full" | "closed" {
    this.assertUsable()
    const outcome = this.#core.offer(value)
    return outcome === "wait" ? "full" : outcome
  }

  /**
   * Sends values in order, waiting while the channel is full. Typed arrays into a channel of `i32`
   * or `f64` are copied in one go.
   *
   * @throws {ChannelClosedError} when it is closed before all are sent; `unsent` is the first that
   * was not
   */
  async sendMany(values: Iterable<T>, options?: WaitOptions): Promise<void> {
    this.assertUsable()
    await sending.sendMany(this.#core, values, options)
  }

  /**
   * Sends a value, blocking this thread while the channel is full.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless it was allowed
   * @throws {TimeoutError} when there was no room for `timeoutMs`
   * @throws {ChannelClosedError} when the channel is closed
   */
  sendSync(value: T, options: SyncOptions = {}): void {
    this.assertUsable()
    sendSync(this.#core, value, options)
  }

  /** A case for `select`: the value is sent if the case is chosen. */
  sending(value: T): SendCase {
    this.assertUsable()
    return new SendCase(this.#core, value)
  }

  /**
   * Receives the next value, waiting while the channel is empty. If `signal` aborts first, no value
   * is taken.
   *
   * @throws {ChannelClosedError} when the channel is closed and drained; its `cause` is what was
   * given to
   *   `close`
   */
  receive(options?: WaitOptions): Promise<T> {
    this.assertUsable()
    return receiving.receive(this.#core, options)
  }

  /** Receives a value if there is one. */
  tryReceive(): Received<T> {
    this.assertUsable()
    const outcome = this.#core.take()
    if (outcome === "ok") return { state: "ok", value: this.#core.value as T }
    return outcome === "wait" ? receiving.EMPTY : receiving.CLOSED
  }

  /** Receives at least one value, waiting for it, and up to `max` that are there. */
  receiveMany(max: number, options?: WaitOptions): Promise<T[]> {
    this.assertUsable()
    return receiving.receiveMany(this.#core, max, options)
  }

  /**
   * Receives the next value, blocking this thread while the channel is empty.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless it was allowed
   * @throws {TimeoutError} when no value came for `timeoutMs`
   * @throws {ChannelClosedError} when the channel is closed and drained
   */
  receiveSync(options: SyncOptions = {}): T {
    this.assertUsable()
    return receiveSync(this.#core, options) as T
  }

  /**
   * Values in groups: each step waits for one value and takes up to `max` that are there. Channels
   * of `i32` and `f64` give typed arrays, the fastest way to receive.
   */
  batches(max: number): AsyncIterableIterator<Batch<T>> {
    this.assertUsable()
    return receiving.batches(this.#core, max)
  }

  /**
   * Says that a message is done with, on a channel that redelivers: it will not be given to anybody
   * else. False when it is not waited for. A receiver's next receive says the same of all it
   * received before.
   */
  done(message: T): boolean {
    this.assertUsable()
    return this.#core.done(message)
  }

  /**
   * The sending end as a handle of its own. Once there was one, the channel closes when all are
   * gone. The same handle each time while it is in use; `move` it to give it away.
   */
  get sender(): Sender<T> {
    this.assertUsable()
    const known = this.#sender?.deref()
    if (known !== undefined && Sender.objectOf(known) !== 0) return known
    const sender = senderOf<T>(this.#core)
    this.#sender = new WeakRef(sender)
    return sender
  }

  /**
   * The receiving end as a handle of its own, which cannot send. The same handle each time while it
   * is in use; wherever it is sent it becomes a receiver of its own.
   */
  get receiver(): Receiver<T> {
    this.assertUsable()
    if (this.#receiver === undefined || Shareable.movedAt(this.#receiver) !== "") {
      this.#receiver = new Receiver(this.#core)
    }
    return this.#receiver
  }

  /**
   * Ends the channel: nothing can be sent any more, and receivers get what is inside, then the end
   * — or the error. False when it had ended before.
   */
  close(error?: unknown): boolean {
    this.assertUsable()
    return this.#core.close(error === undefined ? undefined : toFailure(error))
  }

  /** Whether the channel was closed; values may still be inside. */
  get closed(): boolean {
    return this.#core.isClosed
  }

  /**
   * Makes all that this isolate has sent visible at once. An isolate that alone sends much
   * publishes in groups, and at the end of its turn at the latest: call this before a long
   * computation.
   */
  flush(): void {
    this.assertUsable()
    this.#core.publish()
  }

  /** Numbers of this channel at this moment, frozen. Costs a few reads. */
  override statistics(): ChannelStatistics {
    this.assertUsable()
    return statisticsOf(this.#core)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    this.assertUsable()
    return receiving.iterate(this.#core)
  }

  /** The first word of a channel. */
  static objectOf(channel: Channel<unknown>): number {
    return channel.#core.object
  }
}

const KNOWN_OPTIONS = ["capacity", "of", "name", "whenReceiverDies"]

/**
 * Makes a channel: `channel<Job>(64)`, or `channel({ of: Point, capacity: 64, name: "points" })`.
 *
 * @throws {RangeError} when the capacity is not a whole number from 0 to 16,777,216
 * @throws {TypeError} when an option is unknown or of the wrong type
 * @throws {OutOfSharedMemoryError} when there is no room for it
 * @example
 * const numbers = channel<number>(8)
 * await numbers.send(1)
 * console.log(await numbers.receive()) // prints: 1
 */
export function channel<T>(options: number | ChannelOptions<T> = {}): Channel<T> {
  const given: ChannelOptions<T> = typeof options === "number" ? { capacity: options } : options
  checkNames(given, "channel", KNOWN_OPTIONS)
  const { capacity = CHANNEL_CAPACITY, of, name = "", whenReceiverDies = "drop" } = given
  checkString(name, "name")
  checkSchema(of)
  checkCapacity(capacity, 0)
  if (whenReceiverDies !== "drop" && whenReceiverDies !== "redeliver") {
    throw new TypeError(
      `whenReceiverDies must be "drop" or "redeliver", received ${shown(whenReceiverDies)}`,
    )
  }
  if (capacity === 0 && whenReceiverDies === "redeliver") {
    throw new TypeError("a channel that redelivers needs a capacity from 1, received 0")
  }
  const meta = { name, whenReceiverDies, ...(of === undefined ? {} : { of: of.description }) }
  return facade(createChannel(capacity, meta, of as Schema<unknown> | undefined))
}

function facade<T>(core: Flavor): Channel<T> {
  core.facade ??= new Channel(core)
  return core.facade as Channel<T>
}

registerKind<Channel<unknown>>({
  id: KIND.CHANNEL,
  name: "Channel",
  handleOf: (value) => (value instanceof Channel ? Channel.objectOf(value) : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => facade(reviveChannel(object)),
  release: (object) => releaseObject(here(), object),
})

// Whoever receives a channel can use it, whatever its own code imports.
useEntry(ownUrl("channel/index"))
