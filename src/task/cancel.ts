/**
 * Cancelling: the promise rejects at once; the task is skipped if it has not begun, and otherwise
 * hears of it through `current().signal`.
 *
 * The record and the note in the holder's inbox together miss nobody: who takes the task from a
 * list after the record was marked sees the mark, who took it before is told. The reason lies in
 * the record before either, so whoever hears of it first finds it.
 */
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { HeddleError, TaskCancelledError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onNote, sendNote } from "../internal/loop/note.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { setTaskEvents, type TaskPromise } from "./handle.ts"
import { killUnlessEnded } from "./limit.ts"
import { putReason } from "./reason.ts"
import * as record from "./record.ts"
import { publish } from "./submit.ts"

function cancel(task: TaskPromise<unknown>, reason: unknown): void {
  if (task.settled !== "") return
  const at = here()
  const error = isGiven(reason) ? reason : new TaskCancelledError(reason, task.name)
  if (error === reason) task.fail(error)
  else task.failHere(error)
  task.settled = "cancelled"
  // Before it is published: what nobody has seen yet does not begin.
  if (task.record !== 0) {
    record.cancelRecord(at.words, task.record, putReason(at, error))
    publish()
    tellHolder(at, task)
  }
  if (task.kill) killUnlessEnded(task)
}

/**
 * Whether a reason to cancel is itself the error to reject with: one of ours, and the
 * `TimeoutError` of an `AbortSignal.timeout`, as with `fetch`.
 */
export function isGiven(reason: unknown): reason is Error {
  if (reason instanceof HeddleError) return true
  return reason instanceof DOMException && reason.name === "TimeoutError"
}

/** Tells whoever holds the task; when no memory is left for that, again a little later. */
function tellHolder(at: Here, task: TaskPromise<unknown>): void {
  if (task.record === 0) return
  const holder = record.holderOf(at.words, task.record)
  if (!isAlive(at.words, holder)) return
  try {
    // The id tells whether the record is still the task's.
    sendNote(at, holder, KIND.CANCEL, task.record, record.idOf(at.words, task.record))
  } catch {
    after(RETRY_MS, () => tellHolder(at, task))
  }
}

/** Calls `abort` for each task that this isolate is asked to stop; it may not run here any more. */
export function onCancel(abort: (block: number, id: number) => void): void {
  onNote(KIND.CANCEL, (block, id) => abort(block, id))
}

setTaskEvents({ cancel })
