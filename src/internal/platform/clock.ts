/** Time as the house sees it: a monotonic clock and timers. */
import { simulated } from "./simulation.ts"

/** Milliseconds since some fixed moment, never going back; about 30 ns a call. */
export function now(): number {
  return simulated()?.now() ?? performance.now()
}

/** A timer that can be stopped. */
export interface Timer {
  stop(): void
}

/** Calls `fn` once after `ms`. An `unref`ed timer does not keep the program alive. */
export function after(ms: number, fn: () => void, unref = false): Timer {
  const stand = simulated()
  if (stand !== undefined) return stand.after(ms, fn)
  const timer = setTimeout(fn, ms)
  if (unref) timer.unref()
  return { stop: () => clearTimeout(timer) }
}

/** Calls `fn` every `ms` until stopped. */
export function every(ms: number, fn: () => void, unref = false): Timer {
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
