/**
 * Bounded queue of slots between any number of isolates; exact in its capacity.
 *
 * Each side has one position. A side is *guarded*: whoever uses it enters its guard, moves one or
 * many slots, and leaves. When one isolate alone has used a side for LONE_AFTER_MESSAGES, the side
 * becomes *lone*: that isolate keeps the position to itself, needs no atomics, and publishes it in
 * groups. When another isolate wants the side, it asks; the lone owner publishes and the side is
 * guarded again.
 *
 * A side that several use is *leased* to one that uses it again and again: lone until it is asked
 * for, has nothing to do, or `pause`s at the end of the turn. Whoever asks looks for a moment, for
 * a busy owner gives it up within LEASE_MESSAGES; when that was in vain, nobody leases for a while.
 *
 * ```
 * side   GUARD, POSITION (atomic), MODE, SOLE, ASK, REST, PENALTY; on a line of its own: PRIVATE
 * MODE   0 guarded, or the token of the lone owner
 * SOLE   0 nobody yet, the token of the only isolate that was ever here, SEVERAL, or NEVER lone
 * REST   slots to be moved inside the guard before the next lease; PENALTY: how many the next time
 * ```
 * Positions count up and wrap at 32 bits; position `p` lies in slot `p & mask`.
 *
 * Invariant     0 <= written - taken <= capacity
 * Publication   slots are plain bytes; storing the writing POSITION publishes them, loading it
 *               receives them; the reading POSITION gives them back the same way
 * Death         inside a guard: the position either moved or it did not. A dead lone owner's
 *               PRIVATE says how far it had come: the next isolate goes on from there, so what it
 *               wrote is sent and what it took is not delivered again
 * Explored by   test/internal/queue/ring.model.ts
 */
import { load, peek, poke, read, store, type Words, write } from "#platform/atomics"
import {
  GROUP_MESSAGES,
  LEASE_AFTER_OPERATIONS,
  LEASE_LOOKS,
  LEASE_MESSAGES,
  LONE_AFTER_MESSAGES,
  LOOK_MESSAGES,
  RELEASE_MESSAGES,
} from "#platform/limits"
import { spinUntilChanged } from "#platform/park"
import { enter, leave } from "../memory/guard.ts"
import { isAlive } from "../memory/owners.ts"
import {
  ASK,
  GUARD,
  leaseInVain,
  leasePaid,
  MODE,
  mayLease,
  NEVER,
  POSITION,
  PRIVATE,
  SEVERAL,
  SOLE,
  share,
} from "./side.ts"

/** Nothing can be done now: the ring is full for a writer, empty for a reader. */
export const NONE = 0

/** Another isolate owns this side: `owner()` says who must be asked to give it up. */
export const FOREIGN = -1

/** Who hears of it when a side was given up, so that it can wake those who asked. */
export interface SideListener {
  gaveUp(isWriter: boolean): void
}

/** One isolate's view of one side of a ring. */
export class Side {
  readonly #words: Words
  readonly #mine: number
  readonly #other: number
  readonly #me: number
  /** How far this side may run ahead of the other: the capacity, or 0 for a reader. */
  readonly #lead: number
  readonly #group: number
  readonly #listener: SideListener

  /** Next position of this side; valid between `begin` and `end`, and always while lone. */
  position = 0
  #lone = false
  /** Whether lone only until others ask or this isolate has nothing to do. */
  #leased = false
  /** Where the lease began. */
  #leasedFrom = 0
  /** Operations inside the guard this turn, on a side that several use. */
  #run = 0
  /** Whether the side was waited for: then it is leased at once. */
  #keen = false
  #published = 0
  #limit = 0
  #streak = 0
  /** Slots that may be moved before the next look. */
  stride = 0
  /** Whether each slot is published at once: they come too slowly for groups. */
  isSlow = false
  /** Whether it was measured since the last pause how fast they come. */
  isMeasured = false
  /** The stride to go on with when a slot is not held any more. */
  #kept = 0
  #held = false
  readonly #private: number

  /**
   * @param mine first word of this side, all zero at first
   * @param other first word of the opposite side
   * @param lead the capacity for the writing side, 0 for the reading side
   * @param listener told when this isolate has given the side up
   */
  constructor(
    words: Words,
    mine: number,
    other: number,
    me: number,
    lead: number,
    capacity: number,
    listener: SideListener,
  ) {
    this.#words = words
    this.#mine = mine
    this.#private = mine + PRIVATE
    this.#other = other
    this.#me = me
    this.#lead = lead
    this.#listener = listener
    // A reader gives back more at once: a writer that waits for room then has something to do.
    const group = lead === 0 ? RELEASE_MESSAGES : GROUP_MESSAGES
    this.#group = Math.max(1, Math.min(group, capacity >> 2))
  }

  /**
   * Begins to move up to `max` slots from `position` on. Returns how many may be moved, NONE, or
   * FOREIGN. When it is positive the caller moves slots and calls `end`; it does nothing else in
   * between.
   */
  begin(max: number): number {
    const quick = this.#lone && !this.#mustYield
    const room = quick ? this.#beginLone(max) : this.#beginGuarded(max)
    if (room !== NONE) return room
    // Who waits keeps nobody else from the side.
    if (this.#leased) this.yield()
    return this.#settleOther() ? this.begin(max) : room
  }

  /** Whether somebody asks for the side; a lease lasts for some messages all the same. */
  get #mustYield(): boolean {
    const isFresh = this.#leased && ((this.position - this.#leasedFrom) | 0) < LEASE_MESSAGES
    return !isFresh && peek(this.#words, this.#mine + ASK) !== 0
  }

  /** Publishes what a dead lone owner of the opposite side had done. True when there was one. */
  #settleOther(): boolean {
    const words = this.#words
    const mode = peek(words, this.#other + MODE)
    if (mode === 0 || isAlive(words, mode)) return false
    enter(words, this.#other + GUARD, this.#me)
    if (read(words, this.#other + MODE) === mode) share(words, this.#other)
    leave(words, this.#other + GUARD, this.#me)
    return true
  }

  #beginLone(max: number): number {
    let room = (this.#limit - this.position) | 0
    if (room <= 0) {
      this.#limit = (load(this.#words, this.#other + POSITION) + this.#lead) | 0
      room = (this.#limit - this.position) | 0
    }
    return room < max ? room : max
  }

  #beginGuarded(max: number): number {
    if (this.#lone) this.yield()
    const words = this.#words
    for (;;) {
      enter(words, this.#mine + GUARD, this.#me)
      const mode = read(words, this.#mine + MODE)
      if (mode === 0 || this.#inherit(mode)) break
      store(words, this.#mine + ASK, 1)
      const isLease = read(words, this.#mine + SOLE) === SEVERAL
      leave(words, this.#mine + GUARD, this.#me)
      if (!isLease || !this.#awaitLease(mode)) return FOREIGN
    }
    this.position = load(words, this.#mine + POSITION)
    const room = (load(words, this.#other + POSITION) + this.#lead - this.position) | 0
    if (room > 0) return room < max ? room : max
    leave(words, this.#mine + GUARD, this.#me)
    return NONE
  }

  /** True when the lone owner `mode` has given its lease up within a moment. */
  #awaitLease(mode: number): boolean {
    const words = this.#words
    this.#keen = spinUntilChanged(words, this.#mine + MODE, mode, LEASE_LOOKS)
    if (this.#keen) return true
    enter(words, this.#mine + GUARD, this.#me)
    if (read(words, this.#mine + MODE) === mode) leaseInVain(words, this.#mine)
    leave(words, this.#mine + GUARD, this.#me)
    return false
  }

  /** Ends what `begin` began: `count` slots were moved. True when the other side can see it now. */
  end(count: number): boolean {
    const words = this.#words
    this.position = (this.position + count) | 0
    if (this.#lone) {
      this.stride = 0
      poke(words, this.#mine + PRIVATE, this.position)
      return this.publishGroup()
    }
    store(words, this.#mine + POSITION, this.position)
    this.#settleMode(count)
    leave(words, this.#mine + GUARD, this.#me)
    return true
  }

  /**
   * Looks once whether slots can be moved one by one, up to LOOK_MESSAGES: the side is this
   * isolate's own, nobody asks for it, and there is room, as of the last look. None of them fills
   * the group before the last. Then the caller moves a slot and calls `advance`, while `stride` is
   * positive.
   */
  look(): boolean {
    if (!this.#lone || this.#held || this.#mustYield) return false
    const room = (this.#limit - this.position) | 0
    const group = (this.#published + this.#group - this.position) | 0
    this.stride = Math.min(LOOK_MESSAGES, room, group)
    return this.stride > 0
  }

  /** One slot was moved. True when that was the last of the stride: call `publishGroup`. */
  advance(): boolean {
    const next = (this.position + 1) | 0
    this.position = next
    poke(this.#words, this.#private, next)
    return --this.stride === 0
  }

  /** Ends the stride: the next operation looks. A lease ends. */
  pause(): void {
    this.stride = 0
    this.isMeasured = false
    this.#kept = 0
    this.#run = 0
    if (this.#leased) this.yield()
  }

  /** Whether this side is lone until it is asked for or paused. */
  get isLeased(): boolean {
    return this.#leased
  }

  /** Holds the slot at `position` while code writes it that may call back, until `letGo`. */
  hold(): void {
    this.#held = true
    this.#kept = this.stride
    this.stride = 0
  }

  letGo(): void {
    this.#held = false
    this.stride = this.#kept
  }

  get isHeld(): boolean {
    return this.#held
  }

  /** Whether a lone side may move `count` slots now. */
  hasRoomFor(count: number): boolean {
    if (((this.#limit - this.position) | 0) >= count) return true
    this.#limit = (load(this.#words, this.#other + POSITION) + this.#lead) | 0
    return ((this.#limit - this.position) | 0) >= count
  }

  /** Publishes when a group is full. True when the other side can see more now. */
  publishGroup(): boolean {
    const count = (this.position - this.#published) | 0
    return (this.isSlow || count >= this.#group) && this.publish()
  }

  /** Makes everything moved so far visible to the other side. True when there was something. */
  publish(): boolean {
    if (!this.#lone || this.#published === this.position) return false
    this.#published = this.position
    store(this.#words, this.#mine + POSITION, this.position)
    return true
  }

  /** Whether this side is this isolate's own. */
  get isLone(): boolean {
    return this.#lone
  }

  /**
   * Looks up to `looks` times, a pause in between, whether the lone owner of the other side has
   * published something since this side looked last. False at once where nobody else is lone.
   */
  linger(looks: number): boolean {
    const words = this.#words
    const owner = peek(words, this.#other + MODE)
    if (owner === 0 || owner === this.#me) return false
    return spinUntilChanged(words, this.#other + POSITION, (this.#limit - this.#lead) | 0, looks)
  }

  /** Whether `begin` will find something: a hint while the side is guarded. */
  get ready(): boolean {
    if (this.#lone) return this.#beginLone(1) > 0
    const words = this.#words
    const limit = (peek(words, this.#other + POSITION) + this.#lead) | 0
    return ((limit - peek(words, this.#mine + POSITION)) | 0) > 0
  }

  /**
   * Runs `change` inside this side's guard. `settled`: whether everything its users did is
   * published; false while a living isolate owns the side, which is asked to give it up.
   */
  guarded(change: (settled: boolean) => void): boolean {
    this.yield()
    this.pause()
    const words = this.#words
    enter(words, this.#mine + GUARD, this.#me)
    const mode = read(words, this.#mine + MODE)
    const settled = !this.#held && (mode === 0 || this.#inherit(mode))
    if (!settled) store(words, this.#mine + ASK, 1)
    change(settled)
    leave(words, this.#mine + GUARD, this.#me)
    return settled
  }

  /** Gives a lone side up, so that others can use it. True when it was lone. */
  yield(): boolean {
    if (!this.#lone || this.#held) return false
    const words = this.#words
    enter(words, this.#mine + GUARD, this.#me)
    share(words, this.#mine)
    this.#lone = false
    this.#leased = false
    this.#run = 0
    this.stride = 0
    leave(words, this.#mine + GUARD, this.#me)
    this.#listener.gaveUp(this.#lead > 0)
    return true
  }

  /** Whether everything done on this side is visible: no other isolate keeps it to itself. */
  get isSettled(): boolean {
    const mode = this.owner()
    return mode === 0 || mode === this.#me
  }

  /** The token of the lone owner, 0 when there is none. */
  owner(): number {
    return peek(this.#words, this.#mine + MODE)
  }

  /** Takes over from a lone owner that died, or from a view that is gone. False when it lives. */
  #inherit(mode: number): boolean {
    const words = this.#words
    if (mode !== this.#me && isAlive(words, mode)) return false
    share(words, this.#mine)
    return true
  }

  /** Inside the guard: counts towards becoming lone. */
  #settleMode(count: number): void {
    const words = this.#words
    const sole = read(words, this.#mine + SOLE)
    if (sole === NEVER) return
    if (sole === this.#me) {
      this.#streak += count
      if (this.#streak >= LONE_AFTER_MESSAGES) this.#becomeLone()
      return
    }
    if (sole !== SEVERAL) {
      write(words, this.#mine + SOLE, sole === 0 ? this.#me : SEVERAL)
      return
    }
    this.#run++
    if (this.#keen) leasePaid(words, this.#mine)
    const wants = this.#keen || this.#run >= LEASE_AFTER_OPERATIONS
    this.#keen = false
    if (!mayLease(words, this.#mine, count) || !wants) return
    store(words, this.#mine + ASK, 0)
    this.#leased = true
    this.#leasedFrom = this.position
    this.#becomeLone()
  }

  #becomeLone(): void {
    poke(this.#words, this.#mine + PRIVATE, this.position)
    store(this.#words, this.#mine + MODE, this.#me)
    this.#published = this.position
    this.#limit = this.position
    this.#lone = true
  }
}
