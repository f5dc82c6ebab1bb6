/**
 * A block that ends when all tasks started in it have ended.
 *
 * States: open -> cancelled (a child failed, the body threw, a signal aborted, time is over) ->
 * ended. The first reason to cancel is what the scope rejects with.
 *
 * Invariant   when the scope settles, none of its children runs any more
 */
import { after } from "#platform/clock"
import { TaskCancelledError, TimeoutError } from "../errors.ts"
import { yieldTurn } from "../internal/loop/pump.ts"
import { checkFunction, checkLimits } from "../internal/wire/given.ts"
import { isGiven } from "./cancel.ts"
import { ownContext, resumeWith, TaskContext } from "./context.ts"
import type { TaskPromise } from "./handle.ts"
import { limitTime } from "./limit.ts"
import type { TaskOptions } from "./options.ts"
import { go } from "./task.ts"

/** How a scope is limited. */
export interface ScopeOptions {
  /** Cancels the scope when it aborts. */
  readonly signal?: AbortSignal
  /** Milliseconds after which the scope is cancelled with `TimeoutError`. */
  readonly timeoutMs?: number
}

/** What the body of a scope is given. */
export interface Scope {
  /** As `go`; the task belongs to the scope. Also `go.with(options)(fn, ...args)`. */
  readonly go: typeof go
  /** Aborts when the scope is cancelled. `current().signal` is the same in the body. */
  readonly signal: AbortSignal
}

/** The children of one scope. */
class Children {
  readonly #tasks = new Set<TaskPromise<unknown>>()
  readonly #context = ownContext()?.part() ?? new TaskContext(0)
  #failure: { readonly error: unknown } | undefined
  #closed = false
  #heard: (() => void) | undefined

  readonly go: typeof go = Object.assign(
    ((fn, ...args) => this.#add(go(this.#open(fn), ...args))) as typeof go,
    {
      with: ((options) => {
        const start = go.with(options)
        return (fn, ...args) => this.#add(start(this.#open(fn), ...args), options)
      }) as typeof go.with,
    },
  )

  get context(): TaskContext {
    return this.#context
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Cancels everything that runs; the first error is the scope's. */
  fail(error: unknown): void {
    if (this.#failure !== undefined || this.#closed) return
    this.#failure = { error }
    this.#context.abort(error)
    for (const task of [...this.#tasks]) task.cancel(reasonOf(error))
    this.#heard?.()
  }

  /** Resolves when `body` is over or the scope is cancelled, and no child is left. */
  async ended(body: Promise<unknown>): Promise<void> {
    let bodyEnded = false
    body.finally(() => {
      bodyEnded = true
      this.#heard?.()
    })
    await this.#until(() => this.#tasks.size === 0 && (bodyEnded || this.#failure !== undefined))
    if (!bodyEnded) {
      await yieldTurn()
      await this.#until(() => this.#tasks.size === 0)
    }
    this.#closed = true
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = () => {
        if (!holds()) return
        this.#heard = undefined
        resolve()
      }
      this.#heard()
    })
  }

  #open<F>(fn: F): F {
    if (this.#closed) throw new TypeError("a task was started in a scope that has ended")
    return fn
  }

  #add<T>(task: T, options?: TaskOptions): T {
    const child = task as unknown as TaskPromise<unknown>
    this.#tasks.add(child)
    child.then(undefined, (error: unknown) => {
      if (!wasCancelledAlone(child, error)) this.fail(error)
    })
    child.onEnd(() => {
      this.#tasks.delete(child)
      this.#heard?.()
    })
    if (options?.kill === true) limitTime(child, { signal: this.signal, kill: true })
    if (this.#failure !== undefined) child.cancel(reasonOf(this.#failure.error))
    return task
  }
}

/** `child.cancel()` was called on purpose: no failure of its scope. */
function wasCancelledAlone(child: TaskPromise<unknown>, error: unknown): boolean {
  return child.settled === "cancelled" && error instanceof TaskCancelledError
}

function reasonOf(error: unknown): unknown {
  return error instanceof TaskCancelledError ? error.reason : error
}

/**
 * Runs `body` and waits until every task it started with `s.go` has ended. Gives what `body`
 * returns.
 *
 * The first failure — a task that rejects, or an error thrown by `body` — cancels the other tasks,
 * and the scope rejects with that error once all have ended; so does `signal`
 * (`TaskCancelledError`; a signal's `TimeoutError` itself), the end of `timeoutMs`
 * (`TimeoutError`), and the cancellation of the task or scope around this one. A task cancelled
 * by its own `cancel()` is no failure. A cancelled body is told by `s.signal`; the scope waits for
 * its tasks, not for a body that does not listen.
 *
 * @throws {TimeoutError} when it has not ended within `timeoutMs`
 * @throws {TaskCancelledError} when it was cancelled from outside
 * @example
 * const sum = await scope(async (s) => {
 *   const left = s.go((n: number) => n + 1, 1)
 *   const right = s.go((n: number) => n * 2, 2)
 *   return (await left) + (await right)
 * })
 * console.log(sum) // prints: 6
 */
export async function scope<R>(
  body: (s: Scope) => R | PromiseLike<R>,
  options: ScopeOptions = {},
): Promise<R> {
  checkFunction(body, "scope")
  checkLimits(options, "scope", ["signal", "timeoutMs"])
  return within(body, options, { kind: "scope", name: "" })
}

/** What a scope is called in errors: `parallel.map` of a function, for one. */
export interface ScopeTitle {
  readonly kind: string
  readonly name: string
}

/** As `scope`, under another title. */
export async function within<R>(
  body: (s: Scope) => R | PromiseLike<R>,
  options: ScopeOptions,
  title: ScopeTitle,
): Promise<R> {
  const children = new Children()
  const stops = limit(children, options, title)
  try {
    return await settle(children, body)
  } finally {
    for (const stop of stops) stop()
  }
}

async function settle<R>(children: Children, body: (s: Scope) => R | PromiseLike<R>): Promise<R> {
  let result: R | undefined
  const s: Scope = {
    go: children.go,
    get signal() {
      return children.signal
    },
  }
  if (children.failure === undefined) {
    const run = async (): Promise<void> => {
      try {
        result = await body(s)
      } catch (error) {
        children.fail(error)
      }
    }
    await children.ended(resumeWith(children.context, run))
  }
  const { failure } = children
  if (failure !== undefined) throw failure.error
  return result as R
}

/** Cancels the scope when one of its limits is reached. Returns what ends the watching. */
function limit(
  children: Children,
  { signal, timeoutMs }: ScopeOptions,
  title: ScopeTitle,
): (() => void)[] {
  const stops: (() => void)[] = []
  if (timeoutMs !== undefined) {
    const timer = after(timeoutMs, () => children.fail(new TimeoutError("scope", timeoutMs)))
    stops.push(() => timer.stop())
  }
  for (const outer of [signal, ownContext()?.signal]) {
    if (outer === undefined) continue
    const abort = (): void => children.fail(cancellation(outer.reason, title))
    outer.addEventListener("abort", abort, { once: true })
    stops.push(() => outer.removeEventListener("abort", abort))
    if (outer.aborted) abort()
  }
  return stops
}

function cancellation(reason: unknown, { kind, name }: ScopeTitle): unknown {
  return isGiven(reason) ? reason : new TaskCancelledError(reason, name, kind)
}
