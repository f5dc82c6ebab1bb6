/** What callers say about a call: checked here, so that a slip of the pen is heard of at once. */
import { checkNames } from "../internal/wire/shown.ts"

/** What several calls are limited by. */
interface Limits {
  readonly signal?: unknown
  readonly timeoutMs?: unknown
}

/**
 * Looks at the options of `call`, as in `parallel.map`.
 *
 * @throws {TypeError} naming an option it does not have, or options that are no object
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function checkOptions(call: string, options: object, known: readonly string[]): void {
  checkNames(options, call, known)
  const { signal, timeoutMs } = options as Limits
  if (signal !== undefined && !isSignal(signal)) {
    throw new TypeError(`${call} takes an AbortSignal as signal, received ${describe(signal)}`)
  }
  if (timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs >= 0)) return
  throw new RangeError(
    `timeoutMs must be a number of milliseconds from 0, received ${describe(timeoutMs)}`,
  )
}

/** Also one of another realm, as test runners make them. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "aborted") === "boolean" &&
    typeof Reflect.get(value, "addEventListener") === "function"
  )
}

/** A value as a message shows it. */
export function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : String(value)
}
