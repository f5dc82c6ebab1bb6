/**
 * Channels whose messages outlive their receivers: a message stays claimed until it is
 * acknowledged.
 *
 * A claim is a block in a list on the channel, in the order of claiming, changed inside the reading
 * guard: see claims.ts. It holds the message; receivers get copies of it. When its isolate dies the
 * next receiver anywhere takes the claim over before it takes anything new.
 */
import { load } from "#platform/atomics"
import { acquire, type Here, here } from "../../internal/loop/here.ts"
import { enter, isCondemned, leave, sheltered } from "../../internal/memory/guard.ts"
import { HEAD_DEATHS } from "../../internal/memory/layout.ts"
import * as claims from "../../internal/queue/claims.ts"
import { movedOf } from "../../internal/queue/side.ts"
import { wakeAll } from "../../internal/queue/wait-queue.ts"
import { ChannelCore } from "../core.ts"
import { type Outcome, type Source, takeOneByOne, type Waits } from "../flavor.ts"
import * as layout from "../layout.ts"
import { type Meta, Remains } from "../remains.ts"
import type { Slots } from "../slots/types.ts"

/** What one receiver has received and not acknowledged: claims and their messages. */
type Scope = Map<number, unknown>

/** What must happen when the core is collected: its receivers have ended in peace. */
class ClaimRemains extends Remains {
  readonly scopes = new Set<Scope>()
  acknowledge: (claim: number) => void = () => {}

  override dispose(): void {
    for (const scope of this.scopes) this.release(scope)
    super.dispose()
  }

  /** A receiver has ended: what it received is done with. */
  release(scope: Scope): void {
    this.scopes.delete(scope)
    for (const claim of scope.keys()) this.acknowledge(claim)
    scope.clear()
  }
}

/** Receivers that were collected without another receive. */
const forgotten = new FinalizationRegistry<readonly [ClaimRemains, Scope]>(([remains, scope]) => {
  const { words, me } = here()
  if (!isCondemned(words, me)) remains.release(scope)
})

/** A channel that redelivers, here. */
export class RedeliverCore extends ChannelCore {
  readonly #scopes: Set<Scope>
  readonly #scope: Scope
  #deaths = 0
  #arriving = 0

  constructor(at: Here, object: number) {
    super(at, object)
    const remains = this.remains as ClaimRemains
    const { slots } = this
    remains.acknowledge = (claim) => acknowledge(at, object, slots, claim)
    this.#scopes = remains.scopes
    this.#scope = this.newScope()
  }

  protected override makeRemains(slots: Slots): Remains {
    return new ClaimRemains(slots)
  }

  /** Room for the claims of one more receiver. */
  newScope(): Scope {
    const scope: Scope = new Map()
    this.#scopes.add(scope)
    return scope
  }

  override take(): Outcome {
    this.acknowledge()
    return this.claim(this.#scope)
  }

  override takeAgain(): Outcome {
    return this.claim(this.#scope)
  }

  override takeMany(max: number): Outcome {
    this.acknowledge()
    return this.takeManyAgain(max)
  }

  override takeManyAgain(max: number): Outcome {
    return takeOneByOne(this, max)
  }

  override acknowledge(): void {
    this.acknowledgeAll(this.#scope)
  }

  override get isArriving(): boolean {
    return this.#arriving !== 0
  }

  override fork(): Source {
    const scope = this.newScope()
    const source = new ClaimSource(this, scope)
    forgotten.register(source, [this.remains as ClaimRemains, scope])
    return source
  }

  override done(message: unknown): boolean {
    for (const scope of this.#scopes) {
      for (const [claim, claimed] of scope) {
        if (!Object.is(claimed, message)) continue
        scope.delete(claim)
        acknowledge(this.at, this.object, this.slots, claim)
        return true
      }
    }
    return false
  }

  /** Acknowledges everything that one receiver has received. */
  acknowledgeAll(scope: Scope): void {
    if (scope.size === 0) return
    const received = [...scope.keys()]
    scope.clear()
    for (const claim of received) acknowledge(this.at, this.object, this.slots, claim)
  }

  /** Claims the next message for one receiver. */
  claim(scope: Scope): Outcome {
    const claim = this.#arriving || this.#inherit() || this.#claimNext()
    if (typeof claim === "string") return claim
    const slot = slotOf(claim)
    if (this.slots.pendingIn(slot)) {
      if (this.#arriving === 0) this.#await(claim)
      return "wait"
    }
    this.#arriving = 0
    scope.set(claim, undefined)
    this.value = this.slots.look(slot)
    scope.set(claim, this.value)
    return "ok"
  }

  #await(claim: number): void {
    this.#arriving = claim
    const serve = (): void => this.receivers.serve()
    this.slots.arrivedIn(slotOf(claim)).then(serve, serve)
  }

  /** The first claim of a dead isolate, now this one's; 0 when there is none. */
  #inherit(): number {
    const { at, object } = this
    const { words } = at
    const deaths = load(words, HEAD_DEATHS)
    if (deaths === this.#deaths) return 0
    enter(words, object + layout.READER, at.me)
    const passed = movedOf(words, object + layout.READER)
    const claim = claims.inherit(words, object + layout.CLAIMS, passed, at.me)
    leave(words, object + layout.READER, at.me)
    if (claim === 0) this.#deaths = deaths
    return claim
  }

  /** A new claim of what is next in the ring. */
  #claimNext(): number | Outcome {
    const { at, slots } = this
    const fresh = acquire(at, claims.CLAIM_WORDS * 4 + slots.slotBytes)
    const count = this.reader.begin(1)
    if (count > 0) {
      this.#append(fresh, this.reader.position)
      this.taken(this.reader.end(1))
      return fresh
    }
    at.arena.release(fresh)
    const outcome = this.nothing(count)
    if (outcome === "again") return this.#claimNext()
    return outcome === "closed" && this.#othersMayDie() ? "wait" : outcome
  }

  /** Inside the guard: lists a claim of the slot at `position`. */
  #append(claim: number, position: number): void {
    const { object, at } = this
    const from = this.byteOf(position)
    at.memory.bytes.copyWithin(slotOf(claim), from, from + this.slots.slotBytes)
    claims.append(at.words, object + layout.CLAIMS, claim, position, at.me)
  }

  /** Whether the end must wait: others may die with messages that are to be received once more. */
  #othersMayDie(): boolean {
    const { object, at } = this
    enter(at.words, object + layout.READER, at.me)
    const mayDie = claims.othersClaim(at.words, object + layout.CLAIMS, at.me)
    leave(at.words, object + layout.READER, at.me)
    return mayDie
  }
}

/** One receiver of a channel that redelivers. */
class ClaimSource implements Source {
  readonly #core: RedeliverCore
  readonly #scope: Scope
  value: unknown

  constructor(core: RedeliverCore, scope: Scope) {
    this.#core = core
    this.#scope = scope
  }

  get meta(): Meta {
    return this.#core.meta
  }

  get isClosed(): boolean {
    return this.#core.isClosed
  }

  get closeFailure(): unknown {
    return this.#core.closeFailure
  }

  get receivers(): Waits {
    return this.#core.receivers
  }

  get isArriving(): boolean {
    return this.#core.isArriving
  }

  take(): Outcome {
    this.acknowledge()
    return this.takeAgain()
  }

  takeAgain(): Outcome {
    const outcome = this.#core.claim(this.#scope)
    this.value = this.#core.value
    return outcome
  }

  takeMany(max: number): Outcome {
    this.acknowledge()
    return this.takeManyAgain(max)
  }

  takeManyAgain(max: number): Outcome {
    return takeOneByOne(this, max)
  }

  acknowledge(): void {
    this.#core.acknowledgeAll(this.#scope)
  }

  fork(): Source {
    return this.#core.fork()
  }
}

function slotOf(claim: number): number {
  return (claim + claims.CLAIM_WORDS) * 4
}

/**
 * Ends a claim and its message; the last one of a closed channel ends the channel for those who
 * wait.
 */
function acknowledge(at: Here, object: number, slots: Slots, claim: number): void {
  const { words, me } = at
  const some = sheltered(words, me, () => {
    enter(words, object + layout.READER, me)
    claims.unlink(words, object + layout.CLAIMS, claim)
    const others = claims.hasClaims(words, object + layout.CLAIMS)
    leave(words, object + layout.READER, me)
    slots.drop(slotOf(claim))
    at.arena.release(claim)
    return others
  })
  const isOver = load(words, object + layout.CLOSED_STATE) !== layout.OPEN && !some
  if (isOver) wakeAll(words, object + layout.RECEIVERS, me)
}

/** Drops the messages of all claims; nobody uses the channel any more. */
export function dropClaims(at: Here, object: number, slots: Slots): void {
  const { words } = at
  const passed = movedOf(words, object + layout.READER)
  claims.forEachClaim(words, object + layout.CLAIMS, passed, (claim, isCounted) => {
    if (isCounted) slots.drop(slotOf(claim))
    at.arena.release(claim)
  })
}
