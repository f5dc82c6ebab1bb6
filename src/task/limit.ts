/** What bounds a task's life: a signal, a time, and the end of its isolate when it does not listen. */
import { after } from "#platform/clock"
import { KILL_GRACE_MS } from "#platform/limits"
import { TimeoutError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { requestKill } from "../isolate/kill.ts"
import type { TaskPromise } from "./handle.ts"
import * as record from "./record.ts"
import type { TaskOptions } from "./task.ts"

/** Cancels the task when its signal aborts or its time is over. */
export function limitTime(task: TaskPromise<unknown>, options: TaskOptions): void {
  if (task.settled !== "") return
  const stops: (() => void)[] = []
  const cancel = (reason: unknown): void => {
    task.cancel(reason)
    if (options.kill === true) stops.push(killUnlessEnded(task))
  }
  const { signal, timeoutMs } = options
  if (timeoutMs !== undefined) {
    const timer = after(timeoutMs, () => cancel(new TimeoutError("task", timeoutMs)))
    stops.push(() => timer.stop())
  }
  if (signal !== undefined) {
    const abort = (): void => cancel(signal.reason)
    signal.addEventListener("abort", abort, { once: true })
    stops.push(() => signal.removeEventListener("abort", abort))
    if (signal.aborted) abort()
  }
  task.onEnd(() => {
    for (const stop of stops) stop()
  })
}

/** Ends the isolate of a task that is still running after a moment. Returns what calls it off. */
function killUnlessEnded(task: TaskPromise<unknown>): () => void {
  const timer = after(KILL_GRACE_MS, () => {
    const { words } = here()
    if (task.record === 0 || !record.looksRunning(words, task.record)) return
    requestKill(record.holderOf(words, task.record))
  })
  return () => timer.stop()
}
