/** The queue behind a channel of an explored program, and what is done to it or waits for it. */
import type { Waits } from "../../channel/flavor.ts"
import type { Operation } from "../../internal/loop/line.ts"
import { type Footprint, ORDERED } from "../operation.ts"
import { Claims } from "./claims.ts"
import { type Deed, type Label, labelOf, type Missed } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"
import type { Parcel } from "./values.ts"

/** Slots that have places of their own: more values are ordered more than they need be. */
const SLOT_PLACES = 8

/** What every holder of a channel knows of it. */
export interface Meta {
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
  /** The last try to send hand to hand that found nobody, while none has found somebody since. */
  missed: Missed | undefined
  closed = false
  closeFailure: unknown
  sent = 0
  received = 0
  /** All its sending ends, where there are handles of them. */
  ends: unknown

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
    const stuck = this.receivers.filter((deed) => !deed.ready())
    this.claims.bury(player)
    this.theatre.touched(this.head, true)
    for (const deed of stuck) this.theatre.enables(deed)
  }

  /** Orders the n-th value's sending and receiving. */
  order(nth: number): void {
    const slots = Math.min(SLOT_PLACES, Math.max(1, this.capacity))
    const place = this.#slots + (nth % slots)
    this.theatre.touched(place, true, ORDERED)
    this.theatre.meetAt(place, true, true)
  }
}

/** Something done to a channel at once. */
export class Now implements Deed {
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

/** What came of meeting somebody from the other side. */
export interface Met {
  readonly parcel?: Parcel
  /** The value cannot be sent. */
  readonly refused?: { readonly error: unknown }
}

/** Whether a waiting deed is not being done already. */
export function isFree({ isBusy, met }: Waiting): boolean {
  return !isBusy && met === undefined
}

/** A deed that waits in a channel. */
export class Waiting implements Deed {
  readonly label: Label
  readonly covers = true
  /** It is being done: nobody can meet it. */
  isBusy = false
  /** Somebody from the other side has met it: what a receiver is given, or why a sender fails. */
  met: Met | undefined
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
    if (closed || this.met !== undefined) return true
    if (capacity === 0 && !this.#sends && parcels.length > 0) return true
    if (capacity === 0) return (this.#sends ? receivers : senders).some(isFree)
    return this.#sends ? parcels.length < capacity : this.#queue.isFilled
  }

  attempt(): boolean {
    this.isBusy = true
    try {
      return this.operation.attempt()
    } finally {
      this.isBusy = false
    }
  }

  touch(into: Footprint): void {
    this.#queue.touch(this.#sends, this.#queue.closed, into)
  }

  watch(into: Footprint): void {
    this.#queue.touch(this.#sends, true, into)
  }

  /** Others see that somebody waits no more only where they meet those who wait. */
  leave(into: Footprint): void {
    const { capacity, tail, head } = this.#queue
    into.add(tail, capacity === 0)
    into.add(head, capacity === 0)
  }

  missed(): Missed | undefined {
    return this.#sends ? undefined : this.#queue.missed
  }

  replaces(before: Deed): void {
    const list = this.#list
    this.met = (before as Waiting).met
    const at = list.indexOf(before as Waiting)
    if (at >= 0) list[at] = this
  }

  gone(): void {
    this.#among?.delete(this.operation)
    const list = this.#list
    const at = list.indexOf(this)
    if (at >= 0) list.splice(at, 1)
    // It was left before it could have what it was given: the next one has it.
    if (this.met?.parcel !== undefined) this.#queue.parcels.push(this.met.parcel)
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
export class Side implements Waits {
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

/** A look at a channel: it depends on all that changes it. */
export class Look extends Now {
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
