/** What many calls take alike, checked before anything is done: functions, texts, limits. */
import { checkNames, shown } from "./shown.ts"

/** @throws {TypeError} when it is no function */
export function checkFunction(fn: unknown, what: string): void {
  if (typeof fn === "function") return
  throw new TypeError(`${what} takes a function, received ${shown(fn)}`)
}

/** @throws {TypeError} when `value`, given as `name`, is no string */
export function checkString(value: unknown, name: string): void {
  if (typeof value === "string") return
  throw new TypeError(`${name} must be a string, received ${shown(value)}`)
}

/** @throws {TypeError} when `value`, given as `name`, is neither true nor false */
export function checkBoolean(value: unknown, name: string): void {
  if (typeof value === "boolean") return
  throw new TypeError(`${name} must be true or false, received ${shown(value)}`)
}

/** @throws {TypeError} when a signal is given that is none */
function checkSignal(signal: unknown, what: string): void {
  if (signal === undefined || isSignal(signal)) return
  throw new TypeError(`${what} takes an AbortSignal as signal, received ${shown(signal)}`)
}

/** Also one of another realm, as test runners make them. */
export function isSignal(value: unknown): value is AbortSignal {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "aborted") === "boolean" &&
    typeof Reflect.get(value, "addEventListener") === "function"
  )
}

/** @throws {RangeError} when `timeoutMs` is given and not a number of milliseconds */
function checkTimeout(timeoutMs: unknown): void {
  if (timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs >= 0)) return
  throw new RangeError(
    `timeoutMs must be a number of milliseconds from 0, received ${shown(timeoutMs)}`,
  )
}

/**
 * Looks at the options of `what`, a call that can be called off.
 *
 * @throws {TypeError} when they are no object, have a name that is not `known`, or a signal that is
 *   none, or are the signal itself
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function checkLimits(options: unknown, what: string, known: readonly string[]): void {
  checkNames(options, what, known)
  const { signal, timeoutMs } = options as { signal?: unknown; timeoutMs?: unknown }
  checkSignal(signal, what)
  checkTimeout(timeoutMs)
  if (signal === undefined && isSignal(options))
    throw new TypeError(
      `${what} takes an object of options, { signal }, received the signal itself`,
    )
}
