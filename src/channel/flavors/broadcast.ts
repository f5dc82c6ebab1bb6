/** Broadcasts: every subscriber receives every value. */
import { HandleClosedError } from "../../errors.ts"
import { here } from "../../internal/loop/here.ts"
import { releaseObject } from "../../internal/loop/objects.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { retain } from "../../internal/memory/objects.ts"
import { toFailure } from "../../internal/wire/failure.ts"
import { checkString } from "../../internal/wire/given.ts"
import { registerKind, Shareable } from "../../internal/wire/shareable.ts"
import { checkNames } from "../../internal/wire/shown.ts"
import type { Source } from "../flavor.ts"
import { checkCapacity } from "../options.ts"
import { ReceivingEnd } from "../receiving-end.ts"
import { SendCase, SOURCE } from "../selectable.ts"
import * as sending from "../send.ts"
import {
  type BroadcastCore,
  createBroadcast,
  createSubscription,
  endSubscription,
  reviveBroadcast,
  reviveSubscription,
  type SubscriptionCore,
} from "./broadcast-core.ts"

/** How a broadcast is made. */
export interface BroadcastOptions {
  /** Values it keeps for slow subscribers. */
  readonly capacity: number
  /** Shown in errors and by monitors. */
  readonly name?: string
}

/**
 * Values for everybody: each subscription receives every value sent since it was made. Sending
 * never waits; a subscription that is more than the capacity behind loses the oldest, and is told
 * how many. It can be sent itself.
 */
export class Broadcast<T> extends Shareable implements AsyncIterable<T> {
  readonly kindId = KIND.BROADCAST
  readonly #core: BroadcastCore

  constructor(core: BroadcastCore) {
    super()
    this.#core = core
  }

  /**
   * Sends a value to all subscriptions. Never waits. Marked buffers are copied, since many may
   * receive them.
   *
   * @throws {ChannelClosedError} when it is closed; `unsent` is the value
   * @throws {NotSendableError} when the value cannot cross
   */
  send(value: T): Promise<void> {
    this.assertUsable()
    return sending.send(this.#core, value)
  }

  /** Sends a value unless it is closed. */
  trySend(value: T): "ok" | "closed" {
    this.assertUsable()
    return this.#core.offer(value) === "closed" ? "closed" : "ok"
  }

  /** A case for `select`; always ready. */
  sending(value: T): SendCase {
    this.assertUsable()
    return new SendCase(this.#core, value)
  }

  /** A subscription that begins with what is sent from now on. */
  subscribe(): Subscription<T> {
    this.assertUsable()
    return new Subscription(createSubscription(this.#core))
  }

  /** Ends it: subscriptions receive what they have not yet, then the end, or the error. */
  close(error?: unknown): boolean {
    this.assertUsable()
    return this.#core.close(error === undefined ? undefined : toFailure(error))
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#core.isClosed
  }

  /** A subscription of its own, for the length of a loop. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.subscribe()[Symbol.asyncIterator]()
  }

  /** Its first word. */
  static objectOf(broadcast: Broadcast<unknown>): number {
    return broadcast.#core.object
  }
}

/**
 * One listener of a broadcast. It can be sent; isolates that hold the same subscription share its
 * values among them.
 */
export class Subscription<T> extends ReceivingEnd<T> implements Disposable {
  readonly kindId = KIND.SUBSCRIPTION
  readonly #core: SubscriptionCore

  constructor(core: SubscriptionCore) {
    super()
    this.#core = core
  }

  /** The side that rooms of this package receive from. */
  get [SOURCE](): Source {
    this.assertUsable()
    if (this.#core.isEnded) throw new HandleClosedError("Subscription")
    return this.#core
  }

  /** How many values were lost between the last two that were received here; 0 when it kept up. */
  get missed(): number {
    return this.#core.missed
  }

  /** Ends this subscription in this isolate; other isolates that hold it go on. */
  [Symbol.dispose](): void {
    endSubscription(this.#core)
  }

  /** Its first word. */
  static objectOf(subscription: Subscription<unknown>): number {
    return subscription.#core.object
  }
}

/**
 * Makes a broadcast that keeps the newest `capacity` values for slow subscribers.
 *
 * @throws {RangeError} when the capacity is not a whole number from 1 to 16,777,216
 * @throws {OutOfSharedMemoryError} when there is no room for it
 * @example
 * const news = broadcast<string>(16)
 * const reader = news.subscribe()
 * await news.send("it works")
 * console.log(await reader.receive()) // prints: it works
 */
export function broadcast<T>(options: number | BroadcastOptions): Broadcast<T> {
  const given: BroadcastOptions = typeof options === "number" ? { capacity: options } : options
  checkNames(given, "broadcast", ["capacity", "name"])
  const { capacity, name = "" } = given
  checkString(name, "name")
  checkCapacity(capacity, 1)
  return new Broadcast(createBroadcast(capacity, name))
}

registerKind<Broadcast<unknown>>({
  id: KIND.BROADCAST,
  name: "Broadcast",
  handleOf: (value) => (value instanceof Broadcast ? Broadcast.objectOf(value) : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => new Broadcast(reviveBroadcast(object)),
  release: (object) => releaseObject(here(), object),
})

registerKind<Subscription<unknown>>({
  id: KIND.SUBSCRIPTION,
  name: "Subscription",
  handleOf: (value) => (value instanceof Subscription ? Subscription.objectOf(value) : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => new Subscription(reviveSubscription(object)),
  release: (object) => releaseObject(here(), object),
  surrender: (subscription) => subscription[Symbol.dispose](),
})
