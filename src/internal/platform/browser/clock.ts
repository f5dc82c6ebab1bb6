/** Time as the house sees it: a monotonic clock and timers. A page in the background is slowed. */
import { TIMER_MS_MAX } from "../limits.ts"
import { simulated } from "../simulation.ts"
import { browser } from "./host.ts"

/** A timer that can be stopped. */
export interface Timer {
  stop(): void
}

/** Milliseconds since some fixed moment, never going back. */
export function now(): number {
  return simulated()?.now() ?? performance.now()
}

/** What is longer than the host's timers never ends; the host would end it at once. */
const NEVER: Timer = { stop: () => {} }

/** Calls `fn` once after `ms`. */
export function after(ms: number, fn: () => void, _unref = false): Timer {
  if (ms > TIMER_MS_MAX) return NEVER
  const stand = simulated()
  if (stand !== undefined) return stand.after(ms, fn)
  const timer = setTimeout(fn, ms)
  return { stop: () => clearTimeout(timer) }
}

/** Calls `fn` every `ms` until stopped. */
export function every(ms: number, fn: () => void, _unref = false): Timer {
  if (ms > TIMER_MS_MAX) return NEVER
  const timer = setInterval(fn, ms)
  return { stop: () => clearInterval(timer) }
}

/**
 * Microtasks after which those that were ready are taken to have run: a browser does not tell, and
 * what awaits deeper only finds that a turn has come before it.
 */
const SETTLED_AFTER = 8

/** Runs `fn` once the microtasks that are ready have run, before timers. */
export function whenSettled(fn: () => void): void {
  settle(fn, SETTLED_AFTER)
}

function settle(fn: () => void, left: number): void {
  queueMicrotask(left === 0 ? fn : () => settle(fn, left - 1))
}

const waiting: (() => void)[] = []
const { port1, port2 } = new browser.MessageChannel()
port1.addEventListener("message", () => waiting.shift()?.())
port1.start()

/** Runs `fn` after timers and messages that are ready have had their turn. */
export function nextTurn(fn: () => void): void {
  const stand = simulated()
  if (stand !== undefined) {
    stand.after(0, fn)
    return
  }
  // A timer would wait for four milliseconds when it follows others.
  waiting.push(fn)
  port2.postMessage(undefined)
}
