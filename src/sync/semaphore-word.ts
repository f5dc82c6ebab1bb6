/**
 * The words of a semaphore.
 *
 * ```
 * GUARD      around all that follows
 * AVAILABLE  permits that nobody holds
 * TOTAL      permits in all
 * CLAIM      token of the isolate with the first call that waits for enough permits, or 0
 * GATE       queue of those who wait until nobody has a claim
 * DRAIN      queue in which the one with the claim waits for permits
 * SLOTS      per isolate: the TOKEN of the one that used it last, and how many permits it HOLDS
 * TAKEN      how often permits were taken
 * ```
 * Invariant     AVAILABLE + the sum of HOLDS of the living <= TOTAL; while there is a claim, nobody
 *               else takes a permit, so a large call is not starved by small ones
 * Publication   leaving the guard publishes, entering receives
 * Protocol      who must wait enqueues, then tries once more; who gives back or ends a claim leaves
 *               the guard, then looks at the queue: one of the two sees the other
 * Death         HOLDS and TOKEN are the truth: whoever finds too few AVAILABLE counts again, and
 *               leaves out what the dead hold. A death inside the guard changes no more than the
 *               dead one's own HOLDS. A dead one's claim is no claim
 * Explored by   test/sync/semaphore.model.ts
 */
import { load, peek, poke, read, type Words, write } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { enter, leave } from "../internal/memory/guard.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"
import type { Step } from "./waiting.ts"

const GUARD = 0
const AVAILABLE = 1
const TOTAL = 2
const CLAIM = 3

/** Queue of those who wait until nobody has a claim. */
export const GATE = 4
/** Queue of the one that has the claim. */
export const DRAIN = GATE + WAIT_QUEUE_WORDS

const SLOTS = DRAIN + WAIT_QUEUE_WORDS
const SLOT_WORDS = 2
const TOKEN = 0
const HOLDS = 1

/** How often permits were taken. */
const TAKEN = SLOTS + ISOLATES_MAX * SLOT_WORDS

/** Words of a semaphore. */
export const SEMAPHORE_WORDS = SLOTS + ISOLATES_MAX * SLOT_WORDS + 1

/** Gives fresh words their permits. */
export function found(words: Words, semaphore: number, permits: number): void {
  write(words, semaphore + AVAILABLE, permits)
  write(words, semaphore + TOTAL, permits)
}

function slotAt(semaphore: number, slot: number): number {
  return semaphore + SLOTS + slot * SLOT_WORDS
}

/** Counts what is available again, leaving out what the dead hold. */
function count(words: Words, semaphore: number): void {
  let available = read(words, semaphore + TOTAL)
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    const at = slotAt(semaphore, slot)
    if (read(words, at + HOLDS) === 0) continue
    if (isAlive(words, read(words, at + TOKEN))) available -= read(words, at + HOLDS)
    else write(words, at + HOLDS, 0)
  }
  write(words, semaphore + AVAILABLE, available)
}

/**
 * Takes permits. `claimed` when the caller has the claim; `mayClaim` when it is to have it if there
 * are too few. `"wait"` at the gate, or `"claimed"`: wait in the drain.
 */
export function acquire(
  words: Words,
  semaphore: number,
  permits: number,
  me: number,
  claimed: boolean,
  mayClaim: boolean,
): Step {
  enter(words, semaphore + GUARD, me)
  const step = tryAcquire(words, semaphore, permits, me, claimed, mayClaim)
  leave(words, semaphore + GUARD, me)
  return step
}

function tryAcquire(
  words: Words,
  semaphore: number,
  permits: number,
  me: number,
  claimed: boolean,
  mayClaim: boolean,
): Step {
  if (!claimed && isClaimed(words, semaphore)) return "wait"
  if (read(words, semaphore + AVAILABLE) < permits) count(words, semaphore)
  if (read(words, semaphore + AVAILABLE) < permits) {
    if (!claimed && !mayClaim) return "wait"
    write(words, semaphore + CLAIM, me)
    return "claimed"
  }
  hold(words, semaphore, permits, me)
  if (claimed) write(words, semaphore + CLAIM, 0)
  return "done"
}

function isClaimed(words: Words, semaphore: number): boolean {
  const claim = read(words, semaphore + CLAIM)
  return claim !== 0 && isAlive(words, claim)
}

function hold(words: Words, semaphore: number, permits: number, me: number): void {
  const at = slotAt(semaphore, slotOf(me))
  if (read(words, at + TOKEN) !== me) {
    write(words, at + HOLDS, 0)
    write(words, at + TOKEN, me)
    count(words, semaphore)
  }
  write(words, at + HOLDS, read(words, at + HOLDS) + permits)
  write(words, semaphore + AVAILABLE, read(words, semaphore + AVAILABLE) - permits)
  poke(words, semaphore + TAKEN, peek(words, semaphore + TAKEN) + 1)
}

/** Gives permits back; false, and nothing happens, when this isolate holds fewer. */
export function release(words: Words, semaphore: number, permits: number, me: number): boolean {
  enter(words, semaphore + GUARD, me)
  const at = slotAt(semaphore, slotOf(me))
  const holds = read(words, at + TOKEN) === me ? read(words, at + HOLDS) : 0
  if (holds >= permits) {
    write(words, at + HOLDS, holds - permits)
    write(words, semaphore + AVAILABLE, read(words, semaphore + AVAILABLE) + permits)
  }
  leave(words, semaphore + GUARD, me)
  return holds >= permits
}

/** Ends this isolate's claim: the gate is open. */
export function unclaim(words: Words, semaphore: number, me: number): void {
  enter(words, semaphore + GUARD, me)
  if (read(words, semaphore + CLAIM) === me) write(words, semaphore + CLAIM, 0)
  leave(words, semaphore + GUARD, me)
}

/** Whether nobody has a claim. Exact: who has enqueued and sees false will be woken. */
export function isOpen(words: Words, semaphore: number, me: number): boolean {
  enter(words, semaphore + GUARD, me)
  const open = !isClaimed(words, semaphore)
  leave(words, semaphore + GUARD, me)
  return open
}

/** How many permits this isolate holds, how many are free, how many there are. */
export function look(
  words: Words,
  semaphore: number,
  me: number,
): { held: number; available: number; total: number } {
  enter(words, semaphore + GUARD, me)
  count(words, semaphore)
  const at = slotAt(semaphore, slotOf(me))
  const held = read(words, at + TOKEN) === me ? read(words, at + HOLDS) : 0
  const available = read(words, semaphore + AVAILABLE)
  const total = read(words, semaphore + TOTAL)
  leave(words, semaphore + GUARD, me)
  return { held, available, total }
}

/** The isolates that hold permits. */
export function holdersOf(words: Words, semaphore: number, me: number): number[] {
  const holders: number[] = []
  enter(words, semaphore + GUARD, me)
  for (let slot = 0; slot < load(words, HEAD_SLOTS); slot++) {
    const at = slotAt(semaphore, slot)
    if (read(words, at + HOLDS) > 0 && isAlive(words, read(words, at + TOKEN))) holders.push(slot)
  }
  leave(words, semaphore + GUARD, me)
  return holders
}

/** How often permits were taken. */
export function acquisitionsOf(words: Words, semaphore: number): number {
  return peek(words, semaphore + TAKEN)
}
