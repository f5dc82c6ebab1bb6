/**
 * Who is alive.
 *
 * A *token* names one life of one isolate: its slot in the low six bits, the number of the life
 * above. Every reservation in shared memory holds the token of its owner, so whoever finds one can
 * tell whether the owner still lives, even when the slot belongs to somebody else by now.
 */
import { add, load, store, type Words } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { HEAD_INCARNATIONS, PAGE, pageOf } from "./layout.ts"

const SLOT_BITS = 6
const SLOT_MASK = ISOLATES_MAX - 1

/** Lives wrap around within 24 bits; a token is never 0 and always positive. */
const LIVES_MASK = (1 << 24) - 1

/** Makes the token of a new life in `slot`; nobody lives there until `settle`. */
export function newToken(words: Words, slot: number): number {
  const life = (add(words, HEAD_INCARNATIONS, 1) & LIVES_MASK) + 1
  return (life << SLOT_BITS) | slot
}

/** The slot of a token. */
export function slotOf(token: number): number {
  return token & SLOT_MASK
}

/** From here on the isolate with this token lives. */
export function settle(words: Words, token: number): void {
  store(words, pageOf(slotOf(token)) + PAGE.TOKEN, token)
}

/** From here on the isolate with this token is dead. */
export function bury(words: Words, token: number): void {
  store(words, pageOf(slotOf(token)) + PAGE.TOKEN, 0)
}

/** Whether the isolate with this token lives. */
export function isAlive(words: Words, token: number): boolean {
  return load(words, pageOf(slotOf(token)) + PAGE.TOKEN) === token
}
