/**
 * A ring that every subscriber reads in full: the newest values, each kept until it is overwritten.
 *
 * ```
 * ring    GUARD, SENT, CLOSED, CAPACITY; then CAPACITY + 1 slots of one word, each a value
 * value   a block whose first word counts those who use it: the ring, and readers for a moment
 * ```
 * A subscription is one word: the position it reads next. Positions wrap at 32 bits.
 *
 * Invariant     the slot that is written next lies outside of what can be read
 * Publication   everything happens inside the guard; values are read outside, while they are
 *               counted
 * Death         storing SENT is what publishes a value; a value whose reader or writer died is not
 *               freed
 * Explored by   test/internal/queue/broadcast.model.ts
 */
import { add, load, read, store, subtract, type Words, write } from "#platform/atomics"
import { enter, leave } from "../memory/guard.ts"

const GUARD = 0
const SENT = 1
const CLOSED = 2
const CAPACITY = 3
const SLOTS = 4

/** Nothing new, and nothing new any more: what `nextValue` answers instead of a value. */
export const NOTHING = 0
export const ENDED = -1

/** Words of a ring. */
export function ringWords(capacity: number): number {
  return SLOTS + capacity + 1
}

/** Makes a ring in fresh words, all zero. */
export function makeRing(words: Words, ring: number, capacity: number): void {
  write(words, ring + CAPACITY, capacity)
}

function slotOf(words: Words, ring: number, position: number): number {
  return ring + SLOTS + ((position >>> 0) % (read(words, ring + CAPACITY) + 1))
}

/**
 * Publishes a value whose count is 1. Answers what it displaced, to be let go; -1 when the ring is
 * closed.
 */
export function publishValue(words: Words, ring: number, value: number, me: number): number {
  enter(words, ring + GUARD, me)
  if (load(words, ring + CLOSED) !== 0) {
    leave(words, ring + GUARD, me)
    return ENDED
  }
  const sent = load(words, ring + SENT)
  const slot = slotOf(words, ring, sent)
  const displaced = read(words, slot)
  write(words, slot, value)
  store(words, ring + SENT, nextPosition(words, ring, sent))
  leave(words, ring + GUARD, me)
  return displaced
}

/** Positions wrap where their slots do, so that neighbours never share one. */
function nextPosition(words: Words, ring: number, position: number): number {
  return (position + 1) % cycleOf(words, ring)
}

function cycleOf(words: Words, ring: number): number {
  const slots = read(words, ring + CAPACITY) + 1
  return slots * Math.floor(2 ** 30 / slots)
}

/** What a subscription has not read yet, as far as a count of the last turn can tell. */
function behind(words: Words, ring: number, position: number): number {
  const cycle = cycleOf(words, ring)
  return (load(words, ring + SENT) - position + cycle) % cycle
}

/** Makes the subscription at word `place` begin with what comes next. */
export function subscribe(words: Words, ring: number, place: number): void {
  write(words, place, load(words, ring + SENT))
}

/**
 * The next value for the subscription at word `place`, counted once more for the caller, or
 * NOTHING, or ENDED. `onMissed` is told, inside the guard, how many were overwritten before.
 */
export function nextValue(
  words: Words,
  ring: number,
  place: number,
  me: number,
  onMissed: (count: number) => void,
): number {
  enter(words, ring + GUARD, me)
  let position = read(words, place)
  const count = behind(words, ring, position)
  let value = load(words, ring + CLOSED) === 0 ? NOTHING : ENDED
  if (count > 0) {
    const missed = Math.max(0, count - read(words, ring + CAPACITY))
    if (missed > 0) onMissed(missed)
    position = (position + missed) % cycleOf(words, ring)
    value = read(words, slotOf(words, ring, position))
    add(words, value, 1)
    write(words, place, nextPosition(words, ring, position))
  }
  leave(words, ring + GUARD, me)
  return value
}

/** One use of a value less; true when it was the last: the caller frees it. */
export function letValueGo(words: Words, value: number): boolean {
  return subtract(words, value, 1) === 1
}

/** Closes the ring; false when it was closed before. `first` runs once, inside the guard. */
export function closeRing(words: Words, ring: number, me: number, first: () => void): boolean {
  enter(words, ring + GUARD, me)
  const isFirst = load(words, ring + CLOSED) === 0
  if (isFirst) {
    first()
    store(words, ring + CLOSED, 1)
  }
  leave(words, ring + GUARD, me)
  return isFirst
}

/** Whether a ring is closed. */
export function isRingClosed(words: Words, ring: number): boolean {
  return load(words, ring + CLOSED) !== 0
}

/** All values a ring still holds; nobody uses it any more. */
export function valuesOf(words: Words, ring: number): number[] {
  const slots = read(words, ring + CAPACITY) + 1
  const values = Array.from({ length: slots }, (_, i) => read(words, ring + SLOTS + i))
  return values.filter((value) => value !== 0)
}

/** Whether a subscription would find something. */
export function hasNext(words: Words, ring: number, place: number): boolean {
  return load(words, ring + CLOSED) !== 0 || behind(words, ring, read(words, place)) > 0
}
