/**
 * References that an actor's home keeps in stock for messages that name the actor: as their sender,
 * or as what they carry. A reference counted by itself is the price of half a message.
 *
 * ```
 * CREDIT   references in stock; a word of the cell VALUE that is not used while the actor lives
 * ```
 * Invariant   REFERENCES of the object counts CREDIT, too; its home alone writes it while it lives
 * Death       a reference leaves the stock before a message has it, and comes back after: dying
 *             between leaks one. `endCredit` returns the stock, at a life's end or for the dead
 */
import { peek, poke } from "#platform/atomics"
import { REFERENCES_IN_STOCK } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { retain, retainMany, returnMany } from "../internal/memory/objects.ts"
import { homeHint, LIVES, stateHint } from "../internal/queue/mailbox.ts"
import { VALUE } from "./object.ts"

const CREDIT = VALUE + 3

/** So many in stock are too many. */
const STOCK_MAX = 2 * REFERENCES_IN_STOCK

/** Whether this isolate keeps the actor's stock. */
function isStockHere({ words, me }: Here, object: number): boolean {
  return homeHint(words, object) === me && stateHint(words, object) === LIVES
}

/** One more reference, for a message that names `object` as its sender. */
export function lend(at: Here, object: number): void {
  if (isStockHere(at, object)) lendOwn(at, object)
  else retain(at.words, object)
}

/** As `lend`, of an actor that is known to live here. */
export function lendOwn(at: Here, object: number): void {
  let credit = peek(at.words, object + CREDIT)
  if (credit === 0) {
    retainMany(at.words, object, REFERENCES_IN_STOCK)
    credit = REFERENCES_IN_STOCK
  }
  poke(at.words, object + CREDIT, credit - 1)
}

/** The reference of a message that is done with. */
export function takeBack(at: Here, object: number): void {
  if (!isStockHere(at, object)) {
    releaseObject(at, object)
    return
  }
  const credit = peek(at.words, object + CREDIT) + 1
  const surplus = credit < STOCK_MAX ? 0 : REFERENCES_IN_STOCK
  poke(at.words, object + CREDIT, credit - surplus)
  // Those that came from abroad.
  if (surplus !== 0) returnMany(at.words, object, surplus)
}

/** Returns the stock of a life that is over; called by its home, or for a dead one. */
export function endCredit({ words }: Here, object: number): void {
  const credit = peek(words, object + CREDIT)
  if (credit === 0) return
  poke(words, object + CREDIT, 0)
  returnMany(words, object, credit)
}
