/** Time as the house sees it: a monotonic clock and timers. */
import { TIMER_MS_MAX } from "./limits.ts"
import { simulated } from "./simulation.ts"

/** Milliseconds since some fixed moment, never going back; about 30 ns a call. */
export function now(): number {
  return simulated()?.now() ?? performance.now()
}

/** A timer that can be stopped. */
export interface Timer {
  stop(): void
}

/** What is longer than the host's timers never ends; the host would end it at once. */
const NEVER: Timer = { stop: () => {} }

/** Calls `fn` once after `ms`. An `unref`ed timer does not keep the program alive. */
export function after(ms: number, fn: () => void, unref = false): Timer {
  if (ms > TIMER_MS_MAX) return NEVER
  const stand = simulated()
  if (stand !== undefined) return stand.after(ms, fn)
  const timer = setTimeout(fn, ms)
  if (unref) timer.unref()
  return { stop: () => clearTimeout(timer) }
}

/** Calls `fn` every `ms` until stopped. */
export function every(ms: number, fn: () => void, unref = false): Timer {
  if (ms > TIMER_MS_MAX) return NEVER
  const timer = setInterval(fn, ms)
  if (unref) timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** Runs `fn` once the microtasks that are ready have run, before timers and sockets. */
export function whenSettled(fn: () => void): void {
  process.nextTick(fn)
}

/** Runs `fn` after timers and sockets that are ready have had their turn. */
export function nextTurn(fn: () => void): void {
  const stand = simulated()
  if (stand !== undefined) stand.after(0, fn)
  else setImmediate(fn)
}
