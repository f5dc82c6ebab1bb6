/** Why an isolate ended, as a value. */

import type { ThreadExit } from "#platform/thread"
import type { DeathReason } from "../errors.ts"
import { isError } from "../internal/wire/codec-errors.ts"

/** How the life of an isolate ended. */
export interface ExitReason {
  readonly reason: DeathReason
  readonly exitCode: number
  /** What was thrown, when something was. */
  readonly error?: unknown
}

/** Reads the reason off a thread's end; `asked` when the runtime ended it. */
export function exitReason(exit: ThreadExit, asked: boolean): ExitReason {
  const error = genuine(exit.error)
  const base = { exitCode: exit.code, ...(error === undefined ? {} : { error }) }
  if (asked) return { ...base, reason: "killed" }
  if (isOutOfMemory(exit.error)) return { ...base, reason: "out-of-memory" }
  if (exit.error !== undefined) return { ...base, reason: "failed" }
  return { ...base, reason: "exited" }
}

/**
 * The host brings an error as an object that only looks like one: codec and engine do not take it
 * for one.
 */
function genuine(thrown: unknown): unknown {
  if (isError(thrown) || !(thrown instanceof Error)) return thrown
  const error = new Error(thrown.message)
  Object.setPrototypeOf(error, Reflect.getPrototypeOf(thrown))
  return Object.defineProperties(error, Object.getOwnPropertyDescriptors(thrown))
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "ERR_WORKER_OUT_OF_MEMORY"
}
