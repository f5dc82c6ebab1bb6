/**
 * A task as its submitter sees it: a promise with a name.
 *
 * States: queued -> running -> completed | failed | cancelled. The promise settles when the task
 * ends, or earlier when it is cancelled; `ended` always waits for the end.
 */
import { here } from "../internal/loop/here.ts"
import { looksRunning } from "./record.ts"

/** Where a task stands, as far as its submitter has heard. */
export type TaskState = "queued" | "running" | "completed" | "failed" | "cancelled"

/** A running or finished task: awaits like a promise. */
export interface Task<T> extends Promise<T> {
  /** Unique within the program. */
  readonly id: number
  /** As given in `go.with({ name })`, else the function's name. */
  readonly name: string
  /** `queued` until an isolate has begun it; how it ended, as soon as this isolate has heard. */
  readonly state: TaskState
  /** Asks the task to stop: `current().signal` aborts there, and this promise rejects at once. */
  cancel(reason?: unknown): void
}

/** Where a stack was taken; it becomes text when it is read. */
export interface TakenStack {
  readonly stack?: string
}

/** What happens to a task from its submitter's side. */
export interface TaskEvents {
  cancel(task: TaskPromise<unknown>, reason: unknown): void
}

let events: TaskEvents | undefined

/** Says who carries out `cancel`. */
export function setTaskEvents(handler: TaskEvents): void {
  events = handler
}

type Settle = (value: unknown) => void

let nextResolve: Settle
let nextReject: Settle

function capture(resolve: Settle, reject: Settle): void {
  nextResolve = resolve
  nextReject = reject
}

/** The promise behind `Task`. */
export class TaskPromise<T> extends Promise<T> implements Task<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  id = 0
  readonly name: string
  /** First word of its record in shared memory, 0 once that is gone. */
  record = 0
  cookie = 0
  /** The stack of the submission, or of an earlier one of the same function. */
  readonly submittedAt: TakenStack
  settled: "" | "completed" | "failed" | "cancelled" = ""
  /** Whether its record may lie in the inbox of its isolate's successor, who gives it back. */
  adrift = false
  /** Whether its isolate is ended when it was cancelled and does not stop. */
  kill = false
  resolve: (value: T) => void
  readonly reject: (error: unknown) => void
  /** Who is told of its end; `true` once it has ended. */
  #ended: (() => void)[] | true | undefined

  constructor(name: string, submittedAt: TakenStack) {
    super(capture as never)
    this.name = name
    this.submittedAt = submittedAt
    this.resolve = nextResolve as (value: T) => void
    this.reject = nextReject
  }

  get state(): TaskState {
    if (this.settled !== "") return this.settled
    return this.record !== 0 && looksRunning(here().words, this.record) ? "running" : "queued"
  }

  /** Rejects with an error that happened elsewhere. */
  fail(error: unknown): void {
    this.settled = "failed"
    this.reject(error)
  }

  /** Rejects with an error made here, whose stack shall be that of the submission. */
  failHere(error: Error): void {
    this.fail(this.traced(error))
  }

  /** Gives an error made here the stack of the submission. */
  traced(error: Error): Error {
    const frames = this.submittedAt.stack?.split("\n").slice(1) ?? []
    error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n")
    return error
  }

  /** Calls `fn` once the task has ended, wherever it ran; at once when it has. */
  onEnd(fn: () => void): void {
    if (this.#ended === true) fn()
    else if (this.#ended === undefined) this.#ended = [fn]
    else this.#ended.push(fn)
  }

  /** The task has ended: nothing of it runs any more. */
  end(): void {
    const told = this.#ended
    this.#ended = true
    if (Array.isArray(told)) for (const fn of told) fn()
  }

  cancel(reason?: unknown): void {
    events?.cancel(this as TaskPromise<unknown>, reason)
  }

  /** What `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    show: (value: unknown, options: object) => string,
  ): string {
    const { id, name, state } = this
    return `Task ${show({ id, name, state }, options)}`
  }
}

// `await` takes a promise without wrapping it only when its constructor is Promise itself.
Object.defineProperty(TaskPromise.prototype, "constructor", { value: Promise })

/** Tasks of this isolate that have not ended, by cookie. */
export class Pending {
  readonly #tasks: (TaskPromise<unknown> | undefined)[] = []
  readonly #free: number[] = []
  #count = 0

  /** How many have not ended. */
  get count(): number {
    return this.#count
  }

  /** Gives the task a cookie. */
  add(task: TaskPromise<unknown>): void {
    this.#count++
    task.cookie = this.#free.pop() ?? this.#tasks.length
    this.#tasks[task.cookie] = task
  }

  /** The task with this cookie. */
  get(cookie: number): TaskPromise<unknown> {
    return this.#tasks[cookie] as TaskPromise<unknown>
  }

  /** The task has ended. */
  remove(task: TaskPromise<unknown>): void {
    this.#count--
    this.#tasks[task.cookie] = undefined
    this.#free.push(task.cookie)
  }

  /** All that have not ended. */
  all(): TaskPromise<unknown>[] {
    return this.#tasks.filter((task) => task !== undefined)
  }
}
