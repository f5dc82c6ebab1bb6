/** What callers may say, checked before anything is done. */
import { CHANNEL_CAPACITY_MAX } from "#platform/limits"
import { checkLimits } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
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

/** @throws {RangeError} when a capacity is no whole number from `least` */
export function checkCapacity(capacity: unknown, least: number): void {
  const max = CHANNEL_CAPACITY_MAX
  if (Number.isInteger(capacity) && (capacity as number) >= least && (capacity as number) <= max) {
    return
  }
  throw new RangeError(
    `capacity must be a whole number from ${least} to ${max}, received ${shown(capacity)}`,
  )
}

/** @throws {RangeError} when `max` is not a number of values */
export function checkMany(max: unknown, what: string): void {
  if (Number.isInteger(max) && (max as number) >= 1) return
  throw new RangeError(`${what} takes a number of values from 1, received ${shown(max)}`)
}

/** @throws {TypeError} when `values` cannot be gone through */
export function checkIterable(values: unknown, what: string): void {
  if (typeof (values as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === "function") {
    return
  }
  throw new TypeError(`${what} takes an iterable of values, received ${shown(values)}`)
}

/** @throws {RangeError} when `ms` is not a number of milliseconds from `least` */
export function checkMs(ms: unknown, least: number, what: string): void {
  if (typeof ms === "number" && ms >= least) return
  throw new RangeError(
    `${what} takes a number of milliseconds from ${least}, received ${shown(ms)}`,
  )
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
  checkLimits(options, what, ["signal"])
}

/**
 * The milliseconds that a blocking operation waits at most.
 *
 * @throws {RangeError} when `timeoutMs` is not a number of milliseconds
 */
export function timeoutOf(options: SyncOptions, what: string): number {
  checkLimits(options, what, ["timeoutMs"])
  return options.timeoutMs ?? Infinity
}

/** @throws {TypeError} when the cases of a select are no object */
export function checkCases(cases: unknown): void {
  if (typeof cases === "object" && cases !== null && !Array.isArray(cases)) return
  throw new TypeError(`select takes an object of named cases, received ${shown(cases)}`)
}
