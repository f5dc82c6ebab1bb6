/**
 * The words of a barrier.
 *
 * ```
 * GUARD        around all that follows
 * PARTIES      how many must arrive
 * GENERATION   the round that is being gathered
 * ARRIVED      how many have arrived in it
 * EVEN, ODD    queues of those who wait for the end of an even round, of an odd one
 * SLOTS        per isolate: TOKEN, the round it ARRIVED_IN last, its COUNT of arrivals then, and
 *              BROKEN_BY: 0, or one more than the slot of the isolate whose death ended that round
 * ```
 * A round ends when all have arrived, or when an isolate dies that has: then it is *broken*, and
 * the next begins with nobody in it.
 *
 * Invariant     ARRIVED = sum of COUNT over slots with ARRIVED_IN = GENERATION, and less than
 *               PARTIES
 * Publication   leaving the guard publishes, entering receives
 * Protocol      who waits enqueues, then asks once more; who ends a round leaves the guard, then
 *               wakes all of its queue. Those of the next round stand in the other queue
 * Death         SLOTS and GENERATION are the truth; after a death inside the guard ARRIVED is
 *               counted again. Whoever enters breaks a round in which a dead isolate has arrived
 * Explored by   test/sync/barrier.model.ts
 */
import { load, read, type Words, write } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { enter, leave } from "../internal/memory/guard.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

const GUARD = 0
const PARTIES = 1
const GENERATION = 2
const ARRIVED = 3
const QUEUES = 4
const SLOTS = QUEUES + 2 * WAIT_QUEUE_WORDS

const SLOT_WORDS = 4
const TOKEN = 0
const ARRIVED_IN = 1
const COUNT = 2
const BROKEN_BY = 3

/** Words of a barrier. */
export const BARRIER_WORDS = SLOTS + ISOLATES_MAX * SLOT_WORDS

/** The first round; a slot that was never used has arrived in no round. */
const FIRST_GENERATION = 1

/** The round is still being gathered. */
export const WAIT = -2
/** The round has ended with all arrived. */
export const PASSED = -1

/** Gives fresh words their number of parties. */
export function found(words: Words, barrier: number, parties: number): void {
  write(words, barrier + PARTIES, parties)
  write(words, barrier + GENERATION, FIRST_GENERATION)
}

/** The queue of those who wait for the end of a round. */
export function queueOf(barrier: number, generation: number): number {
  return barrier + QUEUES + (generation & 1) * WAIT_QUEUE_WORDS
}

function slotAt(barrier: number, slot: number): number {
  return barrier + SLOTS + slot * SLOT_WORDS
}

/**
 * Enters, with everything true and no dead isolate in the round; the round that this broke, or 0.
 */
function enterBarrier(words: Words, barrier: number, me: number): number {
  if (enter(words, barrier + GUARD, me)) count(words, barrier)
  const dead = read(words, barrier + ARRIVED) === 0 ? -1 : findDead(words, barrier)
  if (dead < 0) return 0
  const broken = read(words, barrier + GENERATION)
  breakRound(words, barrier, dead)
  return broken
}

function arrivedNow(words: Words, barrier: number, slot: number): number {
  const at = slotAt(barrier, slot)
  const generation = read(words, barrier + GENERATION)
  return read(words, at + ARRIVED_IN) === generation ? read(words, at + COUNT) : 0
}

function count(words: Words, barrier: number): void {
  let arrived = 0
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    arrived += arrivedNow(words, barrier, slot)
  }
  write(words, barrier + ARRIVED, arrived)
}

/** The slot of a dead isolate that has arrived in this round, or -1. */
function findDead(words: Words, barrier: number): number {
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    if (arrivedNow(words, barrier, slot) === 0) continue
    if (!isAlive(words, read(words, slotAt(barrier, slot) + TOKEN))) return slot
  }
  return -1
}

/** Tells all who have arrived that `dead` has died, then begins the next round. */
function breakRound(words: Words, barrier: number, dead: number): void {
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    if (arrivedNow(words, barrier, slot) > 0) {
      write(words, slotAt(barrier, slot) + BROKEN_BY, dead + 1)
    }
  }
  nextRound(words, barrier)
}

function nextRound(words: Words, barrier: number): void {
  const next = (read(words, barrier + GENERATION) + 1) | 0
  write(words, barrier + GENERATION, next === 0 ? FIRST_GENERATION : next)
  write(words, barrier + ARRIVED, 0)
}

/** What an arrival came to. */
export interface Arrival {
  /** The round arrived in. */
  readonly generation: number
  /** Whether it was the last that was missing: the caller wakes all of that round. */
  readonly last: boolean
  /** A round before that was found broken, or 0: the caller wakes all of it. */
  readonly broke: number
}

/** One more arrives. The caller knows the outcome of all rounds in which it has arrived before. */
export function arrive(words: Words, barrier: number, me: number): Arrival {
  const broke = enterBarrier(words, barrier, me)
  const generation = read(words, barrier + GENERATION)
  const at = slotAt(barrier, slotOf(me))
  if (read(words, at + TOKEN) !== me || read(words, at + ARRIVED_IN) !== generation) {
    write(words, at + COUNT, 0)
    write(words, at + BROKEN_BY, 0)
    write(words, at + TOKEN, me)
    write(words, at + ARRIVED_IN, generation)
  }
  write(words, at + COUNT, read(words, at + COUNT) + 1)
  write(words, barrier + ARRIVED, read(words, barrier + ARRIVED) + 1)
  const last = read(words, barrier + ARRIVED) === read(words, barrier + PARTIES)
  if (last) nextRound(words, barrier)
  leave(words, barrier + GUARD, me)
  return { generation, last, broke }
}

/** What an outcome is: WAIT, PASSED, or the slot of the isolate whose death ended the round. */
export interface Outcome {
  readonly outcome: number
  /** A round that was found broken now, or 0: the caller wakes all of it. */
  readonly broke: number
}

/** What came of a round in which this isolate has arrived; it asks before it arrives in another. */
export function outcomeOf(words: Words, barrier: number, generation: number, me: number): Outcome {
  const broke = enterBarrier(words, barrier, me)
  let outcome = WAIT
  if (read(words, barrier + GENERATION) !== generation) {
    const brokenBy = read(words, slotAt(barrier, slotOf(me)) + BROKEN_BY)
    outcome = brokenBy === 0 ? PASSED : brokenBy - 1
  }
  leave(words, barrier + GUARD, me)
  return { outcome, broke }
}

/** Takes one arrival of this isolate back; false when its round has ended. */
export function retract(words: Words, barrier: number, generation: number, me: number): boolean {
  if (enter(words, barrier + GUARD, me)) count(words, barrier)
  const gathering = read(words, barrier + GENERATION) === generation
  if (gathering) {
    const at = slotAt(barrier, slotOf(me))
    write(words, at + COUNT, read(words, at + COUNT) - 1)
    write(words, barrier + ARRIVED, read(words, barrier + ARRIVED) - 1)
  }
  leave(words, barrier + GUARD, me)
  return gathering
}

/** How many have arrived in the round that is being gathered: a hint. */
export function arrivedIn(words: Words, barrier: number, me: number): number {
  if (enter(words, barrier + GUARD, me)) count(words, barrier)
  const arrived = read(words, barrier + ARRIVED)
  leave(words, barrier + GUARD, me)
  return arrived
}

/** How many rounds have ended. */
export function roundsOf(words: Words, barrier: number): number {
  return read(words, barrier + GENERATION) - FIRST_GENERATION
}

/** How many must arrive. */
export function partiesOf(words: Words, barrier: number): number {
  return read(words, barrier + PARTIES)
}
