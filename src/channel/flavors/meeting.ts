/**
 * One waiting operation, or one select, at the places where it may meet somebody.
 *
 * A peer decides it at any time; this isolate is told and settles the operation that was chosen.
 *
 * Death   whatever changes hands here does so in sheltered steps, and a stake whose value was taken
 *         or dropped is empty: what a dead isolate offered in vain or was given is dropped once
 */
import { hold, letGo } from "#platform/park"
import { cells } from "../../internal/loop/cell.ts"
import { acquireObject, type Here, here } from "../../internal/loop/here.ts"
import type { Operation } from "../../internal/loop/line.ts"
import { onDestroy, releaseObject } from "../../internal/loop/objects.ts"
import { onDeath, onNode, schedule } from "../../internal/loop/pump.ts"
import { sheltered } from "../../internal/memory/guard.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { create, destroy, letGo as letGoOf, retain } from "../../internal/memory/objects.ts"
import * as shared from "../../internal/queue/meeting.ts"
import * as layout from "../layout.ts"
import { metaOf } from "../remains.ts"
import type { RendezvousCore } from "./rendezvous.ts"

/** One operation at one place. */
interface Stake {
  readonly word: number
  readonly core: RendezvousCore
  readonly side: number
  readonly operation: Operation
}

/** What a meeting is asked to wait for. */
export interface Wish {
  readonly core: RendezvousCore
  readonly side: number
  readonly operation: Operation
  /** What is offered. */
  readonly value: unknown
}

/** Meetings by cookie, until their party was told or withdrawn. */
const meetings: (Meeting | undefined)[] = []
const freeCookies: number[] = []
const waiting = new Set<Meeting>()

/** Operations of which exactly one will be done. */
export class Meeting {
  readonly #at: Here
  readonly #party: number
  readonly #stakes: Stake[] = []
  #over = false

  /** @throws when a value cannot be sent, or there is no room; then nothing has happened */
  constructor(wishes: readonly Wish[]) {
    const at = here()
    this.#at = at
    const bytes = wishes.reduce((sum, { core }) => sum + stakeBytes(core), shared.PARTY_WORDS * 4)
    this.#party = acquireObject(at, bytes)
    const cookie = freeCookies.pop() ?? meetings.push(undefined) - 1
    meetings[cookie] = this
    shared.makeParty(at.words, this.#party, at.me, cookie)
    create(at.words, this.#party, KIND.MEETING, at.me)
    let word = this.#party + shared.PARTY_WORDS
    try {
      for (const wish of wishes) {
        this.#add(wish, word)
        word += stakeBytes(wish.core) >> 2
      }
    } catch (error) {
      this.#sheltered(() => {
        this.#dropOffers(0)
        this.#free()
      })
      throw error
    }
  }

  #sheltered<R>(steps: () => R): R {
    return sheltered(this.#at.words, this.#at.me, steps)
  }

  #add({ core, side, operation, value }: Wish, word: number): void {
    if (side === shared.OFFER) core.slots.stage(value)
    this.#sheltered(() => {
      if (side === shared.OFFER) core.slots.put(slotOf(word))
      shared.addStake(this.#at.words, this.#party, word, core.object + layout.PLACE, side)
      retain(this.#at.words, core.object)
      this.#stakes.push({ word, core, side, operation })
    })
  }

  /** Whether it is decided, or given up. */
  get isOver(): boolean {
    return this.#over
  }

  /** Comes to all its places; settles at once where somebody waits. */
  begin(): void {
    hold()
    waiting.add(this)
    this.#sheltered(() => this.#comeToAll())
    schedule()
  }

  #comeToAll(): void {
    const { words, me } = this.#at
    for (const stake of this.#stakes) {
      const place = stake.core.object + layout.PLACE
      const met = shared.meet(words, place, stake.side, me, stake.word, (peer) =>
        handOver(this.#at, stake, peer),
      )
      if (met === "listed") {
        if (stake.side === shared.REQUEST) stake.core.wakeMover()
        continue
      }
      if (met === "met") this.#end(stake, "ok")
      else if (met === "closed" && shared.withdrawParty(words, this.#party)) {
        this.#end(stake, "closed")
      }
      return
    }
  }

  /** Its owner gives it up; false when it is decided and settles. */
  giveUp(): boolean {
    return this.#sheltered(() => {
      if (this.#over || !shared.withdrawParty(this.#at.words, this.#party)) return false
      this.#leave()
      this.#dropOffers(0)
      this.#free()
      return true
    })
  }

  /** A peer has decided it. */
  told(): void {
    this.#sheltered(() => {
      this.#recheck()
      if (this.#over) this.#free()
    })
  }

  /** Settles when it is decided; after the death of a peer that had it in hand it comes again. */
  recheck(): void {
    this.#sheltered(() => this.#recheck())
  }

  #recheck(): void {
    if (this.#over) return
    const { words } = this.#at
    const chosen = shared.chosenBy(words, this.#party)
    if (chosen === 0) {
      if (shared.reopenParty(words, this.#party)) this.#comeToAll()
      return
    }
    const stake = this.#stakes.find(({ word }) => word === Math.abs(chosen)) as Stake
    this.#settle(stake, chosen > 0 ? "ok" : "closed")
  }

  /** Ends a party that nobody will tell any more. */
  #end(stake: Stake, outcome: "ok" | "closed"): void {
    this.#settle(stake, outcome)
    this.#free()
  }

  #settle(stake: Stake, outcome: "ok" | "closed"): void {
    this.#leave()
    const { core, side, word, operation } = stake
    this.#dropOffers(side === shared.OFFER && outcome === "ok" ? word : 0)
    core.settle(operation, outcome, side === shared.REQUEST ? slotOf(word) : 0)
  }

  #leave(): void {
    this.#over = true
    waiting.delete(this)
    letGo()
    const { words, me } = this.#at
    for (const { word } of this.#stakes) shared.leavePlace(words, word, me)
  }

  /** Drops what was offered and not taken; `taken` is the stake whose offer was. */
  #dropOffers(taken: number): void {
    for (const { word, core, side } of this.#stakes) {
      if (side === shared.OFFER && word !== taken) dropIn(word, core.object)
    }
  }

  #free(): void {
    const { words, me, arena } = this.#at
    const cookie = shared.cookieOf(words, this.#party)
    meetings[cookie] = undefined
    freeCookies.push(cookie)
    letGoOf(words, this.#party, me)
    destroy(words, arena, this.#party)
    for (const { core } of this.#stakes) releaseObject(this.#at, core.object)
  }
}

function stakeBytes(core: RendezvousCore): number {
  return shared.STAKE_WORDS * 4 + Math.ceil(core.slots.slotBytes / 16) * 16
}

function slotOf(stake: number): number {
  return (stake + shared.STAKE_WORDS) * 4
}

/** Copies between two stakes, from the offer to the request. */
function handOver({ memory }: Here, { word, core, side }: Stake, peer: number): void {
  const [from, to] = side === shared.OFFER ? [word, peer] : [peer, word]
  memory.bytes.copyWithin(slotOf(to), slotOf(from), slotOf(from) + core.slots.slotBytes)
}

onNode(KIND.MEETING, (party) => meetings[shared.cookieOf(here().words, party)]?.told())

onDeath(() => {
  for (const meeting of [...waiting]) meeting.recheck()
})

/** Drops what lies in a stake at a channel; typed values are no cells, and name nothing. */
function dropIn(stake: number, channel: number): void {
  if (metaOf(channel).of === undefined) cells().empty(stake + shared.STAKE_WORDS)
}

// What a dead isolate offered was not sent, and what it was given and did not take is lost.
onDestroy(KIND.MEETING, (at, party) => {
  const { words } = at
  const chosen = shared.chosenBy(words, party)
  for (const stake of shared.stakesOf(words, party)) {
    shared.leavePlace(words, stake, at.me)
    const channel = shared.placeOf(words, stake) - layout.PLACE
    const isOffer = shared.sideOf(words, stake) === shared.OFFER
    if (isOffer !== (stake === chosen)) dropIn(stake, channel)
    releaseObject(at, channel)
  }
})
