/**
 * The words of what is done once.
 *
 * ```
 * STATE   0      nobody has begun
 *         token  that isolate is at it; when it is dead, nobody is
 *         DONE   the result lies beside
 * QUEUE   those who wait for it
 * ```
 * Publication   the result is plain; storing DONE publishes it, loading DONE receives it
 * Protocol      a waiter enqueues, then looks at STATE once more; who has stored DONE wakes
 *               everybody
 * Death         the token of a dead isolate is replaced by compareExchange, so one isolate begins
 *               again
 * Explored by   test/sync/once.model.ts
 */
import { compareExchange, load, store, type Words } from "#platform/atomics"
import { isAlive } from "../internal/memory/owners.ts"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

/** Where the queue begins, from the state on. */
export const QUEUE = 1

/** Words beside the result. */
export const ONCE_WORDS = QUEUE + WAIT_QUEUE_WORDS

const DONE = -1

/** Whether the result is there. */
export function isDone(words: Words, once: number): boolean {
  return load(words, once) === DONE
}

/** Whether nobody is at it, and the result is not there. */
export function isFree(words: Words, once: number): boolean {
  const state = load(words, once)
  return state === 0 || (state !== DONE && !isAlive(words, state))
}

/** The living isolate that runs it, or 0. */
export function runnerOf(words: Words, once: number): number {
  const state = load(words, once)
  return state > 0 && isAlive(words, state) ? state : 0
}

/** Begins it for this isolate; false when another has begun or ended it. */
export function begin(words: Words, once: number, me: number): boolean {
  const state = load(words, once)
  if (state === DONE || (state !== 0 && isAlive(words, state))) return false
  return compareExchange(words, once, state, me) === state
}

/** The result lies beside: the caller wakes everybody. */
export function end(words: Words, once: number): void {
  store(words, once, DONE)
}
