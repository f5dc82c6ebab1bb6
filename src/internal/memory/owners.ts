/**
 * Who is alive.
 *
 * A *token* names one life of one isolate: its slot in the low six bits, the number of the life
 * above. Every reservation in shared memory holds the token of its owner, so whoever finds one can
 * tell whether the owner still lives, even when the slot belongs to somebody else by now.
 */
import { add, load, read, store, type Words } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { HEAD_REAPING, HEAD_SLOTS, PAGE, pageOf } from "./layout.ts"

const SLOT_BITS = 6
const SLOT_MASK = ISOLATES_MAX - 1

/** Lives wrap around within 24 bits; a token is never 0 and always positive. */
const LIVES_MASK = (1 << 24) - 1

/**
 * Makes the token of a new life in `slot`; nobody lives there until `settle`. Lives are counted for
 * each slot: those that follow each other use different inboxes, whoever dies elsewhere.
 */
export function newToken(words: Words, slot: number): number {
  const life = (add(words, pageOf(slot) + PAGE.LIVES, 1) & LIVES_MASK) + 1
  return (life << SLOT_BITS) | slot
}

/** The slot of a token. */
export function slotOf(token: number): number {
  return token & SLOT_MASK
}

/** The number of the life of a token. */
export function lifeOf(token: number): number {
  return token >>> SLOT_BITS
}

/** From here on the isolate with this token lives. Called in main only. */
export function settle(words: Words, token: number): void {
  if (slotOf(token) >= load(words, HEAD_SLOTS)) store(words, HEAD_SLOTS, slotOf(token) + 1)
  store(words, pageOf(slotOf(token)) + PAGE.TOKEN, token)
}

/** From here on the isolate with this token is dead. */
export function bury(words: Words, token: number): void {
  store(words, pageOf(slotOf(token)) + PAGE.TOKEN, 0)
}

/**
 * Says whose affairs are being put in order, 0 when nobody's are any more. Called before the token
 * is buried, and again before the death is announced.
 */
export function setReaping(words: Words, token: number): void {
  store(words, HEAD_REAPING, token)
}

/**
 * Whether the isolate with this token is dead and what it had has been handed on. Until then its
 * lists are main's to empty: a record that names it may still be in one of them. What it named is
 * read after this, again.
 */
export function isReaped(words: Words, token: number): boolean {
  return !isAlive(words, token) && load(words, HEAD_REAPING) !== token
}

/** Whether the isolate with this token lives. */
export function isAlive(words: Words, token: number): boolean {
  return load(words, pageOf(slotOf(token)) + PAGE.TOKEN) === token
}

/** The token of the isolate that lives in `slot`, 0 when none does. */
export function ownerOf(words: Words, slot: number): number {
  return load(words, pageOf(slot) + PAGE.TOKEN)
}

/** Tokens of all living isolates. */
export function living(words: Words): number[] {
  const tokens: number[] = []
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    const token = ownerOf(words, slot)
    if (token !== 0) tokens.push(token)
  }
  return tokens
}

/** Tokens of the living isolates that run tasks and actors. */
export function members(words: Words): number[] {
  return living(words).filter((token) => read(words, pageOf(slotOf(token)) + PAGE.APART) === 0)
}
