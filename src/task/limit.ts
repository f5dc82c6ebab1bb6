/**
 * What bounds a task's life: a signal, a time, and the end of its isolate when it does not listen.
 */
import { after } from "#platform/clock"
import { KILL_GRACE_MS } from "#platform/limits"
import { TimeoutError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { requestKill } from "../isolate/kill.ts"
import type { TaskPromise } from "./handle.ts"
import type { TaskOptions } from "./options.ts"
import { oversee } from "./oversee.ts"
import * as record from "./record.ts"

/** Cancels the task when its signal aborts or its time is over. */
export function limitTime(task: TaskPromise<unknown>, options: TaskOptions): void {
  if (task.settled !== "") return
  const stops: (() => void)[] = []
  const { signal, timeoutMs, kill } = options
  if (kill === true) task.kill = true
  if (timeoutMs !== undefined) {
    const timer = after(timeoutMs, () => {
      task.cancel(task.traced(new TimeoutError("task", timeoutMs, task.name)))
    })
    stops.push(() => timer.stop())
    if (kill === true) oversee(task.record, timeoutMs)
  }
  if (signal !== undefined) {
    const abort = (): void => task.cancel(signal.reason)
    signal.addEventListener("abort", abort, { once: true })
    stops.push(() => signal.removeEventListener("abort", abort))
    if (signal.aborted) abort()
  }
  task.onEnd(() => {
    for (const stop of stops) stop()
  })
}

/** Ends the isolate of a cancelled task that is still running after a moment. */
export function killUnlessEnded(task: TaskPromise<unknown>): void {
  const timer = after(KILL_GRACE_MS, () => {
    const { words } = here()
    if (task.record === 0 || !record.looksRunning(words, task.record)) return
    requestKill(record.holderOf(words, task.record))
  })
  task.onEnd(() => timer.stop())
}
