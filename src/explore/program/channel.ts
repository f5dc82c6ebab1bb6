/**
 * Channels of an explored program: the room's own handles over a queue in this heap.
 *
 * What waits is done only when it can be. A send depends on other sends, a receive on other
 * receives; a receive comes after the send of its value, and a send after the receive that made its
 * room, but there is nothing to try the other way round. What looks without waiting depends on
 * both.
 */
import {
  type Counts,
  type Flavor,
  type Outcome,
  offerOneByOne,
  type Source,
  type Waits,
} from "../../channel/flavor.ts"
import type { Deed } from "./entry.ts"
import { isFree, Look, type Met, type Meta, Now, type Queue, Side, Waiting } from "./queue.ts"
import { type Parcel, pack, unpack } from "./values.ts"

function isLook(outcome: Outcome): boolean {
  return outcome !== "ok"
}

/** What a waiting sender sends; undefined when it cannot be sent, of which the sender hears. */
function parcelOf(sender: Waiting): Parcel | undefined {
  sender.met = {}
  try {
    return pack(sender.value, "value")
  } catch (error) {
    sender.met = { refused: { error } }
    return undefined
  }
}

/** What came of meeting whoever is being tried, which is needed once. */
function metBy(trying: Deed | undefined): Met | undefined {
  if (!(trying instanceof Waiting)) return undefined
  const { met } = trying
  trying.met = undefined
  return met
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
      if (outcome === "wait" && queue.capacity === 0) {
        queue.missed = theatre.missing(queue.title, "send", "finds nobody who waits")
      }
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
    const { capacity, parcels, theatre } = queue
    const met = metBy(theatre.trying)
    if (met?.refused !== undefined) throw met.refused.error
    if (met !== undefined) return "ok"
    if (queue.closed) return "closed"
    const receiver = queue.receivers.find(isFree)
    if (capacity === 0 ? receiver === undefined : parcels.length >= capacity) return "wait"
    const parcel = pack(value, "value")
    queue.order(queue.sent++)
    queue.missed = undefined
    if (capacity > 0) parcels.push(parcel)
    else {
      const meets = receiver as Waiting
      meets.met = { parcel }
      theatre.meet(meets)
    }
    return "ok"
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    return offerOneByOne(this, values, from)
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
    const given = returned?.parcel ?? metBy(theatre.trying)?.parcel
    const parcel = given ?? queue.parcels.shift() ?? this.#meetSender()
    if (parcel === undefined) {
      const outcome = queue.closed ? "closed" : "wait"
      if (queue.closed) theatre.meetAt(queue.tail, true, false)
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
    if (queue.capacity > 0) return undefined
    for (;;) {
      const sender = queue.senders.find(isFree)
      if (sender === undefined) return undefined
      const parcel = parcelOf(sender)
      if (parcel !== undefined) queue.order(queue.sent++)
      queue.theatre.meet(sender)
      if (parcel !== undefined) return parcel
    }
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
    const stuck = [...queue.senders, ...queue.receivers].filter((deed) => !deed.ready())
    queue.closed = true
    queue.theatre.meetAt(queue.tail, false, true)
    if (first) queue.closeFailure = failure
    queue.theatre.row(queue.title, "close", undefined, first)
    for (const deed of stuck) queue.theatre.enables(deed)
    return first
  }

  publish(): void {}

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
