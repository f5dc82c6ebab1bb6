/**
 * The shared words of one side of a ring, and what is done to them from outside: see ring.ts.
 */
import { peek, read, store, type Words, write } from "#platform/atomics"
import { LEASE_REST_MESSAGES } from "#platform/limits"
import { enter, leave } from "../memory/guard.ts"

/** Who is inside. */
export const GUARD = 0
/** Slots moved so far, as the other side sees it. */
export const POSITION = 1
/** 0, or the token of the isolate that keeps the side to itself. */
export const MODE = 2
/** The token of the only isolate that was ever here, 0, or one of the two below. */
export const SOLE = 3
/** 1 when somebody wants a lone side. */
export const ASK = 4
const REST = 5
const PENALTY = 6
/** Slots moved so far by the lone owner. */
export const PRIVATE = 16

/** SOLE: several isolates have used the side. */
export const SEVERAL = -1
/** SOLE: the side is guarded whoever uses it. */
export const NEVER = -2

const PENALTY_MAX = 1 << 30

/**
 * Words of one side, two lines: PRIVATE is written with every message, and who looks at POSITION
 * shall not slow that down.
 */
export const SIDE_WORDS = 32

/** Inside the guard, after `count` slots were moved: whether somebody may lease the side again. */
export function mayLease(words: Words, side: number, count: number): boolean {
  const rest = read(words, side + REST)
  if (rest <= 0) return true
  write(words, side + REST, rest - count)
  return false
}

/** Inside the guard: somebody waited in vain for a lease to end; the next one comes later. */
export function leaseInVain(words: Words, side: number): void {
  const penalty = Math.max(LEASE_REST_MESSAGES, read(words, side + PENALTY))
  write(words, side + REST, penalty)
  write(words, side + PENALTY, Math.min(PENALTY_MAX, 2 * penalty))
}

/** Inside the guard: a lease ended when it was waited for. */
export function leasePaid(words: Words, side: number): void {
  write(words, side + PENALTY, 0)
}

/**
 * Inside the guard of a lone side: publishes all that its owner did; it is guarded again.
 */
export function share(words: Words, side: number): void {
  store(words, side + POSITION, peek(words, side + PRIVATE))
  if (read(words, side + SOLE) !== NEVER) write(words, side + SOLE, SEVERAL)
  store(words, side + MODE, 0)
}

/** Gives up a lone side whose isolate `me` has no view of it any more. */
export function abandon(words: Words, mine: number, me: number): void {
  if (peek(words, mine + MODE) !== me) return
  enter(words, mine + GUARD, me)
  share(words, mine)
  leave(words, mine + GUARD, me)
}

/** Slots written and not yet taken, as seen from outside: a count that may be a group behind. */
export function depthOf(words: Words, writer: number, reader: number): number {
  return (peek(words, writer + POSITION) - peek(words, reader + POSITION)) | 0
}

/** What lies in a ring that nobody uses any more: the first position, and how many. */
export function contents(words: Words, writer: number, reader: number): [number, number] {
  const place = (side: number): number =>
    peek(words, side + (peek(words, side + MODE) === 0 ? POSITION : PRIVATE))
  return [place(reader), (place(writer) - place(reader)) | 0]
}

/**
 * How many slots this side has moved so far, modulo 2 ** 32; a lone side's own count is seen late.
 */
export function movedOf(words: Words, side: number): number {
  return peek(words, side + (peek(words, side + MODE) === 0 ? POSITION : PRIVATE)) >>> 0
}

/** Keeps a fresh side guarded for good, so that what is done inside its guard is seen by all. */
export function keepGuarded(words: Words, side: number): void {
  write(words, side + SOLE, NEVER)
}
