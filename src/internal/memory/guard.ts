/**
 * A spin lock that names its owner, for critical sections of a few dozen plain accesses.
 *
 * Invariant     the word is 0, or the token of the isolate inside
 * Publication   plain writes inside; store(0) publishes them, compareExchange receives them
 * Death         whoever finds a dead owner takes the guard over and is told so: `enter` returns
 * true, and
 *               the caller repairs what the guard protects before using it. A repair may die too:
 *               it is
 *               repeated by the next
 * Ending        nobody is ended on purpose inside a guard: see `condemn`
 * Explored by   test/internal/memory/guard.model.ts
 *
 * User code never runs inside, nothing is allocated, and no other guard is entered.
 */
import { compareExchange, load, pause, peek, poke, store, type Words } from "#platform/atomics"
import { CONDEMN_LOOKS, GUARD_NAP_MS, GUARD_SPINS } from "#platform/limits"
import { waitSync } from "#platform/park"
import { PAGE, pageOf } from "./layout.ts"
import { isAlive, slotOf } from "./owners.ts"

/**
 * Enters, waiting while another isolate is inside. Returns true when the owner before died inside.
 * Costs one compareExchange when free.
 */
export function enter(words: Words, guard: number, me: number): boolean {
  const page = pageOf(slotOf(me))
  poke(words, page + PAGE.GUARDED, 1)
  if (compareExchange(words, guard, 0, me) === 0) {
    if (peek(words, page + PAGE.CONDEMNED) === 0) return false
    return dieOutside(words, guard, 0, page)
  }
  return enterContended(words, guard, me, page)
}

function enterContended(words: Words, guard: number, me: number, page: number): boolean {
  for (let spins = 1; ; spins++) {
    const owner = compareExchange(words, guard, 0, me)
    const recovered = owner !== 0 && !isAlive(words, owner)
    if (owner === 0 || (recovered && compareExchange(words, guard, owner, me) === owner)) {
      if (peek(words, page + PAGE.CONDEMNED) !== 0) return dieOutside(words, guard, owner, page)
      return recovered
    }
    poke(words, page + PAGE.GUARDED, 0)
    if (spins % GUARD_SPINS === 0) waitSync(words, guard, owner, GUARD_NAP_MS)
    else pause()
    poke(words, page + PAGE.GUARDED, 1)
  }
}

/** Enters only when nobody is inside and nothing needs repair. */
export function tryEnter(words: Words, guard: number, me: number): boolean {
  const page = pageOf(slotOf(me))
  poke(words, page + PAGE.GUARDED, 1)
  if (compareExchange(words, guard, 0, me) === 0) {
    if (peek(words, page + PAGE.CONDEMNED) === 0) return true
    dieOutside(words, guard, 0, page)
  }
  poke(words, page + PAGE.GUARDED, 0)
  return false
}

/** Leaves: everything written inside is visible to the next who enters. */
export function leave(words: Words, guard: number, me: number): void {
  store(words, guard, 0)
  poke(words, pageOf(slotOf(me)) + PAGE.GUARDED, 0)
}

/**
 * A condemned isolate gives the guard back as it was, with the dead `owner` it had or 0, so that
 * whoever enters next still learns what there is to repair; then it waits for its end, which is on
 * its way.
 */
function dieOutside(words: Words, guard: number, owner: number, page: number): never {
  store(words, guard, owner)
  store(words, page + PAGE.GUARDED, 0)
  for (;;) waitSync(words, page + PAGE.CONDEMNED, 1)
}

/**
 * Makes sure that the isolate with this token is inside no guard and enters none any more, so that
 * it can be ended without leaving anything half-done. Takes as long as the section it is in.
 *
 * The victim writes GUARDED, then does an atomic operation on the guard, then reads CONDEMNED; here
 * CONDEMNED is stored before GUARDED is read. One of the two sees the other: on x86-64, and on
 * arm64 with its single-instruction compareExchange, the atomic operation in the middle orders the
 * plain write before the plain read. The language promises less, and atomics for both would double
 * the price of a guard. Therefore this side, which is cold, looks for as long as a write can be on
 * its way: a write is delayed by nanoseconds, never by CONDEMN_LOOKS looks, and who enters after
 * that sees CONDEMNED.
 */
export function condemn(words: Words, token: number): void {
  const page = pageOf(slotOf(token))
  store(words, page + PAGE.CONDEMNED, 1)
  for (let looks = 0; looks < CONDEMN_LOOKS && isAlive(words, token); ) {
    looks = load(words, page + PAGE.GUARDED) === 0 ? looks + 1 : 0
    pause()
  }
}
