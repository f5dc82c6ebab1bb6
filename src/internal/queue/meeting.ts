/**
 * Where those meet who hand something over without a queue between them.
 *
 * A *party* is one waiting operation, or several that exclude each other. At each place it waits it
 * has a *stake*, listed as an offer or as a request. Whoever comes looks for a stake on the other
 * side; the party's STATE is the word that exactly one wins. A party that comes to one place while
 * it is listed at others wins its own STATE first, so that nobody takes it meanwhile.
 *
 * ```
 * place   GUARD, CLOSED, FIRST and LAST offer, FIRST and LAST request, MET
 * party   a shared object whose body is OWNER, STATE, CHOSEN, COOKIE, STAKES; it is its owner's
 *         inbox node
 * stake   LATER, PARTY, LISTED, PLACE, SIDE, OTHER (next stake of the party); then what is handed
 *         over
 * STATE   OPEN, a token (its owner tries elsewhere, or a peer has it in hand), DONE, GONE
 * ```
 * Invariant     a STATE other than OPEN is held for a few steps inside guards, or for good. Two
 *               parties that hold their own and want each other's: the one with the higher word
 *               gives way
 * Publication   what is handed over is plain words in a stake; store(DONE), or the guard, publishes
 *               it
 * Death         LISTED is the truth of a list: the next who enters drops all others. A STATE held
 *               by a dead peer is free again: nothing was handed over. Parties of the dead are
 *               passed over, and taken out before their words are used for anything else
 * Explored by   test/internal/queue/meeting.model.ts
 * After         Reppy, parallel Concurrent ML: parties that claim themselves before they claim
 *               others
 */
import { compareExchange, load, pause, read, store, type Words, write } from "#platform/atomics"
import { GUARD_SPINS } from "#platform/limits"
import { ring } from "../memory/doorbell.ts"
import { enter, leave } from "../memory/guard.ts"
import { BODY } from "../memory/objects.ts"
import { isAlive } from "../memory/owners.ts"
import { put } from "./inbox.ts"

const GUARD = 0
const CLOSED = 1
const LISTS = 2
const MET = 6

/** Sides of a place. */
export const OFFER = 0
export const REQUEST = 1

const OWNER = BODY
const STATE = BODY + 1
const CHOSEN = BODY + 2
const COOKIE = BODY + 3
const STAKES = BODY + 4

/** Words of a party without its stakes. */
export const PARTY_WORDS = 12

const LATER = 0
const PARTY = 1
const LISTED = 2
const PLACE = 3
const SIDE = 4
const OTHER = 5

/** Words of a stake before what is handed over. */
export const STAKE_WORDS = 8

const OPEN = 0
const DONE = -1
const GONE = -2

/** What coming to a place led to; "decided" when a peer has taken the party meanwhile. */
export type Met = "met" | "listed" | "nobody" | "closed" | "decided"

/** Makes a party without stakes in a fresh object. */
export function makeParty(words: Words, party: number, owner: number, cookie: number): void {
  write(words, party + OWNER, owner)
  write(words, party + STATE, OPEN)
  write(words, party + COOKIE, cookie)
  write(words, party + STAKES, 0)
}

/** Gives a party a stake, not listed yet. */
export function addStake(
  words: Words,
  party: number,
  stake: number,
  place: number,
  side: number,
): void {
  write(words, stake + PARTY, party)
  write(words, stake + LISTED, 0)
  write(words, stake + PLACE, place)
  write(words, stake + SIDE, side)
  write(words, stake + OTHER, read(words, party + STAKES))
  write(words, party + STAKES, stake)
}

/** Its owner's name for a party. */
export function cookieOf(words: Words, party: number): number {
  return read(words, party + COOKIE)
}

/** The stakes of a party. */
export function* stakesOf(words: Words, party: number): Generator<number> {
  for (let stake = read(words, party + STAKES); stake !== 0; stake = read(words, stake + OTHER)) {
    yield stake
  }
}

/** The place of a stake. */
export function placeOf(words: Words, stake: number): number {
  return read(words, stake + PLACE)
}

/** The side of a stake. */
export function sideOf(words: Words, stake: number): number {
  return read(words, stake + SIDE)
}

function listOf(place: number, side: number): number {
  return place + LISTS + 2 * side
}

function enterPlace(words: Words, place: number, me: number): void {
  if (!enter(words, place + GUARD, me)) return
  repair(words, listOf(place, OFFER))
  repair(words, listOf(place, REQUEST))
}

/**
 * Makes a list again of what a dead isolate may have left: stakes that are LISTED stay, in order.
 */
function repair(words: Words, list: number): void {
  let last = 0
  let stake = load(words, list)
  while (stake !== 0) {
    const later = read(words, stake + LATER)
    if (read(words, stake + LISTED) !== 0) last = stake
    else link(words, list, last, later)
    stake = later
  }
  write(words, list + 1, last)
}

function link(words: Words, list: number, before: number, stake: number): void {
  if (before === 0) store(words, list, stake)
  else write(words, before + LATER, stake)
}

function append(words: Words, list: number, stake: number): void {
  write(words, stake + LATER, 0)
  link(words, list, read(words, list + 1), stake)
  write(words, list + 1, stake)
  write(words, stake + LISTED, 1)
}

function unlink(words: Words, list: number, stake: number): void {
  const later = read(words, stake + LATER)
  write(words, stake + LISTED, 0)
  let before = 0
  let listed = load(words, list)
  while (listed !== stake) {
    before = listed
    listed = read(words, listed + LATER)
  }
  link(words, list, before, later)
  if (later === 0) write(words, list + 1, before)
}

/**
 * Comes to a place: hands over with the first of the other side who is free (`hand` copies to or
 * from its stake, inside the guard), or lists `stake`, when it is not 0 and not listed already.
 */
export function meet(
  words: Words,
  place: number,
  side: number,
  me: number,
  stake: number,
  hand: (peer: number) => void,
): Met {
  const party = stake === 0 ? 0 : read(words, stake + PARTY)
  let mine = false
  for (;;) {
    if (party !== 0 && !mine) {
      if (compareExchange(words, party + STATE, OPEN, me) !== OPEN) return "decided"
      mine = true
    }
    enterPlace(words, place, me)
    const met = meetInside(words, place, side, me, stake, hand)
    if (typeof met === "string") return met
    leave(words, place + GUARD, me)
    if (mine && met < party) {
      store(words, party + STATE, OPEN)
      mine = false
    }
    waitOut(words, met)
  }
}

/**
 * Waits while a party is in somebody's hand; not for long, for its words may be something else by
 * now.
 */
function waitOut(words: Words, party: number): void {
  for (let looks = 0; looks < GUARD_SPINS; looks++) {
    const state = load(words, party + STATE)
    if (state === OPEN || state === DONE || state === GONE || !isAlive(words, state)) return
    pause()
  }
}

/** Inside the guard, which it leaves unless it answers a party that is in somebody's hand. */
function meetInside(
  words: Words,
  place: number,
  side: number,
  me: number,
  stake: number,
  hand: (peer: number) => void,
): Met | number {
  const party = stake === 0 ? 0 : read(words, stake + PARTY)
  const isClosed = load(words, place + CLOSED) !== 0
  const isListed = stake !== 0 && read(words, stake + LISTED) !== 0
  const peer = isClosed || isListed ? 0 : claimPeer(words, listOf(place, 1 - side), party, me)
  if (peer < 0) return -peer
  let owner = 0
  if (peer !== 0) {
    hand(peer)
    write(words, place + MET, (read(words, place + MET) + 1) | 0)
    if (party !== 0) store(words, party + STATE, GONE)
    owner = decide(words, place, peer, peer)
  } else if (party !== 0) {
    if (!isClosed && !isListed) append(words, listOf(place, side), stake)
    store(words, party + STATE, OPEN)
  }
  leave(words, place + GUARD, me)
  if (owner !== 0) ring(words, owner)
  if (isClosed) return "closed"
  if (peer !== 0) return "met"
  return party === 0 ? "nobody" : "listed"
}

/**
 * The first stake whose party could be won; 0 when there is none, minus a party that must be waited
 * for.
 */
function claimPeer(words: Words, list: number, party: number, me: number): number {
  for (let stake = load(words, list); stake !== 0; stake = read(words, stake + LATER)) {
    const peer = read(words, stake + PARTY)
    if (peer === party || !isAlive(words, read(words, peer + OWNER))) continue
    const won = claim(words, peer, me)
    if (won === "won") return stake
    if (won === "held") return -peer
  }
  return 0
}

function claim(words: Words, party: number, me: number): "won" | "held" | "over" {
  let state = compareExchange(words, party + STATE, OPEN, me)
  if (state === OPEN) return "won"
  while (state !== DONE && state !== GONE) {
    if (isAlive(words, state)) return "held"
    const seen = compareExchange(words, party + STATE, state, me)
    if (seen === state) return "won"
    state = seen
  }
  return "over"
}

/**
 * Inside the guard: `chosen` decides the party of `stake`, and its owner is told; who must be rung.
 */
function decide(words: Words, place: number, stake: number, chosen: number): number {
  const party = read(words, stake + PARTY)
  const owner = read(words, party + OWNER)
  write(words, party + CHOSEN, chosen)
  store(words, party + STATE, DONE)
  unlink(words, listOf(place, read(words, stake + SIDE)), stake)
  put(words, owner, party, party)
  return owner
}

/**
 * Closes a place: all who wait there are told. False when it was closed before; `first` runs once,
 * inside.
 */
export function closePlace(words: Words, place: number, me: number, first: () => void): boolean {
  let isFirst = false
  for (;;) {
    enterPlace(words, place, me)
    if (load(words, place + CLOSED) === 0) {
      isFirst = true
      first()
      store(words, place + CLOSED, 1)
    }
    const held = dismiss(words, place, OFFER, me) || dismiss(words, place, REQUEST, me)
    leave(words, place + GUARD, me)
    if (held === 0) return isFirst
    waitOut(words, held)
  }
}

/**
 * Inside the guard: tells everyone on one side that the place is closed; a party that is held, or
 * 0.
 */
function dismiss(words: Words, place: number, side: number, me: number): number {
  let stake = load(words, listOf(place, side))
  let held = 0
  while (stake !== 0) {
    const later = read(words, stake + LATER)
    const party = read(words, stake + PARTY)
    if (isAlive(words, read(words, party + OWNER))) {
      const won = claim(words, party, me)
      if (won === "won") ring(words, decide(words, place, stake, -stake))
      else if (won === "held") held = party
    }
    stake = later
  }
  return held
}

/** Whether a place is closed. */
export function isPlaceClosed(words: Words, place: number): boolean {
  return load(words, place + CLOSED) !== 0
}

/** How many have met here, modulo 2 ** 32. */
export function metAt(words: Words, place: number): number {
  return read(words, place + MET) >>> 0
}

/** Whether anybody is listed on one side: a hint. */
export function someWait(words: Words, place: number, side: number): boolean {
  return load(words, listOf(place, side)) !== 0
}

/** How many wait on one side. */
export function countStakes(words: Words, place: number, side: number, me: number): number {
  let count = 0
  enterPlace(words, place, me)
  for (let stake = load(words, listOf(place, side)); stake !== 0; ) {
    const party = read(words, stake + PARTY)
    if (isAlive(words, read(words, party + OWNER)) && load(words, party + STATE) === OPEN) count++
    stake = read(words, stake + LATER)
  }
  leave(words, place + GUARD, me)
  return count
}

/** Ends a party that waits; false when a peer has decided it: then its owner is told. */
export function withdrawParty(words: Words, party: number): boolean {
  for (;;) {
    const state = compareExchange(words, party + STATE, OPEN, GONE)
    if (state === OPEN || state === GONE) return true
    if (state === DONE) return false
    if (isAlive(words, state)) pause()
    else if (compareExchange(words, party + STATE, state, GONE) === state) return true
  }
}

/**
 * The stake that decided a party, negative when its place was closed; 0 while it is not decided.
 */
export function chosenBy(words: Words, party: number): number {
  return load(words, party + STATE) === DONE ? read(words, party + CHOSEN) : 0
}

/**
 * A party that a dead peer had in hand waits again. True when nobody has it now: it may be listed
 * anew.
 */
export function reopenParty(words: Words, party: number): boolean {
  const state = load(words, party + STATE)
  if (state !== OPEN && state !== DONE && state !== GONE && !isAlive(words, state)) {
    compareExchange(words, party + STATE, state, OPEN)
  }
  return load(words, party + STATE) === OPEN
}

/** Takes a stake out of its list: its party is over. Nobody else uses the stake afterwards. */
export function leavePlace(words: Words, stake: number, me: number): void {
  const place = read(words, stake + PLACE)
  enterPlace(words, place, me)
  const isListed = read(words, stake + LISTED) !== 0
  if (isListed) unlink(words, listOf(place, read(words, stake + SIDE)), stake)
  leave(words, place + GUARD, me)
}
