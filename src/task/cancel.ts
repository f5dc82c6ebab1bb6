/**
 * Cancelling: the promise rejects at once; the task is skipped if it has not begun, and otherwise hears of it
 * through `current().signal`.
 *
 * The flag in the record and the node in the holder's inbox together miss nobody: who takes the task from a list
 * after the flag was set sees the flag, who took it before is told.
 */
import { read, write } from "#platform/atomics"
import { HeddleError, TaskCancelledError } from "../errors.ts"
import { acquire, here } from "../internal/loop/here.ts"
import { onNode } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"
import { setTaskEvents, type TaskPromise } from "./handle.ts"
import * as record from "./record.ts"
import { publish } from "./submit.ts"

const NODE_BYTES = 64
/** Words of the node: the task's record, and its id, which tells whether the record is still its. */
const RECORD = 2
const ID = 3

function cancel(task: TaskPromise<unknown>, reason: unknown): void {
  if (task.settled !== "") return
  const at = here()
  task.failHere(reason instanceof HeddleError ? reason : new TaskCancelledError(reason, task.name))
  task.settled = "cancelled"
  publish()
  record.cancelRecord(at.words, task.record)
  const node = acquire(at, NODE_BYTES)
  write(at.words, node, KIND.CANCEL)
  write(at.words, node + RECORD, task.record)
  write(at.words, node + ID, record.idOf(at.words, task.record))
  const holder = record.holderOf(at.words, task.record)
  if (isAlive(at.words, holder)) tell(at.words, holder, node, node)
  else at.arena.release(node)
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
