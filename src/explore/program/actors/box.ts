/**
 * The mailbox of an explored actor, through all its lives: what is an object in shared memory
 * otherwise.
 *
 * Posts depend on posts, and taking on what orders the actor to end; a message is taken after it
 * was posted, but there is nothing to try the other way round. Where the mailbox can be full, both
 * depend on each other. All that changes it happens in steps, so it is the same for every run of a
 * task's code.
 */

import type { WhenFull } from "../../../actor/object.ts"
import { ActorStoppedError, MailboxFullError } from "../../../errors.ts"
import type { Callback } from "../../../task/code.ts"
import { ORDERED } from "../../operation.ts"
import type { Deed } from "../entry.ts"
import type { Party } from "../party.ts"
import type { Player, Take } from "../player.ts"
import type { Theatre } from "../theatre.ts"
import type { Parcel } from "../values.ts"
import type { Company } from "./company.ts"
import type { Home } from "./home.ts"
import {
  type Access,
  type Letter,
  packReason,
  type Question,
  type Signal,
  unpackReason,
} from "./letter.ts"
import { StagedRef } from "./ref.ts"
import type { Watch } from "./watch.ts"

/** What an actor is made with. */
export interface Making {
  readonly name: string
  readonly code: Callback
  readonly args: Parcel
  readonly isFunction: boolean
  readonly supervised: boolean
  readonly redelivers: boolean
  readonly capacity: number
  readonly whenFull: WhenFull
  /** The isolate that made it: of a supervised one that of its supervisor. */
  readonly owner: Player
}

/** One life, as all see it. */
export interface Life {
  readonly player: Player
  /** It lives in the isolate that started it, beside other code. */
  readonly isGuest: boolean
  /** Who waits when the actor does. */
  party: Party
  /** Its code, as it runs now. */
  home: Home | undefined
  /** Answered when it has started. */
  readonly start: Question
}

/** What became of a post. */
export type Posted = "ok" | "wait" | "full" | "gone"

/** Slots that have places of their own: more messages are ordered more than they need be. */
const SLOT_PLACES = 8

/** Mailboxes with room for more are never full in a program that can be explored. */
const BOUNDED_MAX = 1_000

/** One actor, for all who know it. */
export class Box {
  readonly company: Company
  readonly theatre: Theatre
  readonly object: number
  readonly title: string
  readonly making: Making
  readonly ref: StagedRef
  state: "down" | "lives" | "gone" = "down"
  lives = 0
  handled = 0
  posted = 0
  life: Life | undefined
  /** The message in hand. */
  current: Letter | undefined
  readonly letters: Letter[] = []
  readonly signals: Signal[] = []
  /** Posts that wait for room, in order. */
  readonly waiting: Deed[] = []
  /** Why it is gone. */
  reason: Parcel | undefined
  /** Its name in the registry. */
  registered = ""
  readonly watches = new Set<Watch>()
  /** Its class or function, as each run of the code that made it has made it. */
  readonly codes = new WeakMap<Take, Callback>()
  /** Who exits with it, and what each has heard, as HEARD in queue/watchers.ts. */
  readonly links = new Map<Box, number>()
  /** Places of those who post, of those who take, and of the system lane. */
  readonly tail: number
  readonly head: number
  readonly lane: number
  readonly #slots: number

  constructor(company: Company, object: number, title: string, making: Making) {
    this.company = company
    this.theatre = company.theatre
    this.object = object
    this.title = title
    this.making = making
    const first = this.theatre.newPlace(3 + SLOT_PLACES)
    this.tail = first
    this.head = first + 1
    this.lane = first + 2
    this.#slots = first + 3
    this.ref = new StagedRef(this)
  }

  /** What it runs: in the isolate that made it that of this run of its code. */
  get code(): Callback {
    return this.codes.get(this.theatre.take) ?? this.making.code
  }

  get isBounded(): boolean {
    return this.making.capacity <= BOUNDED_MAX
  }

  /** Whether somebody starts it again when it has exited. */
  get isSupervised(): boolean {
    const { supervised, owner } = this.making
    return supervised && owner.ending?.state !== "died"
  }

  /** What a post touches. */
  get posts(): readonly Access[] {
    const tail: Access = [this.tail, true]
    return this.isBounded ? [tail, [this.head, true]] : [tail]
  }

  /** What ends of lives touch, and those who look at everything. */
  all(writes: boolean): readonly Access[] {
    return [
      [this.tail, writes],
      [this.head, writes],
      [this.lane, writes],
    ]
  }

  /** What taking touches: that nobody has ordered it to end, too. */
  get takes(): readonly Access[] {
    const lane: Access = [this.lane, this.signals.length > 0]
    if (!this.isBounded) return [[this.head, true], lane]
    return [[this.head, true], [this.tail, true], lane]
  }

  /** Taking is a part of this step. */
  touchTakes(): void {
    for (const [place, writes] of this.takes) this.theatre.touched(place, writes)
  }

  /** Everything of it changes. */
  touchAll(): void {
    this.theatre.changed()
    for (const [place, writes] of this.all(true)) this.theatre.touched(place, writes)
  }

  /** The n-th message is posted, or taken. */
  order(nth: number): void {
    const place = this.#slots + (nth % SLOT_PLACES)
    this.theatre.touched(place, true, ORDERED)
    this.theatre.meetAt(place, true, true)
  }

  /** Posts a message, as part of a step; `isFirst` when nobody stands before it. */
  post(letter: Letter, isFirst: boolean): Posted {
    if (this.state === "gone") {
      this.#refuse(letter, () => this.goneError())
      return "gone"
    }
    const { capacity, whenFull } = this.making
    if (!isFirst || this.letters.length >= capacity) {
      if (whenFull === "wait") return "wait"
      if (whenFull === "fail") {
        this.#refuse(letter, () => this.fullError())
        return "full"
      }
      if (whenFull === "drop-newest") {
        this.discard(letter, () => this.fullError())
        return "ok"
      }
      const oldest = this.letters.shift()
      if (oldest !== undefined) this.discard(oldest, () => this.fullError())
    }
    letter.nth = this.posted++
    this.letters.push(letter)
    this.order(letter.nth)
    this.theatre.changed()
    return "ok"
  }

  /** A message is not taken: who asks hears of it otherwise. */
  #refuse(letter: Letter, why: () => Error): void {
    if (letter.question === undefined) this.discard(letter, why)
  }

  /** Puts an order into the system lane, as part of a step, unless the actor does not live. */
  signal(signal: Signal): void {
    const { theatre } = this
    theatre.touched(this.lane, true)
    if (this.state !== "lives") return
    this.signals.push(signal)
    theatre.changed()
    theatre.meetAt(this.lane, false, true)
  }

  /** Takes a message out, as part of a step. */
  take(letter: Letter): void {
    const at = this.letters.indexOf(letter)
    const stuck = this.stuck()
    this.letters.splice(at, 1)
    this.current = letter
    this.handled++
    this.order(letter.nth)
    this.theatre.changed()
    this.wake(stuck)
  }

  /** Posts that cannot be done now. */
  stuck(): readonly Deed[] {
    return this.waiting.filter((deed) => !deed.ready())
  }

  /** There is room, or there never will be, for those who were stuck before. */
  wake(stuck: readonly Deed[]): void {
    for (const deed of stuck) this.theatre.enables(deed)
  }

  /** The message in hand is done. */
  finish(): void {
    this.current = undefined
    this.theatre.changed()
  }

  /** Nobody will handle a message: its asker is told, a told one becomes a dead letter. */
  discard(letter: Letter, why: () => Error): void {
    const { question } = letter
    if (question !== undefined) question.reject(why(), this.theatre.player)
    else this.company.bury(this.title, letter, why())
  }

  fullError(): MailboxFullError {
    return new MailboxFullError(this.title, this.making.capacity)
  }

  goneError(): ActorStoppedError {
    const reason = this.reason === undefined ? undefined : unpackReason(this.reason)
    return new ActorStoppedError(this.title, reason)
  }

  /** Notes why it is gone. */
  setReason(reason: Parameters<typeof packReason>[0]): void {
    this.reason = packReason(reason, this.theatre.player)
  }
}
