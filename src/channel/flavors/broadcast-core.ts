/**
 * A broadcast and its subscriptions as one isolate uses them.
 *
 * ```
 * broadcast      META (cell), CLOSE_FAILURE (cell), who waits, then the ring
 * subscription   BROADCAST, POSITION
 * ```
 */
import { read, type Words, write } from "#platform/atomics"
import { simulated } from "#platform/simulation"
import { CELL_WORDS, cells } from "../../internal/loop/cell.ts"
import { acquire, acquireObject, type Here, here } from "../../internal/loop/here.ts"
import { Holdings } from "../../internal/loop/holdings.ts"
import { Line } from "../../internal/loop/line.ts"
import { onDestroy, releaseObject } from "../../internal/loop/objects.ts"
import { sheltered } from "../../internal/memory/guard.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { BODY, create, retain } from "../../internal/memory/objects.ts"
import * as shared from "../../internal/queue/broadcast.ts"
import { wakeAll } from "../../internal/queue/wait-queue.ts"
import { withoutMoving } from "../../internal/wire/move.ts"
import {
  type Ending,
  NO_WAITING,
  type Outcome,
  offerOneByOne,
  PlainSource,
  type Sink,
  type Waits,
} from "../flavor.ts"

const META = 8
const CLOSE_FAILURE = 12
const RECEIVERS = 16
const RING = 20

const BROADCAST = BODY
const POSITION = BODY + 1
const SUBSCRIPTION_BYTES = (BODY + 2) * 4

/** A value: how many use it, and a cell. */
const VALUE_CELL = 4

/** One broadcast, here. */
export class BroadcastCore implements Sink {
  readonly at: Here
  readonly object: number
  readonly meta: { readonly name: string }
  readonly senders = NO_WAITING

  constructor(at: Here, object: number) {
    this.at = at
    this.object = object
    this.meta = cells().look(object + META) as { name: string }
  }

  /** Publishes a value, in place of the oldest when the ring is full. */
  offer(value: unknown): Outcome {
    const { at, object } = this
    if (this.isClosed) return "closed"
    const tag = withoutMoving(() => cells().prepare(value, "value"))
    const { payload } = cells()
    const fresh = acquire(at, (VALUE_CELL + CELL_WORDS) * 4)
    write(at.words, fresh, 1)
    const displaced = sheltered(at.words, at.me, () => {
      cells().payload = payload
      cells().put(fresh + VALUE_CELL, tag, value)
      cells().commit(tag)
      const before = shared.publishValue(at.words, object + RING, fresh, at.me)
      if (before !== 0) letGo(at, before === shared.ENDED ? fresh : before)
      return before
    })
    wakeAll(at.words, object + RECEIVERS, at.me)
    return displaced === shared.ENDED ? "closed" : "ok"
  }

  offerMany(values: ArrayLike<unknown>, from: number): number {
    return offerOneByOne(this, values, from)
  }

  /** Ends it. False when it had ended before. */
  close(failure: unknown): boolean {
    const { at, object } = this
    const tag = cells().prepare(failure, "error")
    const { payload } = cells()
    const first = shared.closeRing(at.words, object + RING, at.me, () => {
      cells().payload = payload
      cells().put(object + CLOSE_FAILURE, tag, failure)
    })
    if (!first) cells().unprepare(tag)
    wakeAll(at.words, object + RECEIVERS, at.me)
    return first
  }

  get isClosed(): boolean {
    return shared.isRingClosed(this.at.words, this.object + RING)
  }

  get closeFailure(): unknown {
    return cells().look(this.object + CLOSE_FAILURE)
  }
}

/** One use of a value less. */
function letGo(at: Here, value: number): void {
  if (!shared.letValueGo(at.words, value)) return
  cells().drop(value + VALUE_CELL)
  at.arena.release(value)
}

/** What is left of a subscription's local side. */
interface Remains {
  line: Line | undefined
  /** The value that was taken and has not arrived. */
  arriving: number
}

/** One subscription, here. */
export class SubscriptionCore extends PlainSource {
  readonly at: Here
  readonly object: number
  readonly broadcast: BroadcastCore
  readonly remains: Remains = { line: undefined, arriving: 0 }
  /** How many values were overwritten before the last one that was received. */
  missed = 0
  /** Whether this isolate has let go of it. */
  isEnded = false

  constructor(at: Here, object: number, broadcast: BroadcastCore) {
    super()
    this.at = at
    this.object = object
    this.broadcast = broadcast
  }

  get meta(): Ending["meta"] {
    return this.broadcast.meta
  }

  get isClosed(): boolean {
    return this.broadcast.isClosed
  }

  get closeFailure(): unknown {
    return this.broadcast.closeFailure
  }

  get isArriving(): boolean {
    return this.remains.arriving !== 0
  }

  get receivers(): Waits {
    const { at, object, remains } = this
    const { object: broadcast } = this.broadcast
    remains.line ??= new Line(at, broadcast + RECEIVERS, () => isReady(at.words, broadcast, object))
    return remains.line
  }

  take(): Outcome {
    if (this.isEnded) return "closed"
    return sheltered(this.at.words, this.at.me, () => this.#takeCounted())
  }

  /** What is counted for this isolate is let go of again. */
  #takeCounted(): Outcome {
    const { at, object, remains } = this
    let value = remains.arriving
    if (value === 0) {
      this.missed = 0
      value = shared.nextValue(
        at.words,
        this.broadcast.object + RING,
        object + POSITION,
        at.me,
        (count) => {
          this.missed = count
        },
      )
    }
    if (value === shared.NOTHING) return "wait"
    if (value === shared.ENDED) return "closed"
    if (cells().pending(value + VALUE_CELL)) {
      if (remains.arriving === 0) this.#await(value)
      return "wait"
    }
    remains.arriving = 0
    try {
      this.value = cells().copy(value + VALUE_CELL)
    } finally {
      letGo(at, value)
    }
    return "ok"
  }

  #await(value: number): void {
    const { remains } = this
    remains.arriving = value
    const serve = (): void => remains.line?.serve()
    cells()
      .arrived(value + VALUE_CELL)
      .then(serve, serve)
  }
}

function isReady(words: Words, broadcast: number, subscription: number): boolean {
  return shared.hasNext(words, broadcast + RING, subscription + POSITION)
}

const broadcasts = new Holdings<BroadcastCore, undefined>(() => {})
const subscriptions = new Holdings<SubscriptionCore, Remains>((_, remains) => {
  remains.line?.dispose()
  if (remains.arriving !== 0) letGo(here(), remains.arriving)
})

/** Makes a broadcast. */
export function createBroadcast(capacity: number, name: string): BroadcastCore {
  const stand = simulated()
  if (stand !== undefined) return stand.play("broadcast", [capacity, name]) as BroadcastCore
  const at = here()
  const object = acquireObject(at, (RING + shared.ringWords(capacity)) * 4)
  shared.makeRing(at.words, object + RING, capacity)
  const meta = { name }
  const tag = cells().prepare(meta, "broadcast")
  cells().put(object + META, tag, meta)
  create(at.words, object, KIND.BROADCAST, at.me)
  const core = new BroadcastCore(at, object)
  broadcasts.add(object, core, undefined)
  return core
}

/** The broadcast a message refers to. */
export function reviveBroadcast(object: number): BroadcastCore {
  const at = here()
  return broadcasts.revive(at, object, () => [new BroadcastCore(at, object), undefined])
}

/** Makes a subscription that begins with what is sent from now on. */
export function createSubscription(broadcast: BroadcastCore): SubscriptionCore {
  const stand = simulated()
  if (stand !== undefined) return stand.play("subscription", [broadcast]) as SubscriptionCore
  const { at } = broadcast
  const object = acquireObject(at, SUBSCRIPTION_BYTES)
  write(at.words, object + BROADCAST, broadcast.object)
  shared.subscribe(at.words, broadcast.object + RING, object + POSITION)
  retain(at.words, broadcast.object)
  create(at.words, object, KIND.SUBSCRIPTION, at.me)
  const core = new SubscriptionCore(at, object, broadcast)
  subscriptions.add(object, core, core.remains)
  return core
}

/** The subscription a message refers to. */
export function reviveSubscription(object: number): SubscriptionCore {
  const at = here()
  return subscriptions.revive(at, object, () => {
    const broadcast = read(at.words, object + BROADCAST)
    retain(at.words, broadcast)
    const core = new SubscriptionCore(at, object, reviveBroadcast(broadcast))
    return [core, core.remains]
  })
}

/** Lets go of a subscription now. */
export function endSubscription(core: SubscriptionCore): void {
  core.isEnded = true
  if (simulated() !== undefined) return
  core.remains.line?.serve()
  subscriptions.dispose(core.object, core)
}

onDestroy(KIND.BROADCAST, (at, object) => {
  for (const value of shared.valuesOf(at.words, object + RING)) letGo(at, value)
  cells().drop(object + META)
  cells().drop(object + CLOSE_FAILURE)
})

onDestroy(KIND.SUBSCRIPTION, (at, object) => releaseObject(at, read(at.words, object + BROADCAST)))
