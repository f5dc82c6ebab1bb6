/**
 * Who looks for work and found none, and whom to wake when there is some.
 *
 * One bit per isolate in two words of shared memory. An isolate sets its bit, looks at all lists
 * once more, and only then sleeps; whoever publishes tasks reads the bits afterwards. One of the
 * two sees the other.
 */
import { and, load, or } from "#platform/atomics"
import { SUBMIT_GROUP, WAKE_WORTH_MS } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { COUNTER, counted, setCounter } from "../internal/memory/counters.ts"
import { isSleeping, ring } from "../internal/memory/doorbell.ts"
import { HEAD_IDLE, HEAD_SLOTS } from "../internal/memory/layout.ts"
import { ownerOf, slotOf } from "../internal/memory/owners.ts"

/** Wakes up to `most` isolates that found no work, those first that still spin. */
export function wakeIdle(at: Here, most: number): void {
  if (most === 0) return
  const woken = wakeSome(at, most, false)
  if (woken < most) wakeSome(at, most - woken, true)
}

function wakeSome(at: Here, most: number, sleeping: boolean): number {
  let woken = 0
  for (let half = 0; half < 2; half++) {
    for (let idle = load(at.words, HEAD_IDLE + half); idle !== 0 && woken < most; ) {
      const bit = idle & -idle
      idle ^= bit
      const token = ownerOf(at.words, half * 32 + 31 - Math.clz32(bit))
      if (!sleeping && isSleeping(at.words, token)) continue
      if ((and(at.words, HEAD_IDLE + half, ~bit) & bit) === 0) continue
      if (token === 0) continue
      ring(at.words, token)
      woken++
    }
  }
  return woken
}

/** A dead isolate looks for nothing any more: whoever rings for it would wake nobody. */
export function forgetIdle(at: Here, token: number): void {
  const slot = slotOf(token)
  and(at.words, HEAD_IDLE + (slot >>> 5), ~(1 << (slot & 31)))
}

/** This isolate looks for work and finds none; whoever brings some rings. */
export function announceIdle(at: Here, idle: boolean): void {
  const slot = slotOf(at.me)
  const bit = 1 << (slot & 31)
  if (idle) or(at.words, HEAD_IDLE + (slot >>> 5), bit)
  else and(at.words, HEAD_IDLE + (slot >>> 5), ~bit)
}

/** Milliseconds that a task took here lately, on average. */
let usualMs = Infinity

/** So many tasks have run here in so many milliseconds. */
export function notePace(at: Here, tasks: number, ms: number): void {
  usualMs = ms / tasks
  setBrisk(at, !isWorthWaking(SUBMIT_GROUP))
}

/** Whether so many tasks of the kind that ran here lately are worth waking somebody for. */
export function isWorthWaking(tasks: number): boolean {
  return tasks > 0 && tasks * usualMs >= WAKE_WORTH_MS
}

/** Says whether this isolate is at work on tasks that are too small to wake anybody for. */
export function setBrisk(at: Here, brisk: boolean): void {
  setCounter(at.words, at.me, COUNTER.BRISK, brisk ? 1 : 0)
}

/** Whether some isolate is at work on small tasks and soon looks for more: a hint. */
export function someoneIsBrisk(at: Here): boolean {
  for (let slot = load(at.words, HEAD_SLOTS) - 1; slot > 0; slot--)
    if (counted(at.words, slot, COUNTER.BRISK) !== 0) return true
  return false
}
