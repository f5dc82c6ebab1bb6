/**
 * The word of a mutex.
 *
 * ```
 * 0      free
 * token  held by a task of that isolate; when the isolate is dead, by nobody, and something is half
 *        done
 * ```
 * Invariant     at most one isolate has been told that it holds the lock and has not unlocked it
 * Publication   what the lock protects; storing 0 publishes it, compareExchange receives it
 * Protocol      a waiter enqueues, then tries once more; `release` frees the word, then looks at
 *               the queue: one of the two sees the other
 * Death         the word of a dead holder is taken over by compareExchange, so one isolate learns
 *               of it. It has the lock; when it dies in turn, the next learns of that
 * Explored by   test/sync/mutex.model.ts
 */
import { compareExchange, load, store, type Words } from "#platform/atomics"
import { isAlive } from "../internal/memory/owners.ts"
import { isWaiting, WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

/** Where the queue of those who wait begins, from the word on. */
export const QUEUE = 1

/** Words of a mutex. */
export const MUTEX_WORDS = QUEUE + WAIT_QUEUE_WORDS

/** The lock is taken. */
export const TAKEN = 0
/** Somebody else holds it. */
export const BUSY = -1

/** Takes the lock if it is free: TAKEN, BUSY, or, taken too, the token of a holder that died. */
export function tryLock(words: Words, mutex: number, me: number): number {
  const holder = compareExchange(words, mutex, 0, me)
  if (holder === 0) return TAKEN
  return isAlive(words, holder) ? BUSY : takeOver(words, mutex, holder, me)
}

function takeOver(words: Words, mutex: number, dead: number, me: number): number {
  const holder = compareExchange(words, mutex, dead, me)
  if (holder === dead) return dead
  return holder === 0 ? tryLock(words, mutex, me) : BUSY
}

/**
 * Frees the lock; true when somebody waits: the caller wakes the first. `left` is 0, or the dead
 * holder it was taken over from: then the next one learns of that death again.
 */
export function release(words: Words, mutex: number, left: number): boolean {
  store(words, mutex, left)
  return isWaiting(words, mutex + QUEUE)
}

/** Whether the lock could be taken. Atomic: who has enqueued and sees false will be woken. */
export function isFree(words: Words, mutex: number): boolean {
  const holder = load(words, mutex)
  return holder === 0 || !isAlive(words, holder)
}

/** The token of the isolate that holds the lock or died holding it, 0 when it is free. */
export function holderOf(words: Words, mutex: number): number {
  return load(words, mutex)
}
