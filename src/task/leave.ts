/**
 * Leaving tasks to isolates that have less to do.
 *
 * A task that awaits frees its thread at once: its isolate would begin the next one long before
 * another isolate has woken, or started, and both would then share one core for as long as they
 * live. So for a moment after a task has begun to wait, its isolate leaves the next ones to those
 * that have fewer, and wakes one.
 *
 * Liveness   who leaves tasks looks again every millisecond, and takes them when the moment is over
 */
import { after, now } from "#platform/clock"
import { LEAVE_LOOK_MS, LEAVE_MS, LEAVE_STARTING_MS, LEFT_TASKS_MAX } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { schedule } from "../internal/loop/pump.ts"
import { COUNTER, counted } from "../internal/memory/counters.ts"
import { ownerOf, slotOf } from "../internal/memory/owners.ts"
import { lengthHint, listOf } from "../internal/queue/task-list.ts"
import { isolatesWanted } from "../isolate/roster.ts"
import { wakeIdle } from "./idle.ts"

/** A task went on here since it was asked last; the clock is asked only when that matters. */
let wentOn = false
/** When that was; 0 when it is of no interest any more. */
let wentOnAt = 0
let looksAgain = false

/** A task that has begun here goes on after this turn. */
export function noteGoesOn(): void {
  wentOn = true
}

/** Whether this isolate leaves tasks to others; `moment` is now. */
export function leavesTasks(at: Here, moment?: number): boolean {
  if ((!wentOn && wentOnAt === 0) || areMany(at)) return false
  const time = moment ?? now()
  if (wentOn) wentOnAt = time
  wentOn = false
  const since = time - wentOnAt
  const load = loadOf(at, slotOf(at.me))
  if (load === 0 || since > LEAVE_STARTING_MS) {
    wentOnAt = 0
    return false
  }
  return hasLess(at, load, since)
}

/** Sees to the tasks that are left: somebody wakes for them, and this isolate looks again. */
export function leaveTasks(at: Here): void {
  wakeIdle(at, 1)
  if (looksAgain) return
  looksAgain = true
  after(LEAVE_LOOK_MS, () => {
    looksAgain = false
    schedule()
  })
}

/** Whether another isolate has less than `load` to do; one that starts is waited for longer. */
function hasLess(at: Here, load: number, since: number): boolean {
  for (let slot = isolatesWanted(); slot > 0; slot--) {
    if (ownerOf(at.words, slot) === 0 || loadOf(at, slot) >= load) continue
    const runs = counted(at.words, slot, COUNTER.HEAP_KIB) !== 0
    if (since < (runs ? LEAVE_MS : LEAVE_STARTING_MS)) return true
  }
  return false
}

/** Tasks that have begun in a slot and not ended. */
function loadOf({ words }: Here, slot: number): number {
  return counted(words, slot, COUNTER.TASKS_BEGUN) - counted(words, slot, COUNTER.TASKS_ENDED)
}

/** Whether so many tasks wait that there are some for everyone. */
function areMany({ words, me }: Here): boolean {
  const own = slotOf(me)
  let waiting = lengthHint(words, listOf(own))
  for (let slot = 0; waiting <= LEFT_TASKS_MAX && slot <= isolatesWanted(); slot++) {
    if (slot !== own && ownerOf(words, slot) !== 0) waiting += lengthHint(words, listOf(slot))
  }
  return waiting > LEFT_TASKS_MAX
}
