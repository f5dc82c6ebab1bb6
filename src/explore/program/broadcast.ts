/** Broadcasts of an explored program: the room's own handles over a list in this heap. */

import {
  NO_WAITING,
  type Outcome,
  offerOneByOne,
  PlainSource,
  type Sink,
  type Waits,
} from "../../channel/flavor.ts"
import type { BroadcastCore, SubscriptionCore } from "../../channel/flavors/broadcast-core.ts"
import type { Operation } from "../../internal/loop/line.ts"
import type { Footprint } from "../operation.ts"
import { type Deed, type Label, labelOf, type Missed } from "./entry.ts"
import type { Theatre } from "./theatre.ts"
import { type Parcel, pack, unpack } from "./values.ts"

/** Something done to a broadcast, or waited for. */
class Act implements Deed {
  readonly label: Label
  looks: boolean
  readonly covers: boolean
  readonly #place: number
  readonly #ready: () => boolean
  readonly #attempt: () => boolean

  constructor(
    act: {
      readonly object: string
      readonly operation: string
      readonly place: number
      readonly looks?: boolean
    },
    ready?: () => boolean,
    attempt?: () => boolean,
  ) {
    this.label = labelOf(act.object, act.operation)
    this.looks = act.looks === true
    this.covers = attempt !== undefined
    this.#place = act.place
    this.#ready = ready ?? (() => true)
    this.#attempt = attempt ?? (() => true)
  }

  ready(): boolean {
    return this.#ready()
  }

  attempt(): boolean {
    return this.#attempt()
  }

  touch(into: Footprint): void {
    into.add(this.#place, !this.looks)
  }

  watch(into: Footprint): void {
    into.add(this.#place, false)
  }
}

/** Waiting for the next value. */
class Hearing extends Act {
  readonly #position: Position

  constructor(position: Position, ...how: ConstructorParameters<typeof Act>) {
    super(...how)
    this.#position = position
  }

  missed(): Missed | undefined {
    return this.#position.late
  }
}

/** One broadcast, for all who use it. */
export class StagedBroadcast implements Sink {
  readonly theatre: Theatre
  readonly object: number
  readonly capacity: number
  readonly meta: { readonly name: string }
  readonly senders = NO_WAITING
  readonly place: number
  readonly title: string
  readonly values: Parcel[] = []
  /** The number of the first value that is kept. */
  first = 0
  /** The last value that was sent, for those who subscribe after it. */
  last: Missed | undefined
  closed = false
  failure: unknown

  constructor(theatre: Theatre, object: number, nth: number, capacity: number, name: string) {
    this.theatre = theatre
    this.object = object
    this.capacity = capacity
    this.meta = { name }
    this.place = theatre.newPlace()
    this.title = `broadcast ${name === "" ? nth : name}`
  }

  offer(value: unknown): Outcome {
    const { theatre, title, place } = this
    const deed = new Act({ object: title, operation: "send", place })
    return theatre.choose(deed, () => {
      if (this.closed) return "closed"
      theatre.meetAt(place, true, true)
      this.values.push(pack(value, "value"))
      if (this.values.length > this.capacity) {
        this.values.shift()
        this.first++
      }
      this.last = theatre.missing(title, "send", "comes before the subscription")
      theatre.row(title, "send", value, undefined)
      return "ok"
    })
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    return offerOneByOne(this, values, from)
  }

  close(failure: unknown): boolean {
    const { theatre, title, place } = this
    return theatre.choose(new Act({ object: title, operation: "close", place }), () => {
      const first = !this.closed
      this.closed = true
      if (first) this.failure = failure
      theatre.row(title, "close", undefined, first)
      return first
    })
  }

  get isClosed(): boolean {
    const { theatre, title, place } = this
    const deed = new Act({ object: title, operation: "closed", place, looks: true })
    return theatre.choose(deed, () => this.closed)
  }

  get closeFailure(): unknown {
    return this.theatre.operate("close failure", () => this.failure)
  }

  /** As the room knows it. */
  core(): BroadcastCore {
    return this as unknown as BroadcastCore
  }
}

/** Where one subscription stands. */
export interface Position {
  readonly object: number
  readonly broadcast: StagedBroadcast
  next: number
  /** What was sent last before it began, while nothing was received here. */
  late: Missed | undefined
}

/** One subscription as one simulated isolate uses it. */
export class StagedSubscription extends PlainSource {
  readonly position: Position
  missed = 0
  isEnded = false
  readonly isArriving = false
  readonly receivers: Waits

  constructor(position: Position) {
    super()
    this.position = position
    this.receivers = new SubscriptionWaits(position)
  }

  get object(): number {
    return this.position.object
  }

  get meta(): { readonly name: string } {
    return this.position.broadcast.meta
  }

  get isClosed(): boolean {
    return this.position.broadcast.isClosed
  }

  get closeFailure(): unknown {
    return this.position.broadcast.closeFailure
  }

  take(): Outcome {
    if (this.isEnded) return "closed"
    const { position } = this
    const { theatre, title, place } = position.broadcast
    const deed = new Act({ object: title, operation: "receive", place })
    const taken = theatre.choose(deed, () => {
      const found = next(position)
      deed.looks = typeof found === "string"
      theatre.meetAt(place, true, false)
      if (theatre.traced) {
        const shown = typeof found === "string" ? found : unpack(found.parcel)
        theatre.row(title, "receive", undefined, shown)
      }
      return found
    })
    if (typeof taken === "string") return taken
    this.missed = taken.missed
    this.value = unpack(taken.parcel)
    return "ok"
  }

  /** As the room knows it. */
  core(): SubscriptionCore {
    return this as unknown as SubscriptionCore
  }
}

function next(position: Position): { parcel: Parcel; missed: number } | "wait" | "closed" {
  const { broadcast } = position
  const missed = Math.max(0, broadcast.first - position.next)
  const at = position.next + missed
  const parcel = broadcast.values[at - broadcast.first]
  if (parcel === undefined) return broadcast.closed ? "closed" : "wait"
  position.next = at + 1
  position.late = undefined
  return { parcel, missed }
}

class SubscriptionWaits implements Waits {
  /** Nothing is tried at once: when it is tried is what is explored. */
  readonly length = 1
  readonly #position: Position
  readonly #waiting = new WeakMap<Operation, Deed>()

  constructor(position: Position) {
    this.#position = position
  }

  #deed(operation: Operation): Deed {
    const { broadcast } = this.#position
    const { title, place } = broadcast
    return new Hearing(
      this.#position,
      { object: title, operation: "receive", place },
      () => broadcast.closed || this.#position.next < broadcast.first + broadcast.values.length,
      () => operation.attempt(),
    )
  }

  wait(operation: Operation): void {
    const deed = this.#deed(operation)
    this.#waiting.set(operation, deed)
    this.#position.broadcast.theatre.enter(deed)
  }

  giveUp(operation: Operation): boolean {
    const deed = this.#waiting.get(operation)
    return deed !== undefined && this.#position.broadcast.theatre.withdraw(deed)
  }

  block(operation: Operation, timeoutMs: number): boolean {
    return this.#position.broadcast.theatre.block(this.#deed(operation), timeoutMs)
  }

  /** Its handle was closed: those who wait hear it. */
  serve(): void {}
}
