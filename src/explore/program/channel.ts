/** Channels of an explored program: the room's own handles over a queue in this heap. */
import type { Flavor, Outcome, Source, Waits } from "../../channel/flavor.ts"
import type { Operation } from "../../internal/loop/line.ts"
import type { Footprint } from "../operation.ts"
import type { Deed } from "./entry.ts"
import type { Theatre } from "./theatre.ts"
import { type Parcel, pack, unpack } from "./values.ts"

/** One channel, for all who use it. */
export class Queue {
  readonly theatre: Theatre
  readonly object: number
  readonly capacity: number
  readonly meta: { readonly name: string; readonly whenReceiverDies: "drop" | "redeliver" }
  readonly parcels: Parcel[] = []
  readonly place: number
  /** Waiting deeds, in order of arrival; only a rendezvous looks at them. */
  readonly senders: Waiting[] = []
  readonly receivers: Waiting[] = []
  closed = false
  closeFailure: unknown
  sent = 0
  received = 0
  /** The sender that is tried next has been met. */
  granted = false

  constructor(theatre: Theatre, object: number, capacity: number, meta: Queue["meta"]) {
    this.theatre = theatre
    this.object = object
    this.capacity = capacity
    this.meta = meta
    this.place = theatre.newPlace()
  }

  get title(): string {
    return this.meta.name === "" ? `channel ${this.object}` : `channel ${this.meta.name}`
  }
}

/** A deed that waits in a channel. */
export class Waiting implements Deed {
  readonly label
  readonly operation: Operation
  readonly value: unknown
  readonly #queue: Queue
  readonly #sends: boolean

  constructor(queue: Queue, sends: boolean, operation: Operation, value: unknown) {
    this.#queue = queue
    this.#sends = sends
    this.operation = operation
    this.value = value
    this.label = { object: queue.title, operation: sends ? "send" : "receive" }
  }

  ready(): boolean {
    const { parcels, capacity, closed, senders, receivers } = this.#queue
    if (closed) return true
    if (capacity === 0) return (this.#sends ? receivers : senders).length > 0
    return this.#sends ? parcels.length < capacity : parcels.length > 0
  }

  attempt(): boolean {
    const { senders, receivers } = this.#queue
    const list = this.#sends ? senders : receivers
    const at = list.indexOf(this)
    if (at >= 0) list.splice(at, 1)
    const done = this.operation.attempt()
    if (!done) list.push(this)
    return done
  }

  touch(into: Footprint): void {
    into.add(this.#queue.place, true)
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
    const { theatre, senders, receivers } = this.#queue
    const deed = new Waiting(this.#queue, this.#sends, operation, value)
    this.#waiting.set(operation, deed)
    ;(this.#sends ? senders : receivers).push(deed)
    theatre.enter(deed)
  }

  giveUp(operation: Operation): boolean {
    const deed = this.#waiting.get(operation)
    if (deed === undefined) return false
    const { theatre, senders, receivers } = this.#queue
    const list = this.#sends ? senders : receivers
    const at = list.indexOf(deed)
    if (at >= 0) list.splice(at, 1)
    return theatre.withdraw(deed)
  }

  block(operation: Operation, timeoutMs: number, value?: unknown): boolean {
    return this.#queue.theatre.block(
      new Waiting(this.#queue, this.#sends, operation, value),
      timeoutMs,
    )
  }
}

/** A channel as one simulated isolate uses it. */
export class StagedChannel implements Flavor {
  readonly queue: Queue
  readonly senders: Waits
  readonly receivers: Waits
  value: unknown

  constructor(queue: Queue) {
    this.queue = queue
    this.senders = new Side(queue, true)
    this.receivers = new Side(queue, false)
  }

  get object(): number {
    return this.queue.object
  }

  get meta(): Queue["meta"] {
    return this.queue.meta
  }

  get capacity(): number {
    return this.queue.capacity
  }

  get isClosed(): boolean {
    const { theatre, place, closed } = this.queue
    theatre.looked(place)
    return closed
  }

  get closeFailure(): unknown {
    return this.queue.closeFailure
  }

  get isArriving(): boolean {
    return false
  }

  offer(value: unknown): Outcome {
    const { queue } = this
    const { theatre, capacity, parcels } = queue
    theatre.touched(queue.place, queue.title, "send", value)
    if (queue.closed) return "closed"
    if (capacity === 0) return this.#meetReceiver(value)
    if (parcels.length >= capacity) return "wait"
    parcels.push(pack(value, "value"))
    queue.sent++
    return "ok"
  }

  #meetReceiver(value: unknown): Outcome {
    const { queue } = this
    if (queue.granted) {
      queue.granted = false
      return "ok"
    }
    const receiver = queue.receivers[0]
    if (receiver === undefined) return "wait"
    queue.parcels.push(pack(value, "value"))
    queue.sent++
    queue.theatre.meet(receiver)
    return "ok"
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    let next = from
    while (next < values.length && this.offer(values[next]) === "ok") next++
    return next - from
  }

  take(): Outcome {
    const { queue } = this
    const { theatre, parcels } = queue
    theatre.touched(queue.place, queue.title, "receive", undefined)
    const parcel = parcels.shift() ?? this.#meetSender()
    if (parcel === undefined) return queue.closed ? "closed" : "wait"
    queue.received++
    this.value = unpack(parcel)
    theatre.answered(this.value)
    return "ok"
  }

  #meetSender(): Parcel | undefined {
    const { queue } = this
    const sender = queue.senders[0]
    if (queue.capacity > 0 || sender === undefined) return undefined
    const parcel = pack(sender.value, "value")
    queue.sent++
    queue.granted = true
    queue.theatre.meet(sender)
    return parcel
  }

  takeAgain(): Outcome {
    return this.take()
  }

  takeMany(max: number): Outcome {
    const first = this.take()
    if (first !== "ok") return first
    const values = [this.value]
    while (values.length < max && this.take() === "ok") values.push(this.value)
    this.value = values
    return "ok"
  }

  takeManyAgain(max: number): Outcome {
    return this.takeMany(max)
  }

  acknowledge(): void {}

  fork(): Source {
    return new StagedChannel(this.queue)
  }

  close(failure: unknown): boolean {
    const { queue } = this
    queue.theatre.touched(queue.place, queue.title, "close", undefined)
    if (queue.closed) return false
    queue.closed = true
    queue.closeFailure = failure
    return true
  }

  flush(): void {}

  done(): boolean {
    return false
  }

  count() {
    const { theatre, place, parcels, sent, received, senders, receivers } = this.queue
    theatre.looked(place)
    return {
      depth: parcels.length,
      sent,
      received,
      waitingSenders: senders.length,
      waitingReceivers: receivers.length,
    }
  }
}
