/**
 * Main watches over tasks that shall be ended with their isolate: the submitter's own timers stand
 * still when its thread is the one that never returns.
 *
 * Who submits such a task in another isolate tells main its record and its time. When that and two
 * graces are over and the task still runs, main ends the isolate that runs it; by then a submitter
 * whose timers go on has done so itself. A task that still waits is not wanted any more when its
 * submitter has died; otherwise main looks again.
 */
import { read, type Words } from "#platform/atomics"
import { after } from "#platform/clock"
import { KILL_GRACE_MS, TIMER_MS_MAX } from "#platform/limits"
import { isMainThread } from "#platform/thread"
import { here } from "../internal/loop/here.ts"
import { onNote, sendNote } from "../internal/loop/note.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive, ownerOf } from "../internal/memory/owners.ts"
import { requestKill } from "../isolate/kill.ts"
import * as record from "./record.ts"

/** Asks main to end the isolate of the task in `block` when it runs past `timeoutMs`. */
export function oversee(block: number, timeoutMs: number): void {
  if (isMainThread || block === 0) return
  const at = here()
  const id = record.idOf(at.words, block)
  const ms = Math.min(Math.ceil(timeoutMs), TIMER_MS_MAX)
  try {
    sendNote(at, ownerOf(at.words, 0), KIND.OVERSEE, block, id, at.me, ms)
  } catch {
    // Without room for the request there is still the submitter's own timer.
  }
}

onNote(KIND.OVERSEE, (block, id, submitter, timeoutMs) => {
  const { words } = here()
  const ms = Math.min(timeoutMs + 2 * KILL_GRACE_MS, TIMER_MS_MAX)
  after(ms, () => end(words, block, id, submitter), true)
})

/** The record may serve another task by now: then it has another id or submitter. */
function end(words: Words, block: number, id: number, submitter: number): void {
  const isSame =
    read(words, block) === KIND.TASK &&
    record.idOf(words, block) === id &&
    record.submitterOf(words, block) === submitter
  if (!isSame) return
  if (record.looksRunning(words, block)) requestKill(record.holderOf(words, block))
  else if (!isAlive(words, submitter)) record.cancelRecord(words, block, 0)
  else after(2 * KILL_GRACE_MS, () => end(words, block, id, submitter), true)
}
