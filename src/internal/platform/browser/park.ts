/**
 * Sleeping until a word changes: blocking a worker, or as a callback.
 *
 * A page must not block. What waits there by blocking looks at the word again and again instead;
 * the house does so for fractions of a millisecond, and longer only when the program allowed the
 * main isolate to block.
 */
import { load, pause, type Words } from "./atomics.ts"
import { browser } from "./host.ts"

/** How a blocking wait ended. */
export type Woken = "ok" | "not-equal" | "timed-out"

const mayBlock = browser.WorkerGlobalScope !== undefined

/** Blocks this thread while the word equals `expected`. */
export function waitSync(
  words: Words,
  index: number,
  expected: number,
  timeoutMs = Infinity,
): Woken {
  if (mayBlock) return Atomics.wait(words, index, expected, timeoutMs)
  const deadline = performance.now() + timeoutMs
  if (load(words, index) !== expected) return "not-equal"
  while (load(words, index) === expected) {
    if (performance.now() >= deadline) return "timed-out"
    pause()
  }
  return "ok"
}

/** Calls `wake` once the word is notified, or soon if it no longer equals `expected`. */
export function waitThen(words: Words, index: number, expected: number, wake: () => void): void {
  const wait = Atomics.waitAsync(words, index, expected)
  if (wait.async) wait.value.then(wake)
  else queueMicrotask(wake)
}

/** True when the word differs from `expected` within `spins` looks; burns the core meanwhile. */
export function spinUntilChanged(
  words: Words,
  index: number,
  expected: number,
  spins: number,
): boolean {
  for (let i = 0; i < spins; i++) {
    if (load(words, index) !== expected) return true
    pause()
  }
  return false
}

/** A page lives as long as it is open. */
export function hold(): void {}

/** Undoes one `hold`. */
export function letGo(): void {}
