/**
 * One channel as one isolate uses it: the ring, its slots, and who waits on either side.
 *
 * Each operation is the same loop: try; if it cannot be done, stand in line and try again when woken.
 * What a lone sender has written becomes visible when its group is full, when somebody waits for it,
 * and at the end of the turn at the latest.
 */
import { load, peek, read, store, type Words, write } from "#platform/atomics"
import { CHANNEL_CAPACITY_MAX } from "#platform/limits"
import { cells } from "../internal/loop/cell.ts"
import { acquireObject, type Here, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { Line } from "../internal/loop/line.ts"
import { onDestroy } from "../internal/loop/objects.ts"
import { flushLater } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { create } from "../internal/memory/objects.ts"
import { abandon, contents, depthOf, FOREIGN, Side } from "../internal/queue/ring.ts"
import { isWaiting, wakeAll, wakeOne } from "../internal/queue/wait-queue.ts"
import { type Schema, type SchemaDescription, schemaFrom } from "../internal/wire/struct.ts"
import { askForSide, onAsk } from "./ask.ts"
import * as layout from "./layout.ts"
import { NOT_NOW, type Slots, slotBytesOf, slotsFor } from "./slots.ts"

/** What happens to a message whose receiver dies before it is done with it. */
export type WhenReceiverDies = "drop" | "redeliver"

/** What every holder of a channel knows of it. */
export interface Meta {
  readonly name: string
  readonly of?: SchemaDescription
  readonly whenReceiverDies: WhenReceiverDies
}

/** What an attempt came to. */
export type Outcome = "ok" | "wait" | "closed"

/** What is left of a core when it is collected. */
interface Remains {
  receivers: Line | undefined
  senders: Line | undefined
}

/** One channel, here. */
export class ChannelCore {
  readonly at: Here
  readonly object: number
  readonly meta: Meta
  readonly capacity: number
  readonly slots: Slots
  readonly writer: Side
  readonly reader: Side
  readonly remains: Remains = { receivers: undefined, senders: undefined }
  /** The value of the last successful `take`. */
  value: unknown
  readonly #words: Words
  readonly #mask: number
  readonly #slotBytes: number
  readonly #firstByte: number
  #flushing = false

  constructor(at: Here, object: number) {
    this.at = at
    this.object = object
    this.#words = at.words
    this.meta = cells().look(object + layout.META) as Meta
    this.capacity = read(at.words, object + layout.CAPACITY)
    this.slots = slotsFor(at, this.meta.of === undefined ? undefined : schemaFrom(this.meta.of))
    this.#slotBytes = this.slots.slotBytes
    this.#mask = slotCount(this.capacity) - 1
    this.#firstByte = (object + layout.SLOTS) * 4
    const { WRITER, READER } = layout
    this.writer = this.#side(WRITER, READER, this.capacity, () => this.#gaveUpWriting())
    this.reader = this.#side(READER, WRITER, 0, () => this.#wakeWaitingReceivers())
  }

  #side(mine: number, other: number, lead: number, onYield: () => void): Side {
    const { object, at, capacity } = this
    return new Side(at.words, object + mine, object + other, at.me, lead, capacity, onYield)
  }

  /** Puts one value in, if there is room. @throws when the value cannot be sent */
  offer(value: unknown): Outcome {
    const { writer } = this
    if (!writer.isQuick || !this.slots.writeNow(value, this.#byteOf(writer.position))) {
      return this.#offerStaged(value)
    }
    this.#sent(writer.advance())
    return "ok"
  }

  #offerStaged(value: unknown): Outcome {
    if (peek(this.#words, this.object + layout.CLOSED_STATE) !== layout.OPEN) return "closed"
    if (!this.writer.ready && this.writer.isSettled) return "wait"
    this.slots.stage(value)
    const room = this.writer.begin(1)
    if (room > 0) {
      if (peek(this.#words, this.object + layout.CLOSED_STATE) !== layout.OPEN)
        return this.#tooLate()
      this.slots.put(this.#byteOf(this.writer.position))
      this.#sent(this.writer.end(1))
      return "ok"
    }
    this.slots.unstage()
    if (room === FOREIGN) askForSide(this.at, this.object, layout.WRITER, this.writer.owner())
    return "wait"
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
    this.#publishSent()
    this.#publishTaken()
  }

  /** Takes one value into `value`, if there is one. */
  take(): Outcome {
    const { reader } = this
    if (!reader.isQuick) return this.#takeLifted()
    const value = this.slots.readNow(this.#byteOf(reader.position))
    if (value === NOT_NOW) return this.#takeLifted()
    this.#taken(reader.advance())
    this.value = value
    return "ok"
  }

  #takeLifted(): Outcome {
    const count = this.reader.begin(1)
    if (count <= 0) return this.#nothing(count)
    this.slots.lift(this.#byteOf(this.reader.position))
    this.#taken(this.reader.end(1))
    this.value = this.slots.make()
    return "ok"
  }

  #nothing(count: number): Outcome {
    if (count === FOREIGN) {
      askForSide(this.at, this.object, layout.READER, this.reader.owner())
      return "wait"
    }
    this.#publishTaken()
    if (load(this.#words, this.object + layout.CLOSED_STATE) !== layout.CLOSED) return "wait"
    // What was sent before the end is visible now: look once more.
    return this.reader.ready ? this.take() : "closed"
  }

  #taken(visible: boolean): void {
    if (visible) this.wakeSender()
    else if (!this.#flushing) this.#flushLater()
  }

  #publishTaken(): void {
    if (this.reader.publish()) this.wakeSender()
  }

  #byteOf(position: number): number {
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

  /** Values inside, as far as they are visible. */
  get depth(): number {
    return depthOf(this.#words, this.object + layout.WRITER, this.object + layout.READER)
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

/** Slots are a power of two, so that a position finds its slot by a mask. */
function slotCount(capacity: number): number {
  return capacity <= 1 ? 1 : 2 ** (32 - Math.clz32(capacity - 1))
}

const holdings = new Holdings<ChannelCore, Remains>((object, remains, last) => {
  const at = here()
  remains.receivers?.dispose()
  remains.senders?.dispose()
  if (!last) return
  abandon(at.words, object + layout.WRITER, at.me)
  abandon(at.words, object + layout.READER, at.me)
  wakeAll(at.words, object + layout.RECEIVERS, at.me)
  wakeAll(at.words, object + layout.WAITING_SENDERS, at.me)
})

/** Makes a channel. */
export function createChannel(
  capacity: number,
  meta: Meta,
  schema: Schema<unknown> | undefined,
): ChannelCore {
  const at = here()
  const bytes = layout.SLOTS * 4 + slotCount(capacity) * slotBytesOf(schema)
  const tag = cells().prepare(meta, "channel")
  const payload = cells().payload
  const object = acquireObject(at, bytes, layout.SLOTS * 4)
  write(at.words, object + layout.CAPACITY, Math.min(capacity, CHANNEL_CAPACITY_MAX))
  cells().payload = payload
  cells().put(object + layout.META, tag, meta)
  create(at.words, object, KIND.CHANNEL, at.me)
  const core = new ChannelCore(at, object)
  holdings.add(object, core, core.remains)
  return core
}

/** The channel a message refers to; its reference becomes this isolate's. */
export function reviveChannel(object: number): ChannelCore {
  const at = here()
  return holdings.revive(at, object, () => {
    const core = new ChannelCore(at, object)
    return [core, core.remains]
  })
}

/** The channel's local core, if there is one. */
export function localChannel(object: number): ChannelCore | undefined {
  return holdings.get(object)
}

onDestroy(KIND.CHANNEL, (at, object) => {
  const schema = (cells().look(object + layout.META) as Meta).of
  const slots = slotsFor(at, schema === undefined ? undefined : schemaFrom(schema))
  dropValues(at.words, object, slots)
  cells().drop(object + layout.META)
  cells().drop(object + layout.CLOSE_FAILURE)
})

/** Drops the values that nobody will receive; the ring has no users any more. */
function dropValues(words: Words, object: number, slots: Slots): void {
  const mask = slotCount(read(words, object + layout.CAPACITY)) - 1
  const [from, count] = contents(words, object + layout.WRITER, object + layout.READER)
  for (let i = 0; i < count; i++) {
    slots.drop((object + layout.SLOTS) * 4 + ((from + i) & mask) * slots.slotBytes)
  }
}

onAsk((object, place) => {
  const core = holdings.get(object)
  if (core === undefined) return
  if (place === layout.WRITER) core.writer.yield()
  else core.reader.yield()
})
