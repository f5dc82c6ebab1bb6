/** What a running task can know of itself: `current()`. */
import { CallLocal } from "#platform/context"
import { TaskCancelledError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { yieldTurn } from "../internal/loop/pump.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { isCancelled } from "./record.ts"

/** The task that the calling code belongs to. */
export interface Current {
  /**
   * Aborts when the task is cancelled, times out, or its scope ends. Code that runs without awaiting
   * hears of nothing; asked for anew, the signal looks: `while (!current().signal.aborted) step()`.
   */
  readonly signal: AbortSignal
  /** The isolate this code runs in; 0 is main. */
  readonly isolate: number
  /** The task's number in the isolate that submitted it; 0 outside any task. */
  readonly id: number
  /** Lets timers, sockets and other work of this isolate have a turn. */
  yield(): Promise<void>
}

/** One run of a task. */
export class TaskContext implements Current {
  readonly id: number
  /** The task's record while it runs, else 0. */
  #record: number
  #controller: AbortController | undefined
  #cancelled = false
  #reason: unknown

  constructor(id: number, record = 0) {
    this.id = id
    this.#record = record
  }

  get signal(): AbortSignal {
    this.look()
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  get isolate(): number {
    return slotOf(here().me)
  }

  /** Tells the task that it is not wanted any more. */
  abort(reason: unknown = new TaskCancelledError(undefined)): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }

  /** Looks whether the task was cancelled unheard. */
  look(): void {
    if (this.#record !== 0 && isCancelled(here().words, this.#record)) this.abort()
  }

  /** The task has ended: its record is nobody's. */
  end(): void {
    this.#record = 0
  }

  yield(): Promise<void> {
    return yieldTurn()
  }
}

/** The running task, through all its awaits. */
export const contexts = new CallLocal<TaskContext>()

const outside = new TaskContext(0)

/**
 * The task that the calling code belongs to, through all its awaits. Outside any task: the isolate
 * itself, with a signal that never aborts.
 *
 * @example
 * const task = go(async () => {
 *   while (!current().signal.aborted) await current().yield()
 * })
 * task.cancel()
 */
export function current(): Current {
  return contexts.get() ?? outside
}
