/**
 * Cancelling: the promise rejects at once; the task is skipped if it has not begun, and otherwise
 * hears of it through `current().signal`.
 *
 * The record and the node in the holder's inbox together miss nobody: who takes the task from a
 * list after the record was marked sees the mark, who took it before is told. The reason lies in
 * the record before either, so whoever hears of it first finds it.
 */
import { read, write } from "#platform/atomics"
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { HeddleError, TaskCancelledError } from "../errors.ts"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import { onNode } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"
import { setTaskEvents, type TaskPromise } from "./handle.ts"
import { killUnlessEnded } from "./limit.ts"
import { putReason } from "./reason.ts"
import * as record from "./record.ts"
import { publish } from "./submit.ts"

const NODE_BYTES = 64
/** Words of the node: the record, and the id that tells whether the record is still the task's. */
const RECORD = 2
const ID = 3

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
  let node = 0
  try {
    node = acquire(at, NODE_BYTES)
  } catch {
    after(RETRY_MS, () => tellHolder(at, task))
    return
  }
  write(at.words, node, KIND.CANCEL)
  write(at.words, node + RECORD, task.record)
  write(at.words, node + ID, record.idOf(at.words, task.record))
  tell(at.words, holder, node, node)
}

/** Calls `abort` for each task that this isolate is asked to stop; it may not run here any more. */
export function onCancel(abort: (block: number, id: number) => void): void {
  onNode(KIND.CANCEL, (node) => {
    const at = here()
    const block = read(at.words, node + RECORD)
    const id = read(at.words, node + ID)
    at.arena.release(node)
    abort(block, id)
  })
}

setTaskEvents({ cancel })
