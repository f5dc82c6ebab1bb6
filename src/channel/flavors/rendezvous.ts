/** Channels without slots: a value goes from hand to hand, when both are there. */
import { write } from "#platform/atomics"
import { cells } from "../../internal/loop/cell.ts"
import type { Here } from "../../internal/loop/here.ts"
import { Line, type Operation } from "../../internal/loop/line.ts"
import { sheltered } from "../../internal/memory/guard.ts"
import * as shared from "../../internal/queue/meeting.ts"
import { countWaiting, isWaiting, wakeAll, wakeOne } from "../../internal/queue/wait-queue.ts"
import { schemaFrom } from "../../internal/wire/struct.ts"
import { Arrivals } from "../arrivals.ts"
import { type Counts, type Flavor, type Outcome, offerOneByOne, PlainSource } from "../flavor.ts"
import * as layout from "../layout.ts"
import { type Meta, metaOf } from "../remains.ts"
import type { Slots } from "../slots/types.ts"
import { slotsFor } from "../slots.ts"
import { MeetingWaits } from "./meeting-waits.ts"

/** What is left of a core when it is collected. */
class Remains {
  readonly slots: Slots
  readonly arrivals: Arrivals
  /** Receives that wait for a value which is on its way. */
  readonly later = new Map<Operation, () => void>()
  /** Sends that wait to move something: it leaves its sender only into the hands of a receiver. */
  movers: Line | undefined

  constructor(slots: Slots) {
    this.slots = slots
    this.arrivals = new Arrivals(slots, this)
  }

  /** Something arrived that receivers here wait for. */
  serve(): void {
    const waiting = [...this.later.values()]
    this.later.clear()
    for (const again of waiting) again()
  }

  dispose(): void {
    this.arrivals.drop()
    this.movers?.dispose()
    this.slots.dispose()
  }
}

/** A channel without slots, here. */
export class RendezvousCore extends PlainSource implements Flavor {
  readonly at: Here
  readonly object: number
  readonly meta: Meta
  readonly capacity = 0
  readonly slots: Slots
  readonly remains: Remains
  readonly senders: MeetingWaits
  readonly receivers: MeetingWaits
  facade: object | undefined
  readonly #place: number
  /** How the operation that is being settled has ended. */
  #settled: Outcome | "failed" = "wait"

  constructor(at: Here, object: number) {
    super()
    this.at = at
    this.object = object
    this.#place = object + layout.PLACE
    this.meta = metaOf(object)
    const { of } = this.meta
    this.slots = slotsFor(at, of === undefined ? undefined : schemaFrom(of))
    this.remains = new Remains(this.slots)
    this.senders = new MeetingWaits(this, shared.OFFER)
    this.receivers = new MeetingWaits(this, shared.REQUEST)
  }

  /** What is handed over hand to hand is never held back. */
  publish(): void {}

  /** Hands the value to a receiver that waits. */
  offer(value: unknown): Outcome {
    if (this.#settled !== "wait") return this.#ended(this.#settled)
    if (this.isClosed) return "closed"
    const { slots, at } = this
    slots.stage(value)
    const met = shared.meet(at.words, this.#place, shared.OFFER, at.me, 0, (peer) =>
      slots.put((peer + shared.STAKE_WORDS) * 4),
    )
    if (met === "met") return "ok"
    slots.unstage()
    return met === "closed" ? "closed" : "wait"
  }

  /** Whether sending this value takes something from its sender. @throws when it cannot be sent */
  moves(value: unknown): boolean {
    this.slots.stage(value)
    const { moves } = this.slots
    this.slots.unstage()
    return moves
  }

  /** Sends that move something wait here until somebody requests a value. */
  get movers(): Line {
    const { at, object, remains } = this
    remains.movers ??= new Line(at, object + layout.WAITING_SENDERS, () =>
      shared.someWait(at.words, object + layout.PLACE, shared.REQUEST),
    )
    return remains.movers
  }

  /** Somebody requests a value now. */
  wakeMover(): void {
    const queue = this.object + layout.WAITING_SENDERS
    if (isWaiting(this.at.words, queue)) wakeOne(this.at.words, queue, this.at.me)
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    return offerOneByOne(this, values, from)
  }

  /** Takes the value of a sender that waits. */
  take(): Outcome {
    const { at } = this
    if (this.#settled !== "wait") return this.#ended(this.#settled)
    return sheltered(at.words, at.me, () => this.#takeIn())
  }

  #takeIn(): Outcome {
    const { slots, at, remains } = this
    if (remains.arrivals.some) return remains.arrivals.lift() ? this.#make() : "wait"
    const met = shared.meet(at.words, this.#place, shared.REQUEST, at.me, 0, (peer) =>
      slots.lift((peer + shared.STAKE_WORDS) * 4),
    )
    if (met !== "met") return met === "closed" ? "closed" : "wait"
    if (!slots.pending) return this.#make()
    remains.arrivals.await()
    return "wait"
  }

  #make(): Outcome {
    this.value = this.slots.make()
    return "ok"
  }

  override takeMany(max: number): Outcome {
    if (this.#settled !== "ok") return super.takeMany(max)
    this.value = [this.value]
    return "ok"
  }

  get isArriving(): boolean {
    return this.remains.arrivals.some
  }

  done(_message: unknown): boolean {
    return false
  }

  #ended(how: Outcome | "failed"): Outcome {
    if (how === "failed") throw this.value
    return how
  }

  /**
   * Lets an operation see how it ended. `slot` is the byte where its value lies, 0 when it has
   * none; it is empty afterwards.
   */
  settle(operation: Operation, outcome: "ok" | "closed", slot: number): void {
    if (slot === 0 || outcome === "closed") {
      this.#end(operation, outcome)
      return
    }
    this.slots.lift(slot)
    write(this.at.words, slot >> 2, 0)
    try {
      if (this.slots.pending) {
        this.remains.arrivals.await()
        this.receivers.waitForArrival(operation)
        return
      }
      this.#make()
    } catch (error) {
      this.fail(operation, error)
      return
    }
    this.#end(operation, outcome)
  }

  /** Lets an operation fail. */
  fail(operation: Operation, error: unknown): void {
    this.value = error
    this.#end(operation, "failed")
  }

  #end(operation: Operation, how: Outcome | "failed"): void {
    this.#settled = how
    operation.attempt()
    this.#settled = "wait"
  }

  close(failure: unknown): boolean {
    const { object, at } = this
    if (this.isClosed) return false
    const tag = cells().prepare(failure, "error")
    const payload = cells().payload
    const first = shared.closePlace(at.words, this.#place, at.me, () => {
      cells().payload = payload
      cells().put(object + layout.CLOSE_FAILURE, tag, failure)
    })
    if (!first) cells().unprepare(tag)
    wakeAll(at.words, object + layout.WAITING_SENDERS, at.me)
    return first
  }

  get isClosed(): boolean {
    return shared.isPlaceClosed(this.at.words, this.#place)
  }

  get closeFailure(): unknown {
    return cells().look(this.object + layout.CLOSE_FAILURE)
  }

  count(): Counts {
    const { words, me } = this.at
    const met = shared.metAt(words, this.#place)
    return {
      depth: 0,
      sent: met,
      received: met,
      waitingSenders:
        shared.countStakes(words, this.#place, shared.OFFER, me) +
        countWaiting(words, this.object + layout.WAITING_SENDERS, me),
      waitingReceivers: shared.countStakes(words, this.#place, shared.REQUEST, me),
    }
  }
}
