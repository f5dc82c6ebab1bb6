/**
 * One channel as one isolate uses it: the ring, its slots, and who waits on either side.
 *
 * Each operation is the same loop: try; if it cannot be done, stand in line and try again when
 * woken. What a lone sender has written becomes visible when its group is full, when somebody waits
 * for it, and at the end of the turn at the latest.
 */
import { load, peek, read, type Words } from "#platform/atomics"
import { BULK_NUMBERS } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import type { Line } from "../internal/loop/line.ts"
import { flushLater } from "../internal/loop/pump.ts"
import { shelter, sheltered, unshelter } from "../internal/memory/guard.ts"
import { FOREIGN, Side } from "../internal/queue/ring.ts"
import { isWaiting, wakeOne } from "../internal/queue/wait-queue.ts"
import { schemaFrom } from "../internal/wire/struct.ts"
import type { Arrivals } from "./arrivals.ts"
import { askForSide } from "./ask.ts"
import { Closing } from "./closing.ts"
import { countsOf, receivingLine, sendingLine } from "./counts.ts"
import {
  type Counts,
  type Flavor,
  type Outcome,
  offerOneByOne,
  type Source,
  takeOneByOne,
} from "./flavor.ts"
import { type HeldWriter, heldWriter } from "./held-writer.ts"
import * as layout from "./layout.ts"
import { Pace } from "./pace.ts"
import { Patience } from "./patience.ts"
import { isAnyIn, type Meta, metaOf, Remains } from "./remains.ts"
import { ScalarSlots } from "./slots/numbers.ts"
import { NOT_NOW, type Slots } from "./slots/types.ts"
import { slotsFor } from "./slots.ts"

/** One channel, here. */
export class ChannelCore implements Flavor {
  readonly at: Here
  readonly object: number
  readonly meta: Meta
  readonly capacity: number
  readonly slots: Slots
  readonly writer: Side
  readonly reader: Side
  readonly remains: Remains
  /** The value of the last successful `take`. */
  value: unknown
  facade: object | undefined
  readonly #arrivals: Arrivals
  readonly #words: Words
  readonly #mask: number
  readonly #slotBytes: number
  readonly #firstByte: number
  /** The shared words, where slots are words; and the first slot among them. */
  readonly #ints: Words | undefined
  readonly #firstInt: number
  #patience: Patience | undefined
  #pace: Pace | undefined
  /** How values go in whose getters may run while they are written. */
  readonly #held: HeldWriter | undefined
  readonly #closing: Closing
  #flushing = false

  constructor(at: Here, object: number) {
    this.at = at
    this.object = object
    this.#words = at.words
    this.meta = metaOf(object)
    this.capacity = read(at.words, object + layout.CAPACITY)
    const { of, whenReceiverDies } = this.meta
    const schema = of === undefined ? undefined : schemaFrom(of)
    this.slots = slotsFor(at, schema, whenReceiverDies === "redeliver")
    this.remains = this.makeRemains(this.slots)
    this.#arrivals = this.remains.arrivals
    this.#slotBytes = this.slots.slotBytes
    this.#mask = layout.slotCount(this.capacity) - 1
    this.#firstByte = (object + layout.SLOTS) * 4
    this.#ints = schema?.scalar === "i32" ? at.words : undefined
    this.#firstInt = object + layout.SLOTS
    const [one, two] = [object + layout.WRITER, object + layout.READER]
    this.#closing = new Closing(at, object)
    this.writer = new Side(at.words, one, two, at.me, this.capacity, this.capacity, this.#closing)
    this.reader = new Side(at.words, two, one, at.me, 0, this.capacity, this.#closing)
    this.#held = heldWriter(this.writer, this.slots)
  }

  protected makeRemains(slots: Slots): Remains {
    return new Remains(slots)
  }

  /** Puts one value in, if there is room. @throws when the value cannot be sent */
  offer(value: unknown): Outcome {
    const { writer } = this
    if (writer.stride <= 0) return this.#offerSlowly(value)
    const ints = this.#ints
    if (ints === undefined || typeof value !== "number" || (value | 0) !== value) {
      return this.#offerOther(value)
    }
    ints[this.#firstInt + (writer.position & this.#mask)] = value
    if (writer.advance()) this.#sent(writer.publishGroup())
    return "ok"
  }

  #offerOther(value: unknown): Outcome {
    const { writer } = this
    if (this.#held !== undefined) {
      if (!this.#writeHeld(value, this.#held)) return this.#endHeld(this.#held)
    } else if (!this.slots.writeNow(value, this.byteOf(writer.position))) {
      return this.#offerStaged(value)
    }
    if (writer.advance()) this.#sent(writer.publishGroup())
    return "ok"
  }

  /** A stride never begins while somebody of this isolate waits. */
  get offersQuickly(): boolean {
    return this.writer.stride > 0
  }

  get takesQuickly(): boolean {
    return this.reader.stride > 0
  }

  #offerSlowly(value: unknown): Outcome {
    if (isAnyIn(this.remains.senders) || !this.writer.look()) return this.#offerStaged(value)
    if (!this.#flushing) this.#flushLater()
    this.#pace ??= new Pace()
    this.#pace.looked(this.writer)
    return this.offer(value)
  }

  /** False when getters did more than read: then `#endHeld` is due. */
  #writeHeld(value: unknown, held: HeldWriter): boolean {
    try {
      return held.write(value, this.byteOf(this.writer.position))
    } catch (error) {
      this.#putNested(held)
      throw error
    }
  }

  /** The slot at `position` is written; what its getters sent follows. */
  #endHeld(held: HeldWriter): Outcome {
    const isOpen = this.#isOpen
    if (isOpen) this.#sent(this.writer.end(1))
    this.#putNested(held)
    return isOpen ? "ok" : "closed"
  }

  #putNested(held: HeldWriter): void {
    while (held.putNested(this.byteOf(this.writer.position))) this.#sent(this.writer.end(1))
  }

  get #isOpen(): boolean {
    return peek(this.#words, this.object + layout.CLOSED_STATE) === layout.OPEN
  }

  #offerStaged(value: unknown): Outcome {
    if (!this.#isOpen) return "closed"
    if (this.writer.isHeld) return this.#held?.offer(value) ?? "wait"
    if (!this.writer.ready && this.writer.isSettled) {
      this.writer.pause()
      return "wait"
    }
    this.slots.stage(value)
    // Putting counts references, which are the message's once it is sent.
    if (!this.slots.carries) return this.#putStaged()
    return sheltered(this.#words, this.at.me, () => this.#putStaged())
  }

  #putStaged(): Outcome {
    const room = this.writer.begin(1)
    if (room > 0 && this.#isOpen) {
      this.slots.put(this.byteOf(this.writer.position))
      this.#sent(this.writer.end(1))
      return "ok"
    }
    this.slots.unstage()
    if (room > 0) {
      this.writer.end(0)
      return "closed"
    }
    if (room === FOREIGN) askForSide(this.at, this.object, layout.WRITER, this.writer.owner())
    return "wait"
  }

  /** Puts in as many of `values` from `from` on as there is room for. @throws as `offer` */
  offerMany(values: ArrayLike<unknown>, from: number): number {
    const { slots, writer } = this
    if (!(slots instanceof ScalarSlots)) return offerOneByOne(this, values, from)
    const numbers = slots.dense(values, from)
    const room = writer.begin(numbers.length)
    if (room <= 0) return 0
    const count = this.#isOpen ? room : 0
    slots.fill(this.#firstByte, this.#mask + 1, writer.position & this.#mask, numbers, count)
    const visible = writer.end(count)
    if (count > 0) this.#sent(visible)
    return count
  }

  #sent(visible: boolean): void {
    if (visible) {
      this.wake(layout.RECEIVERS)
      if (this.writer.isLeased && !this.#flushing) this.#flushLater()
    } else if (peek(this.#words, this.object + layout.RECEIVERS + 1) !== 0) this.#publishSent()
    else if (!this.#flushing) this.#flushLater()
  }

  #publishSent(): void {
    if (this.writer.publish()) this.wake(layout.RECEIVERS)
  }

  #flushLater(): void {
    this.#flushing = true
    flushLater(this)
  }

  /** Publishes what this isolate has sent and taken. */
  publish(): void {
    this.#publishSent()
    this.#publishTaken()
  }

  /** The turn ends. */
  flush(): void {
    this.#flushing = false
    this.publish()
    // The next operation looks, and sees to it that this is called again.
    this.writer.pause()
    this.reader.pause()
  }

  /** Takes one value into `value`, if there is one. */
  take(): Outcome {
    const { reader } = this
    if (reader.stride <= 0) return this.#takeSlowly()
    const ints = this.#ints
    if (ints !== undefined) {
      this.value = ints[this.#firstInt + (reader.position & this.#mask)]
    } else {
      const value = this.slots.readNow(this.byteOf(reader.position))
      if (value === NOT_NOW) return this.#takeLifted()
      this.value = value
    }
    if (reader.advance()) this.taken(reader.publishGroup())
    return "ok"
  }

  #takeSlowly(): Outcome {
    if (isAnyIn(this.remains.receivers)) return this.#takeLifted()
    if (this.#arrivals.some || !this.reader.look()) return this.#takeLifted()
    if (!this.#flushing) this.#flushLater()
    return this.take()
  }

  #takeLifted(): Outcome {
    // What was lifted and is not made yet is nobody's.
    shelter(this.#words, this.at.me)
    try {
      if (this.#arrivals.some) {
        if (!this.#arrivals.lift()) return "wait"
      } else {
        const count = this.reader.begin(1)
        if (count <= 0) {
          const outcome = this.nothing(count)
          return outcome === "again" ? this.take() : outcome
        }
        this.slots.lift(this.byteOf(this.reader.position))
        this.taken(this.reader.end(1))
        if (this.slots.pending) {
          this.#arrivals.await()
          return "wait"
        }
      }
      this.value = this.slots.make()
      return "ok"
    } finally {
      unshelter(this.#words, this.at.me)
    }
  }

  /** As `take`: a channel that drops asks for no acknowledgement. */
  takeAgain(): Outcome {
    return this.take()
  }

  /** Takes up to `max` values into `value`: a typed array where the slots are numbers. */
  takeMany(max: number): Outcome {
    const { slots, reader } = this
    if (!(slots instanceof ScalarSlots)) return takeOneByOne(this, max)
    const count = reader.begin(Math.min(max, BULK_NUMBERS))
    if (count <= 0) {
      const outcome = this.nothing(count)
      return outcome === "again" ? this.takeMany(max) : outcome
    }
    const place = reader.position & this.#mask
    this.value = slots.copy(this.#firstByte, this.#mask + 1, place, count)
    this.taken(reader.end(count))
    return "ok"
  }

  get isArriving(): boolean {
    return this.#arrivals.some
  }

  /** Looks for a moment whether a busy sender publishes its next group. */
  linger(): boolean {
    this.#patience ??= new Patience(this.reader)
    return this.#patience.linger()
  }

  takeManyAgain(max: number): Outcome {
    return this.takeMany(max)
  }

  acknowledge(): void {}

  /** Every receiver of a channel that drops is like any other. */
  fork(): Source {
    return this
  }

  /** A channel that drops waits for no acknowledgement. */
  done(_message: unknown): boolean {
    return false
  }

  /** What it means that nothing could be taken; "again" when there is something by now. */
  protected nothing(count: number): "wait" | "closed" | "again" {
    if (count === FOREIGN) {
      askForSide(this.at, this.object, layout.READER, this.reader.owner())
      return "wait"
    }
    this.#publishTaken()
    // What this isolate has sent itself and not published is for itself, too.
    if (this.writer.publish()) return "again"
    const state = load(this.#words, this.object + layout.CLOSED_STATE)
    if (
      state === layout.OPEN ||
      (state === layout.CLOSING && !this.#closing.endClosing(this.writer))
    )
      return "wait"
    // What was sent before the end is visible now: look once more.
    return this.reader.ready ? "again" : "closed"
  }

  protected taken(visible: boolean): void {
    if (visible) this.wake(layout.WAITING_SENDERS)
    if (!this.#flushing && (!visible || this.reader.isLeased)) this.#flushLater()
  }

  #publishTaken(): void {
    if (this.reader.publish()) this.wake(layout.WAITING_SENDERS)
  }

  /** Where the slot of a position lies. */
  protected byteOf(position: number): number {
    return this.#firstByte + (position & this.#mask) * this.#slotBytes
  }

  /** Wakes the first isolate in line at RECEIVERS or WAITING_SENDERS. */
  wake(place: number): void {
    const queue = this.object + place
    if (isWaiting(this.#words, queue)) wakeOne(this.#words, queue, this.at.me)
  }

  /** Ends the channel: no value goes in any more. False when it had ended before. */
  close(failure: unknown): boolean {
    return this.#closing.close(this.writer, failure)
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closing.isClosed
  }

  /** What was given to `close`. */
  get closeFailure(): unknown {
    return this.#closing.failure
  }

  count(): Counts {
    return countsOf(this.at, this.object)
  }

  /** This isolate's operations that wait for a value. */
  get receivers(): Line {
    this.remains.receivers ??= receivingLine(this.at, this.object)
    return this.remains.receivers
  }

  /** This isolate's operations that wait for room. */
  get senders(): Line {
    this.remains.senders ??= sendingLine(this.at, this.object)
    return this.remains.senders
  }
}
