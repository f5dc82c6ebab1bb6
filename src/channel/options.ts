/** What callers may say, checked before anything is done. */
import type { Schema } from "../internal/wire/struct.ts"

/** How a waiting operation can be called off. */
export interface WaitOptions {
  /** When it aborts first, nothing is sent or taken, and the call rejects with its reason. */
  readonly signal?: AbortSignal
}

/** How a blocking operation can be called off. */
export interface SyncOptions {
  /** Milliseconds after which it throws `TimeoutError`; 0 does not wait. */
  readonly timeoutMs?: number
}

/** A value in a few words, for a message. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object"
  return typeof value === "function" ? "a function" : String(value)
}

/** @throws {TypeError} when `options` is no object, or has a name that is not `known` */
export function checkNames(options: unknown, what: string, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} takes an object of options, received ${shown(options)}`)
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    throw new TypeError(`${what} has no option ${key}; it knows ${known.join(", ")}`)
  }
}

/** @throws {TypeError} when a name is given that is no string */
export function checkName(name: unknown): void {
  if (typeof name === "string") return
  throw new TypeError(`name must be a string, received ${shown(name)}`)
}

/** @throws {TypeError} when `of` is given and no schema */
export function checkSchema(of: unknown): void {
  if (of === undefined) return
  const schema = of as Partial<Schema<unknown>> | null
  if (typeof schema?.writer === "function" && typeof schema.reader === "function") return
  throw new TypeError(`of must be a schema such as i32 or struct({ … }), received ${shown(of)}`)
}

/** @throws {TypeError} when the options of an operation that may wait are not such */
export function checkWait(options: unknown, what: string): void {
  checkNames(options, what, ["signal"])
  const { signal } = options as { signal?: unknown }
  if (signal === undefined || signal instanceof AbortSignal) return
  throw new TypeError(`signal of ${what} must be an AbortSignal, received ${shown(signal)}`)
}

/**
 * The milliseconds that a blocking operation waits at most.
 *
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function timeoutOf(options: SyncOptions, what: string): number {
  checkNames(options, what, ["timeoutMs"])
  const { timeoutMs = Infinity } = options
  if (typeof timeoutMs === "number" && timeoutMs >= 0) return timeoutMs
  throw new RangeError(
    `timeoutMs must be a number of milliseconds from 0, received ${shown(timeoutMs)}`,
  )
}

/** @throws {TypeError} when the cases of a select are no object */
export function checkCases(cases: unknown): void {
  if (typeof cases === "object" && cases !== null && !Array.isArray(cases)) return
  throw new TypeError(`select takes an object of named cases, received ${shown(cases)}`)
}
