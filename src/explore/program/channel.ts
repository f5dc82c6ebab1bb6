/**
 * Channels of an explored program: the room's own handles over a queue in this heap.
 *
 * What waits is done only when it can be. A send depends on other sends, a receive on other
 * receives; a receive comes after the send of its value, and a send after the receive that made its
 * room, but there is nothing to try the other way round. What looks without waiting depends on
 * both.
 */
import type { Counts, Flavor, Outcome, Source, Waits } from "../../channel/flavor.ts"
import type { Operation } from "../../internal/loop/line.ts"
import { type Footprint, ORDERED } from "../operation.ts"
import { Claims } from "./claims.ts"
import { type Deed, type Label, labelOf } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"
import { type Parcel, pack, unpack } from "./values.ts"

/** Slots that have places of their own: more values are ordered more than they need be. */
const SLOT_PLACES = 8

/** What every holder of a channel knows of it. */
interface Meta {
  readonly name: string
  readonly whenReceiverDies: "drop" | "redeliver"
}

/** One channel, for all who use it. */
export class Queue {
  readonly theatre: Theatre
  readonly object: number
  readonly capacity: number
  readonly meta: Meta
  readonly title: string
  readonly parcels: Parcel[] = []
  /** Place of those who send, and of those who receive. */
  readonly tail: number
  readonly head: number
  readonly #slots: number
  readonly sends: Label
  readonly receives: Label
  /** Waiting deeds, in order of arrival. */
  readonly senders: Waiting[] = []
  readonly receivers: Waiting[] = []
  /** What is received and not acknowledged, where that returns when its receiver dies. */
  readonly claims: Claims | undefined
  closed = false
  closeFailure: unknown
  sent = 0
  received = 0
  /** All its sending ends, where there are handles of them. */
  ends: unknown
  /** The sender that is tried next has been met. */
  granted: Waiting | undefined

  constructor(theatre: Theatre, object: number, capacity: number, meta: Meta) {
    this.theatre = theatre
    this.object = object
    this.capacity = capacity
    this.meta = meta
    this.title = `channel ${meta.name === "" ? object : meta.name}`
    this.sends = labelOf(this.title, "send")
    this.receives = labelOf(this.title, "receive")
    if (meta.whenReceiverDies === "redeliver") this.claims = new Claims()
    this.tail = theatre.newPlace()
    this.head = theatre.newPlace()
    this.#slots = theatre.newPlace(SLOT_PLACES)
  }

  /** What is done with it. */
  label(operation: string): Label {
    if (operation === "send") return this.sends
    return operation === "receive" ? this.receives : labelOf(this.title, operation)
  }

  /** What one side's operations depend on; both, where looking is enough to depend. */
  touch(sends: boolean, looks: boolean, into: Footprint): void {
    const both = looks || this.capacity === 0
    if (sends || both) into.add(this.tail, sends || this.capacity === 0)
    if (!sends || both) into.add(this.head, !sends || this.capacity === 0)
  }

  /** Whether there is something to receive. */
  get isFilled(): boolean {
    return this.parcels.length > 0 || (this.claims?.returned.length ?? 0) > 0
  }

  /** A task has died: what it had received returns. */
  bury(player: Player): void {
    if (this.claims?.has(player) !== true) return
    this.claims.bury(player)
    this.theatre.touched(this.head, true)
    for (const deed of this.receivers) this.theatre.enables(deed)
  }

  /** Orders the n-th value's sending and receiving. */
  order(nth: number): void {
    const slots = Math.min(SLOT_PLACES, Math.max(1, this.capacity))
    const place = this.#slots + (nth % slots)
    this.theatre.touched(place, true, ORDERED)
    this.theatre.order(place, true, true)
  }
}

/** Something done to a channel at once. */
class Now implements Deed {
  readonly label: Label
  looks = false
  readonly #queue: Queue
  readonly #sends: boolean
  readonly #both: boolean

  constructor(queue: Queue, operation: string, sends: boolean, both = false) {
    this.label = queue.label(operation)
    this.#queue = queue
    this.#sends = sends
    this.#both = both
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    this.#queue.touch(this.#sends, true, into)
    if (this.#both) this.#queue.touch(!this.#sends, true, into)
  }
}

/** A deed that waits in a channel. */
export class Waiting implements Deed {
  readonly label: Label
  readonly covers = true
  readonly operation: Operation
  readonly value: unknown
  readonly player: Player
  readonly #queue: Queue
  readonly #sends: boolean

  readonly #among: Map<Operation, Waiting> | undefined

  constructor(
    queue: Queue,
    sends: boolean,
    operation: Operation,
    value: unknown,
    among?: Map<Operation, Waiting>,
  ) {
    this.#among = among
    this.#queue = queue
    this.#sends = sends
    this.operation = operation
    this.value = value
    this.player = queue.theatre.player
    this.label = sends ? queue.sends : queue.receives
  }

  get #list(): Waiting[] {
    return this.#sends ? this.#queue.senders : this.#queue.receivers
  }

  ready(): boolean {
    const { parcels, capacity, closed, senders, receivers } = this.#queue
    // Those of one isolate have their turn in order.
    const first = this.#list.find(({ player }) => player === this.player)
    if (first !== this && this.#list.includes(this)) return false
    if (closed || this.#queue.granted === this) return true
    if (capacity === 0 && !this.#sends && parcels.length > 0) return true
    if (capacity === 0) return (this.#sends ? receivers : senders).length > 0
    return this.#sends ? parcels.length < capacity : this.#queue.isFilled
  }

  attempt(): boolean {
    return this.operation.attempt()
  }

  touch(into: Footprint): void {
    this.#queue.touch(this.#sends, this.#queue.closed, into)
  }

  watch(into: Footprint): void {
    this.#queue.touch(this.#sends, true, into)
  }

  replaces(before: Deed): void {
    const list = this.#list
    const at = list.indexOf(before as Waiting)
    if (at >= 0) list[at] = this
  }

  gone(): void {
    this.#among?.delete(this.operation)
    const list = this.#list
    const at = list.indexOf(this)
    if (at >= 0) list.splice(at, 1)
  }

  /** Stands in line. */
  stand(): void {
    if (this.#list.includes(this)) return
    this.#list.push(this)
    // Those who only meet others who wait see that somebody does.
    const { capacity, theatre, tail, head } = this.#queue
    if (capacity > 0) return
    theatre.touched(tail, true)
    theatre.touched(head, true)
  }
}

/** One side's waiting deeds, as the room's operations see it. */
class Side implements Waits {
  readonly #queue: Queue
  readonly #sends: boolean
  readonly #waiting = new Map<Operation, Waiting>()

  constructor(queue: Queue, sends: boolean) {
    this.#queue = queue
    this.#sends = sends
  }

  /** Nothing is tried at once: when it is tried is what is explored. */
  get length(): number {
    return 1
  }

  wait(operation: Operation, value?: unknown): void {
    // Where others only meet those who wait, whether somebody does yet is seen: a step of its own.
    const { capacity, theatre, title } = this.#queue
    if (capacity === 0) {
      const name = this.#sends ? "send" : "receive"
      const line = new Now(this.#queue, name, this.#sends)
      theatre.choose(line, () => theatre.row(title, name, value, "waits"))
    }
    const deed = new Waiting(this.#queue, this.#sends, operation, value, this.#waiting)
    this.#waiting.set(operation, deed)
    if (theatre.enter(deed)) deed.stand()
  }

  giveUp(operation: Operation): boolean {
    const deed = this.#waiting.get(operation)
    return deed !== undefined && this.#queue.theatre.withdraw(deed)
  }

  block(operation: Operation, timeoutMs: number, value?: unknown): boolean {
    const deed = new Waiting(this.#queue, this.#sends, operation, value)
    return this.#queue.theatre.block(deed, timeoutMs)
  }
}

function isLook(outcome: Outcome): boolean {
  return outcome !== "ok"
}

type Taken =
  | { readonly outcome: "ok"; readonly parcel: Parcel; readonly claim?: number }
  | { readonly outcome: Outcome }

/** A channel as one simulated isolate uses it. */
export class StagedChannel implements Flavor {
  readonly queue: Queue
  readonly senders: Waits
  readonly receivers: Waits
  readonly isArriving = false
  value: unknown
  /** What is claimed here, as it was received. */
  readonly #claimed: Map<number, unknown>
  readonly #scope: number

  constructor(queue: Queue, claimed = new Map<number, unknown>(), scope = 0) {
    this.queue = queue
    this.#claimed = claimed
    this.#scope = scope
    this.senders = new Side(queue, true)
    this.receivers = new Side(queue, false)
  }

  get object(): number {
    return this.queue.object
  }

  get meta(): Meta {
    return this.queue.meta
  }

  get capacity(): number {
    return this.queue.capacity
  }

  get isClosed(): boolean {
    const { queue } = this
    return queue.theatre.choose(new Look(queue, "closed"), () => queue.closed)
  }

  get closeFailure(): unknown {
    return this.queue.theatre.operate("close failure", () => this.queue.closeFailure)
  }

  offer(value: unknown): Outcome {
    const { queue } = this
    const { theatre } = queue
    if (theatre.isCovered) {
      return theatre.perform(queue.sends.name, isLook, () => this.#offer(value))
    }
    const deed = new Now(queue, "send", true)
    return theatre.choose(deed, () => {
      const outcome = this.#offer(value)
      deed.looks = isLook(outcome)
      return outcome
    })
  }

  #offer(value: unknown): Outcome {
    const outcome = this.#put(value)
    const { theatre, title } = this.queue
    if (theatre.traced) theatre.row(title, "send", value, outcome)
    return outcome
  }

  #put(value: unknown): Outcome {
    const { queue } = this
    const { capacity, parcels } = queue
    if (queue.granted !== undefined && queue.granted === queue.theatre.trying) {
      queue.granted = undefined
      return "ok"
    }
    if (queue.closed) return "closed"
    const receiver = queue.receivers[0]
    if (capacity === 0 ? receiver === undefined : parcels.length >= capacity) return "wait"
    parcels.push(pack(value, "value"))
    queue.order(queue.sent++)
    if (capacity === 0) queue.theatre.meet(receiver as Waiting)
    return "ok"
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    let next = from
    while (next < values.length && this.offer(values[next]) === "ok") next++
    return next - from
  }

  take(): Outcome {
    return this.#receive(true)
  }

  #receive(acknowledges: boolean): Outcome {
    const taken = this.#taken(acknowledges)
    if ("parcel" in taken) {
      this.value = unpack(taken.parcel)
      if (taken.claim !== undefined) this.#claimed.set(taken.claim, this.value)
    }
    return taken.outcome
  }

  #taken(acknowledges: boolean): Taken {
    const { queue } = this
    const { theatre } = queue
    const looks = ({ outcome }: Taken): boolean => outcome !== "ok"
    if (theatre.isCovered) {
      return theatre.perform(queue.receives.name, looks, () => this.#take(acknowledges))
    }
    const deed = new Now(queue, "receive", false)
    return theatre.choose(deed, () => {
      const found = this.#take(acknowledges)
      deed.looks = looks(found)
      return found
    })
  }

  #take(acknowledges: boolean): Taken {
    const { queue } = this
    const { theatre, title, claims } = queue
    if (acknowledges) claims?.acknowledge(theatre.player, this.#scope)
    const returned = claims?.returned.shift()
    const parcel = returned?.parcel ?? queue.parcels.shift() ?? this.#meetSender()
    if (parcel === undefined) {
      const outcome = queue.closed ? "closed" : "wait"
      if (queue.closed) theatre.order(queue.tail, true, false)
      theatre.row(title, "receive", undefined, outcome)
      return { outcome }
    }
    const nth = returned?.nth ?? queue.received++
    queue.order(nth)
    if (theatre.traced) theatre.row(title, "receive", undefined, unpack(parcel))
    if (claims === undefined) return { outcome: "ok", parcel }
    const claim = claims.open(theatre.player, this.#scope, nth, parcel).id
    return { outcome: "ok", parcel, claim }
  }

  #meetSender(): Parcel | undefined {
    const { queue } = this
    const sender = queue.senders[0]
    if (queue.capacity > 0 || sender === undefined) return undefined
    const parcel = pack(sender.value, "value")
    queue.order(queue.sent++)
    queue.granted = sender
    queue.theatre.meet(sender)
    return parcel
  }

  takeAgain(): Outcome {
    return this.#receive(false)
  }

  takeMany(max: number): Outcome {
    return this.#receiveMany(max, true)
  }

  takeManyAgain(max: number): Outcome {
    return this.#receiveMany(max, false)
  }

  #receiveMany(max: number, acknowledges: boolean): Outcome {
    const first = this.#receive(acknowledges)
    if (first !== "ok") return first
    const values = [this.value]
    while (values.length < max && this.#receive(false) === "ok") values.push(this.value)
    this.value = values
    return "ok"
  }

  /** A step: who dies before it has not acknowledged. */
  acknowledge(): void {
    const { claims, theatre, title } = this.queue
    if (claims === undefined) return
    theatre.choose(new Now(this.queue, "acknowledge", false), () => {
      claims.acknowledge(theatre.player, this.#scope)
      theatre.row(title, "acknowledge", undefined, undefined)
    })
  }

  fork(): Source {
    const { claims, theatre } = this.queue
    if (claims === undefined) return new StagedChannel(this.queue)
    const scope = theatre.operate("receiver", () => claims.newScope())
    return new StagedChannel(this.queue, this.#claimed, scope)
  }

  close(failure: unknown): boolean {
    const { queue } = this
    return queue.theatre.choose(new Now(queue, "close", true, true), () => this.end(failure))
  }

  /** Closes it as part of something else. */
  end(failure: unknown): boolean {
    const { queue } = this
    const first = !queue.closed
    queue.closed = true
    queue.theatre.order(queue.tail, false, true)
    if (first) queue.closeFailure = failure
    queue.theatre.row(queue.title, "close", undefined, first)
    for (const deed of [...queue.senders, ...queue.receivers]) queue.theatre.enables(deed)
    return first
  }

  flush(): void {}

  done(message: unknown): boolean {
    const { claims, theatre, title } = this.queue
    for (const [claim, value] of this.#claimed) {
      if (claims === undefined || !Object.is(value, message)) continue
      this.#claimed.delete(claim)
      return theatre.choose(new Now(this.queue, "done", false), () => {
        theatre.row(title, "done", message, undefined)
        return claims.done(claim)
      })
    }
    return false
  }

  count(): Counts {
    const { queue } = this
    return queue.theatre.choose(new Look(queue, "statistics"), () => {
      const depth = queue.parcels.length
      queue.theatre.row(queue.title, "statistics", undefined, `depth ${depth}`)
      return {
        depth,
        sent: queue.sent,
        received: queue.received,
        waitingSenders: queue.senders.length,
        waitingReceivers: queue.receivers.length,
      }
    })
  }
}

/** A look at a channel: it depends on all that changes it. */
class Look extends Now {
  readonly #looked: Queue

  constructor(queue: Queue, operation: string) {
    super(queue, operation, true)
    this.#looked = queue
  }

  override touch(into: Footprint): void {
    this.looks = true
    into.add(this.#looked.tail, false)
    into.add(this.#looked.head, false)
  }
}
