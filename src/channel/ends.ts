/**
 * The two ends of a channel as handles of their own: what may only send, and what may only receive.
 */

/// <reference lib="esnext.disposable" preserve="true" />

import { HandleClosedError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { isCondemned } from "../internal/memory/guard.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { retain } from "../internal/memory/objects.ts"
import { toFailure } from "../internal/wire/failure.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import type { Flavor, Sink, Source } from "./flavor.ts"
import { reviveChannel } from "./making.ts"
import { sendSync } from "./operations.ts"
import type { SyncOptions, WaitOptions } from "./options.ts"
import { ReceivingEnd } from "./receiving-end.ts"
import { SendCase, SOURCE } from "./selectable.ts"
import * as sending from "./send.ts"
import { joinSenders, reviveSenders, type SenderEnds } from "./sender-object.ts"
import { type ChannelStatistics, statisticsOf } from "./statistics.ts"

/** Handles that were collected without being closed. */
const forgotten = new FinalizationRegistry<SenderEnds>((ends) => {
  const { words, me } = here()
  if (!isCondemned(words, me)) ends.leave()
})

/**
 * The sending end of a channel. When all sending ends of a channel are closed, moved into nothing,
 * collected or lost with their isolates, the channel closes; receivers still get what is inside.
 */
export class Sender<T> extends Shareable implements Disposable {
  readonly kindId = KIND.SENDER
  readonly #channel: Flavor
  #ends: SenderEnds | undefined

  /** `ends` is undefined when all other ends are gone already: then the channel is closed. */
  constructor(channel: Flavor, ends: SenderEnds | undefined) {
    super()
    this.#channel = channel
    this.#ends = ends
    if (ends !== undefined) forgotten.register(this, ends, this)
  }

  get #sink(): Sink {
    this.assertUsable()
    if (this.#ends === undefined && !this.#channel.isClosed) throw new HandleClosedError("Sender")
    return this.#channel
  }

  /** As `send` of the channel. @throws {HandleClosedError} when this end was closed */
  send(value: T, options?: WaitOptions): Promise<void> {
    return sending.send(this.#sink, value, options)
  }

  /** As `trySend` of the channel. */
  trySend(value: T): "ok" | "full" | "closed" {
    return sending.trySend(this.#sink, value)
  }

  /** As `sendMany` of the channel. */
  async sendMany(values: Iterable<T>, options?: WaitOptions): Promise<void> {
    await sending.sendMany(this.#sink, values, options)
  }

  /** As `sendSync` of the channel. */
  sendSync(value: T, options: SyncOptions = {}): void {
    sendSync(this.#sink, value, options)
  }

  /** A case for `select`: this value is sent if the case is chosen. */
  sending(value: T): SendCase {
    return new SendCase(this.#sink, value)
  }

  /** Whether the channel was closed, or this end. */
  get closed(): boolean {
    return this.#ends === undefined || this.#channel.isClosed
  }

  /**
   * Gives this end up. With the last one the channel closes. With an error the whole channel closes
   * now, and its receivers get the error after what is inside. Closing twice does nothing.
   */
  close(error?: unknown): void {
    const ends = this.#ends
    if (ends === undefined || Shareable.movedAt(this) !== "") return
    if (error !== undefined) this.#channel.close(toFailure(error))
    Sender.surrender(this)
  }

  /** `close()` */
  [Symbol.dispose](): void {
    this.close()
  }

  /** Gives the claim of a handle up. */
  static surrender(sender: Sender<unknown>): void {
    const ends = sender.#ends
    if (ends === undefined) return
    sender.#ends = undefined
    forgotten.unregister(sender)
    ends.leave()
  }

  /** The shared object of a handle in use, 0 otherwise. */
  static objectOf(sender: Sender<unknown>): number {
    return sender.#ends?.object ?? 0
  }
}

/** A sending end of the channel. */
export function senderOf<T>(channel: Flavor): Sender<T> {
  return new Sender(channel, joinSenders(channel))
}

registerKind<Sender<unknown>>({
  id: KIND.SENDER,
  name: "Sender",
  handleOf: (value) => (value instanceof Sender ? Sender.objectOf(value) : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => {
    const ends = reviveSenders(object)
    return new Sender(ends.channel, ends)
  },
  release: (object) => releaseObject(here(), object),
  surrender: (sender) => Sender.surrender(sender),
})

/** The receiving end of a channel: it cannot send. Each is a receiver of its own. */
export class Receiver<T> extends ReceivingEnd<T> {
  readonly kindId = KIND.RECEIVER
  readonly #channel: Flavor
  readonly #source: Source

  constructor(channel: Flavor) {
    super()
    this.#channel = channel
    this.#source = channel.fork()
  }

  /** The side that rooms of this package receive from. */
  get [SOURCE](): Source {
    this.assertUsable()
    return this.#source
  }

  /** As `done` of the channel. */
  done(message: T): boolean {
    this.assertUsable()
    return this.#channel.done(message)
  }

  /** Whether the channel was closed; values may still be inside. */
  get closed(): boolean {
    return this.#channel.isClosed
  }

  /** As `statistics` of the channel. */
  override statistics(): ChannelStatistics {
    this.assertUsable()
    return statisticsOf(this.#channel)
  }

  /** The channel's first word. */
  static objectOf(receiver: Receiver<unknown>): number {
    return receiver.#channel.object
  }
}

registerKind<Receiver<unknown>>({
  id: KIND.RECEIVER,
  name: "Receiver",
  handleOf: (value) => (value instanceof Receiver ? Receiver.objectOf(value) : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => new Receiver(reviveChannel(object)),
  release: (object) => releaseObject(here(), object),
})
