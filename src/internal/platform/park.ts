/**
 * Sleeping until a word changes: blocking the thread, or as a callback.
 *
 * A pending `Atomics.waitAsync` does not keep Node alive: a program that only waits for another
 * isolate would end with code 13. Whoever waits therefore holds the event loop open with `hold()`
 * and lets it go with `letGo()`; the two are counted.
 *
 * `waitAsync` is never given a timeout: it would leak until it fires. Timeouts are our own timers.
 */
import { load, type Words } from "./atomics.ts"
import { simulated } from "./simulation.ts"

/** How a blocking wait ended. */
export type Woken = "ok" | "not-equal" | "timed-out"

/** Blocks this thread while the word equals `expected`. */
export function waitSync(
  words: Words,
  index: number,
  expected: number,
  timeoutMs = Infinity,
): Woken {
  return Atomics.wait(words, index, expected, timeoutMs)
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
    ;(Atomics as unknown as { pause(): void }).pause()
  }
  return false
}

let holds = 0
let anchor: NodeJS.Timeout | undefined

/** An hour: the timer exists to be referenced, not to fire. */
const ANCHOR_MS = 3_600_000

/** Keeps this isolate's event loop alive until the matching `letGo`. */
export function hold(): void {
  if (simulated() !== undefined) return
  if (holds++ > 0) return
  if (anchor === undefined) anchor = setInterval(() => {}, ANCHOR_MS)
  else anchor.ref()
}

/** Undoes one `hold`. */
export function letGo(): void {
  if (simulated() !== undefined) return
  if (--holds === 0) anchor?.unref()
}
