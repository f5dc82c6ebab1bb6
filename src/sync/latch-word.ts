/**
 * The words of a latch: a count that only falls, and the queue of those who wait until it is 0.
 *
 * Protocol      a waiter enqueues, then looks at the count once more; who counts down to 0 looks at
 *               the queue after it: one of the two sees the other
 * Publication   what was done before counting down; compareExchange publishes it, load receives it
 * Death         counting is one step: it happened or it did not. When the one who counted to 0 dies
 *               before it has woken everybody, everybody looks again at the death
 * Explored by   test/sync/latch.model.ts
 */
import { compareExchange, load, type Words } from "#platform/atomics"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

/** Where the queue begins, from the count on. */
export const QUEUE = 1

/** Words of a latch. */
export const LATCH_WORDS = QUEUE + WAIT_QUEUE_WORDS

/** What is left to count. */
export function countOf(words: Words, latch: number): number {
  return load(words, latch)
}

/** Counts down, not below 0; true when that opened the latch: the caller wakes everybody. */
export function countDown(words: Words, latch: number, by: number): boolean {
  let count = load(words, latch)
  for (;;) {
    if (count === 0) return false
    const left = count > by ? count - by : 0
    const found = compareExchange(words, latch, count, left)
    if (found === count) return left === 0
    count = found
  }
}
