/** What callers may say of a task, checked before anything is done. */
import { checkBoolean, checkLimits, checkString } from "../internal/wire/given.ts"

/** How a task is run. */
export interface TaskOptions {
  /** Cancels the task when it aborts. */
  readonly signal?: AbortSignal
  /** Milliseconds after which the task is cancelled with `TimeoutError`. */
  readonly timeoutMs?: number
  /** `"main"`, or the id of the isolate that shall run it; otherwise any isolate but main. */
  readonly on?: "main" | number
  /** Shown by monitors and in errors; otherwise the function's name. */
  readonly name?: string
  /** Ends the isolate of a task that has not stopped in time when it is cancelled or times out. */
  readonly kill?: boolean
}

const KNOWN_OPTIONS = ["signal", "timeoutMs", "on", "name", "kill"]

/**
 * Looks at the options of `go.with`, all but the place, which depends on who lives.
 *
 * @throws {TypeError} for one that it does not know, or that is not of its type
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function checkOptions(options: TaskOptions): void {
  checkLimits(options, "go.with", KNOWN_OPTIONS)
  const { name = "", kill = false } = options
  checkString(name, "name")
  checkBoolean(kill, "kill")
}
