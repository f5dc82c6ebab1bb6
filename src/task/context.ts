/** What a running task can know of itself: `current()`. */
import { CallLocal } from "#platform/context"
import { TaskCancelledError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { yieldTurn } from "../internal/loop/pump.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { takeReason } from "./reason.ts"
import { isCancelled } from "./record.ts"

/** The task that the calling code belongs to. */
export interface Current {
  /**
   * Aborts when the task is cancelled, times out, or its scope ends. Code that runs without
   * awaiting hears of nothing; asked for anew, the signal looks: `while (!current().signal.aborted)
   * step()`.
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

  /** A context for a part of the task's code, with a signal of its own. */
  part(): TaskContext {
    return new TaskContext(this.id)
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
    if (this.#cancelled || this.#record === 0) return
    const at = here()
    if (isCancelled(at.words, this.#record)) this.abort(takeReason(at, this.#record))
  }

  /** The task has ended: its record is nobody's. */
  end(): void {
    this.#record = 0
  }

  yield(): Promise<void> {
    return yieldTurn()
  }
}

/** What follows a task's code through its awaits. */
interface Frame {
  context: TaskContext
}

const frames = new CallLocal<Frame>()

/** The frame that tasks use one after the other, until one of them goes on after its call. */
let shared: Frame | undefined
let entered = false
let depth = 0

/**
 * Calls a task's code with its context. Making a frame costs more than many a task, so tasks that
 * end with their call share one; the caller says `keepFrame` when this one goes on, and
 * `leaveFrames` at the end.
 */
export function callWith<A extends unknown[], R>(
  context: TaskContext,
  fn: (...args: A) => R,
  args: A,
): R {
  // In the middle of another task: that one goes on afterwards, in its own frame.
  if (depth > 0) return frames.run({ context }, fn, args)
  if (shared === undefined) {
    shared = { context }
    entered = true
    frames.enter(shared)
  } else shared.context = context
  depth++
  try {
    return fn(...args)
  } finally {
    depth--
  }
}

/** Calls a part of a task that has gone on before. */
export function resumeWith<R>(context: TaskContext, fn: () => R): R {
  return frames.run({ context }, fn, [])
}

/** The task that this code belongs to, when it belongs to one. */
export function ownContext(): TaskContext | undefined {
  return frames.get()?.context
}

/** Calls `enter`, which calls tasks in the middle of another one: that one keeps its frame. */
export function amid(enter: () => void): void {
  depth++
  try {
    enter()
  } finally {
    depth--
  }
}

/** The task called last goes on: its frame is its own. */
export function keepFrame(): void {
  if (depth === 0) shared = undefined
}

/** No task's code runs any more in this turn. */
export function leaveFrames(): void {
  if (!entered || depth > 0) return
  entered = false
  shared = undefined
  frames.enter(undefined)
}

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
 * await task.catch((error) => error.code) // => "ERR_HEDDLE_TASK_CANCELLED"
 */
export function current(): Current {
  return frames.get()?.context ?? outside
}
