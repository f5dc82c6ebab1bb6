/**
 * One channel as one isolate uses it: the ring, its slots, and who waits on either side.
 *
 * Each operation is the same loop: try; if it cannot be done, stand in line and try again when
 * woken. What a lone sender has written becomes visible when its group is full, when somebody waits
 * for it, and at the end of the turn at the latest.
 */
import { load, peek, read, store, type Words } from "#platform/atomics"
import { BULK_NUMBERS } from "#platform/limits"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { Line } from "../internal/loop/line.ts"
import { flushLater } from "../internal/loop/pump.ts"
import { depthOf, FOREIGN, movedOf, Side } from "../internal/queue/ring.ts"
import { countWaiting, isWaiting, wakeAll, wakeOne } from "../internal/queue/wait-queue.ts"
import { type SchemaDescription, schemaFrom } from "../internal/wire/struct.ts"
import { Arrivals } from "./arrivals.ts"
import { askForSide } from "./ask.ts"
import {
  type Counts,
  type Flavor,
  type Outcome,
  offerOneByOne,
  type Source,
  takeOneByOne,
} from "./flavor.ts"
import * as layout from "./layout.ts"
import { Patience } from "./patience.ts"
import { NOT_NOW, ScalarSlots, type Slots, slotsFor } from "./slots.ts"

/** What happens to a message whose receiver dies before it is done with it. */
export type WhenReceiverDies = "drop" | "redeliver"

/** What every holder of a channel knows of it. */
export interface Meta {
  readonly name: string
  readonly of?: SchemaDescription
  readonly whenReceiverDies: WhenReceiverDies
}

/** What is left of a core when it is collected: it must not refer to the core. */
export class Remains {
  readonly slots: Slots
  readonly arrivals: Arrivals
  receivers: Line | undefined
  senders: Line | undefined

  constructor(slots: Slots) {
    this.slots = slots
    this.arrivals = new Arrivals(slots, () => this.receivers?.serve())
  }

  /** Undoes what the core left in this isolate. */
  dispose(): void {
    this.arrivals.drop()
    this.receivers?.dispose()
    this.senders?.dispose()
    this.slots.dispose()
  }
}

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
  readonly #patience: Patience
  #flushing = false

  constructor(at: Here, object: number) {
    this.at = at
    this.object = object
    this.#words = at.words
    this.meta = cells().look(object + layout.META) as Meta
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
    const { WRITER, READER } = layout
    this.writer = this.#side(WRITER, READER, this.capacity, () => this.#gaveUpWriting())
    this.reader = this.#side(READER, WRITER, 0, () => this.#wakeWaitingReceivers())
    this.#patience = new Patience(this.reader)
  }

  protected makeRemains(slots: Slots): Remains {
    return new Remains(slots)
  }

  #side(mine: number, other: number, lead: number, onYield: () => void): Side {
    const { object, at, capacity } = this
    return new Side(at.words, object + mine, object + other, at.me, lead, capacity, onYield)
  }

  /** Puts one value in, if there is room. @throws when the value cannot be sent */
  offer(value: unknown): Outcome {
    const { writer } = this
    if (writer.stride <= 0) return this.#offerSlowly(value)
    const ints = this.#ints
    if (ints !== undefined && ((value as number) | 0) === value) {
      ints[this.#firstInt + (writer.position & this.#mask)] = value
    } else if (!this.slots.writeNow(value, this.byteOf(writer.position))) {
      return this.#offerStaged(value)
    }
    if (writer.advance()) this.#sent(writer.publishGroup())
    return "ok"
  }

  #offerSlowly(value: unknown): Outcome {
    if (!this.writer.look()) return this.#offerStaged(value)
    if (!this.#flushing) this.#flushLater()
    return this.offer(value)
  }

  #offerStaged(value: unknown): Outcome {
    if (peek(this.#words, this.object + layout.CLOSED_STATE) !== layout.OPEN) return "closed"
    if (!this.writer.ready && this.writer.isSettled) return "wait"
    this.slots.stage(value)
    const room = this.writer.begin(1)
    if (room > 0) {
      if (peek(this.#words, this.object + layout.CLOSED_STATE) !== layout.OPEN)
        return this.#tooLate()
      this.slots.put(this.byteOf(this.writer.position))
      this.#sent(this.writer.end(1))
      return "ok"
    }
    this.slots.unstage()
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
    const isOpen = peek(this.#words, this.object + layout.CLOSED_STATE) === layout.OPEN
    const count = isOpen ? room : 0
    const place = writer.position & this.#mask
    slots.fill(this.#firstByte, this.#mask + 1, place, numbers, count)
    const visible = writer.end(count)
    if (count > 0) this.#sent(visible)
    return count
  }

  #tooLate(): Outcome {
    this.slots.unstage()
    this.writer.end(0)
    return "closed"
  }

  #sent(visible: boolean): void {
    if (visible) this.wakeReceiver()
    else if (peek(this.#words, this.object + layout.RECEIVERS + 1) !== 0) this.#publishSent()
    else if (!this.#flushing) this.#flushLater()
  }

  #publishSent(): void {
    if (this.writer.publish()) this.wakeReceiver()
  }

  #flushLater(): void {
    this.#flushing = true
    flushLater(this)
  }

  /** Publishes what this isolate has sent and taken. */
  flush(): void {
    this.#flushing = false
    // The next operation looks, and sees to it that this is called again.
    this.writer.stride = 0
    this.reader.stride = 0
    this.#publishSent()
    this.#publishTaken()
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
    if (this.#arrivals.some || !this.reader.look()) return this.#takeLifted()
    if (!this.#flushing) this.#flushLater()
    return this.take()
  }

  #takeLifted(): Outcome {
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
    const state = load(this.#words, this.object + layout.CLOSED_STATE)
    if (state === layout.OPEN || (state === layout.CLOSING && !this.#endClosing())) return "wait"
    // What was sent before the end is visible now: look once more.
    return this.reader.ready ? "again" : "closed"
  }

  protected taken(visible: boolean): void {
    if (visible) this.wakeSender()
    else if (!this.#flushing) this.#flushLater()
  }

  #publishTaken(): void {
    if (this.reader.publish()) this.wakeSender()
  }

  /** Where the slot of a position lies. */
  protected byteOf(position: number): number {
    return this.#firstByte + (position & this.#mask) * this.#slotBytes
  }

  wakeReceiver(): void {
    const queue = this.object + layout.RECEIVERS
    if (isWaiting(this.#words, queue)) wakeOne(this.#words, queue, this.at.me)
  }

  wakeSender(): void {
    const queue = this.object + layout.WAITING_SENDERS
    if (isWaiting(this.#words, queue)) wakeOne(this.#words, queue, this.at.me)
  }

  #wakeWaitingReceivers(): void {
    wakeAll(this.#words, this.object + layout.RECEIVERS, this.at.me)
  }

  #gaveUpWriting(): void {
    if (load(this.#words, this.object + layout.CLOSED_STATE) === layout.CLOSING)
      this.#setState(layout.CLOSED)
    wakeAll(this.#words, this.object + layout.WAITING_SENDERS, this.at.me)
    this.#wakeWaitingReceivers()
  }

  /** Ends the channel: no value goes in any more. False when it had ended before. */
  close(failure: unknown): boolean {
    if (this.isClosed) return false
    const tag = cells().prepare(failure, "error")
    const payload = cells().payload
    let first = false
    const settled = this.writer.guarded((isSettled) => {
      first = !this.isClosed
      if (!first) return
      cells().payload = payload
      cells().put(this.object + layout.CLOSE_FAILURE, tag, failure)
      // A lone sender may have values that nobody sees yet: the end comes after them.
      this.#setState(isSettled ? layout.CLOSED : layout.CLOSING)
    })
    if (!settled) askForSide(this.at, this.object, layout.WRITER, this.writer.owner())
    if (!first) cells().unprepare(tag)
    this.#wakeEverybody()
    return first
  }

  /** The lone sender that had to hear of the end may be gone: then the end is now. */
  #endClosing(): boolean {
    const settled = this.writer.guarded((isSettled) => {
      if (isSettled) this.#setState(layout.CLOSED)
    })
    if (settled) this.#wakeEverybody()
    return settled
  }

  #setState(state: number): void {
    store(this.#words, this.object + layout.CLOSED_STATE, state)
  }

  #wakeEverybody(): void {
    wakeAll(this.#words, this.object + layout.WAITING_SENDERS, this.at.me)
    this.#wakeWaitingReceivers()
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return load(this.#words, this.object + layout.CLOSED_STATE) !== layout.OPEN
  }

  /** What was given to `close`. */
  get closeFailure(): unknown {
    return cells().look(this.object + layout.CLOSE_FAILURE)
  }

  /** How many came, went and wait. */
  count(): Counts {
    const { object, at } = this
    const sent = movedOf(at.words, object + layout.WRITER)
    const received = movedOf(at.words, object + layout.READER)
    return {
      depth: Math.max(0, (sent - received) | 0),
      sent,
      received,
      waitingSenders: countWaiting(at.words, object + layout.WAITING_SENDERS, at.me),
      waitingReceivers: countWaiting(at.words, object + layout.RECEIVERS, at.me),
    }
  }

  /** This isolate's operations that wait for a value. */
  get receivers(): Line {
    const { at, object } = this
    this.remains.receivers ??= new Line(at, object + layout.RECEIVERS, () =>
      hasValues(at.words, object),
    )
    return this.remains.receivers
  }

  /** This isolate's operations that wait for room. */
  get senders(): Line {
    const { at, object } = this
    this.remains.senders ??= new Line(at, object + layout.WAITING_SENDERS, () =>
      hasRoom(at.words, object),
    )
    return this.remains.senders
  }
}

function hasValues(words: Words, object: number): boolean {
  if (peek(words, object + layout.CLOSED_STATE) === layout.CLOSED) return true
  return depthOf(words, object + layout.WRITER, object + layout.READER) > 0
}

function hasRoom(words: Words, object: number): boolean {
  if (peek(words, object + layout.CLOSED_STATE) !== layout.OPEN) return true
  const depth = depthOf(words, object + layout.WRITER, object + layout.READER)
  return depth < read(words, object + layout.CAPACITY)
}
