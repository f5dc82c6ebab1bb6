/**
 * A spin lock that names its owner, for critical sections of a few dozen plain accesses.
 *
 * Invariant     the word is 0, or the token of the isolate inside
 * Publication   plain writes inside; store(0) publishes them, compareExchange receives them
 * Death         whoever finds a dead owner takes the guard over and is told so: `enter` returns
 *               true, and the caller repairs what the guard protects before using it. A repair may
 *               die too: it is repeated by the next
 * Exceptions    one that leaves a section in the middle, since the stack is used up, is like a
 *               death: see `disown`
 * Ending        nobody is ended on purpose inside a guard, or between `shelter` and `unshelter`:
 *               see `condemn`
 * Explored by   test/internal/memory/guard.model.ts
 *
 * User code never runs inside, nothing is allocated, and no other guard is entered.
 */
import { compareExchange, load, pause, peek, poke, store, type Words } from "#platform/atomics"
import { CONDEMN_LOOKS, CONDEMN_NAPS, GUARD_NAP_MS, GUARD_SPINS } from "#platform/limits"
import { waitSync } from "#platform/park"
import { isSleeping, ring } from "./doorbell.ts"
import { PAGE, pageOf } from "./layout.ts"
import { isAlive, slotOf } from "./owners.ts"

/** CONDEMNED: the isolate is ended once it is outside of all guards and sheltered steps. */
const OUTSIDE = 1
/** CONDEMNED: the isolate is ended once it is outside of all guards. */
const NOW = 2

/** With this bit a token names nobody: its owner has left the guard without giving it back. */
const DISOWNED = 1 << 31

/**
 * Enters, waiting while another isolate is inside. Returns true when the owner before died inside.
 * Costs one compareExchange when free.
 */
export function enter(words: Words, guard: number, me: number): boolean {
  const page = pageOf(slotOf(me))
  announce(words, guard, me, page)
  if (compareExchange(words, guard, 0, me) === 0) return false
  return enterContended(words, guard, me, page)
}

function enterContended(words: Words, guard: number, me: number, page: number): boolean {
  for (let spins = 1; ; spins++) {
    const owner = compareExchange(words, guard, 0, me)
    if (owner === 0) return false
    if (!isAlive(words, owner) && compareExchange(words, guard, owner, me) === owner) return true
    poke(words, page + PAGE.GUARDED, 0)
    if (spins % GUARD_SPINS === 0) nap(words, guard, owner)
    else pause()
    announce(words, guard, me, page)
  }
}

/** An owner that sleeps has left the guard by an exception: it is woken, to disown it. */
function nap(words: Words, guard: number, owner: number): void {
  if (isSleeping(words, owner)) ring(words, owner)
  waitSync(words, guard, owner, GUARD_NAP_MS)
}

/** Enters only when nobody is inside and nothing needs repair. */
export function tryEnter(words: Words, guard: number, me: number): boolean {
  const page = pageOf(slotOf(me))
  announce(words, guard, me, page)
  if (compareExchange(words, guard, 0, me) === 0) return true
  poke(words, page + PAGE.GUARDED, 0)
  return false
}

/** Leaves: everything written inside is visible to the next who enters. */
export function leave(words: Words, guard: number, me: number): void {
  store(words, guard, 0)
  poke(words, pageOf(slotOf(me)) + PAGE.GUARDED, 0)
}

/**
 * Says that this isolate is about to enter. A condemned one waits here for its end, which is on its
 * way: from here to the section nothing looks again, since an isolate can be ended between any two
 * calls.
 */
function announce(words: Words, guard: number, me: number, page: number): void {
  if (peek(words, page + PAGE.GUARDED) !== 0) disown(words, me)
  poke(words, page + PAGE.GUARDED, guard)
  if (peek(words, page + PAGE.CONDEMNED) !== 0) endUnlessSheltered(words, page)
}

/**
 * Gives up the guard that this isolate left by an exception, if it did. Whoever enters it next
 * repairs what it protects, as after a death. Called outside of all guards: before each section
 * and each turn.
 */
export function disown(words: Words, me: number): void {
  const page = pageOf(slotOf(me))
  const guard = peek(words, page + PAGE.GUARDED)
  if (guard === 0) return
  compareExchange(words, guard, me, me | DISOWNED)
  poke(words, page + PAGE.GUARDED, 0)
}

/**
 * Whether the isolate with this token is about to be ended. The host runs finalizers of a thread
 * even after it has interrupted it: whoever entered a guard there would wait for an end that has
 * been. So they do nothing any more; what the dead held is returned without them.
 */
export function isCondemned(words: Words, token: number): boolean {
  return peek(words, pageOf(slotOf(token)) + PAGE.CONDEMNED) !== 0
}

function endUnlessSheltered(words: Words, page: number): void {
  const isSheltered = peek(words, page + PAGE.SHELTERED) !== 0
  if (!isSheltered || peek(words, page + PAGE.CONDEMNED) === NOW) awaitEnd(words, page)
}

function awaitEnd(words: Words, page: number): never {
  store(words, page + PAGE.GUARDED, 0)
  store(words, page + PAGE.SHELTERED, 0)
  for (;;) waitSync(words, page + PAGE.CONDEMNED, load(words, page + PAGE.CONDEMNED))
}

/**
 * From here to `unshelter` this isolate is not ended on purpose: for steps outside of guards of
 * which all must be done or none, such as counting a reference and saying who holds it. They may
 * enter guards, and shelter again. They end by themselves, soon: see CONDEMN_NAPS.
 */
export function shelter(words: Words, me: number): void {
  const page = pageOf(slotOf(me))
  const depth = peek(words, page + PAGE.SHELTERED)
  poke(words, page + PAGE.SHELTERED, depth + 1)
  if (depth === 0 && peek(words, page + PAGE.CONDEMNED) !== 0) awaitEnd(words, page)
}

/** Ends what the last `shelter` began. */
export function unshelter(words: Words, me: number): void {
  const word = pageOf(slotOf(me)) + PAGE.SHELTERED
  poke(words, word, peek(words, word) - 1)
}

/** Takes sheltered steps, also when they throw. */
export function sheltered<R>(words: Words, me: number, steps: () => R): R {
  shelter(words, me)
  try {
    return steps()
  } finally {
    unshelter(words, me)
  }
}

/**
 * Makes sure that the isolate with this token is inside no guard and enters none any more, so that
 * it can be ended without leaving anything half-done. Takes as long as the section it is in, or
 * its sheltered steps, but no longer than CONDEMN_NAPS for each.
 *
 * The victim writes GUARDED, then reads CONDEMNED; here CONDEMNED is stored before GUARDED is read.
 * One of the two sees the other, as in Dekker's lock, when the victim's write does not pass its
 * read. The language promises that for atomics only, which would double the price of a guard.
 * Therefore this side, which is cold, looks for as long as a write can be on its way: a write is
 * delayed by nanoseconds, never by CONDEMN_LOOKS looks, and the compareExchange that follows lets
 * none stay behind.
 */
export function condemn(words: Words, token: number): void {
  const page = pageOf(slotOf(token))
  store(words, page + PAGE.CONDEMNED, OUTSIDE)
  awaitZero(words, page + PAGE.SHELTERED, token)
  store(words, page + PAGE.CONDEMNED, NOW)
  awaitZero(words, page + PAGE.GUARDED, token)
}

/**
 * Waits until a word of the isolate's page is 0, as long as patience lasts: its thread may have
 * ended by itself in the middle, and only the caller's event loop would say so.
 */
function awaitZero(words: Words, word: number, token: number): void {
  for (let naps = 0; naps < CONDEMN_NAPS && !isZero(words, word, token); naps++)
    waitSync(words, word, load(words, word), GUARD_NAP_MS)
}

/** Whether a word of the isolate's page is 0 for CONDEMN_LOOKS looks, or the isolate is dead. */
function isZero(words: Words, word: number, token: number): boolean {
  for (let looks = 1; isAlive(words, token); looks++) {
    if (load(words, word) !== 0) return false
    if (looks === CONDEMN_LOOKS) return true
    pause()
  }
  return true
}
