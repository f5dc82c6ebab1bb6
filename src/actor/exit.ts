/** Why an actor exited, as a value and as data. */
import { OutOfSharedMemoryError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { isError } from "../internal/wire/codec-errors.ts"
import { sendableOf } from "../internal/wire/failure.ts"
import { argsOf, copyError, makeMessage, putError, takeError } from "./message.ts"
import { LINKED_EXIT } from "./method.ts"

/**
 * Why an actor exited.
 *
 * `normal`: it was stopped, or its function returned. `shutdown`: its supervisor or the program
 * ends. `killed`: by `kill()`. `failed`: `error` was thrown in it, or by one it is linked to.
 * `isolate-died`: the isolate it lived in ended, `error` says how.
 */
export interface ExitReason {
  readonly reason: "normal" | "shutdown" | "killed" | "failed" | "isolate-died"
  /** What was thrown. */
  readonly error?: unknown
  /** What was given to `stop`. */
  readonly detail?: unknown
}

/** Stopped without a reason. */
export const NORMAL: ExitReason = Object.freeze({ reason: "normal" })
/** Ended by `kill()`. */
export const KILLED: ExitReason = Object.freeze({ reason: "killed" })

/** The reason that was meant by the argument of `stop`. */
export function reasonFrom(given: unknown): ExitReason {
  if (given === undefined || given === "normal") return NORMAL
  if (given === "shutdown") return { reason: "shutdown" }
  if (given instanceof Error) return { reason: "failed", error: given }
  return { reason: "normal", detail: given }
}

/** Whether those linked to it are to exit, too, and a transient child is started again. */
export function isAbnormal({ reason }: ExitReason): boolean {
  return reason !== "normal" && reason !== "shutdown"
}

/** Writes a reason into a cell. Never fails: what cannot cross is described. */
export function putReason(at: Here, cell: number, reason: ExitReason): void {
  const common = reason.error === undefined && reason.detail === undefined
  if (common) {
    // A small number, apart from those that an error without room leaves.
    cells().putNumber(cell, -1 - NAMES.indexOf(reason.reason))
    return
  }
  putError(at, cell, reason.error === undefined ? { ...reason } : carrier(reason))
}

/** Errors inside an error survive any repair; so the reason travels as one. */
function carrier({ reason, error, detail }: ExitReason): Error {
  const cause = isError(error) ? error : sendableOf(error)
  return Object.assign(new Error(reason, { cause }), { detail })
}

/** Makes the message that tells a linked actor; 0 when no memory is left for it. */
export function makeExit(at: Here, reason: ExitReason): number {
  try {
    const record = makeMessage(at, LINKED_EXIT, [], 0)
    putReason(at, argsOf(record), reason)
    return record
  } catch (error) {
    if (error instanceof OutOfSharedMemoryError) return 0
    throw error
  }
}

/** What such a message says, which stays in it. */
export function reasonIn(at: Here, record: number): ExitReason {
  return copyReason(at, argsOf(record))
}

/** Takes a reason out of a cell. */
export function takeReason(at: Here, cell: number): ExitReason {
  return commonReason(cell) ?? reasonOf(takeError(at, cell))
}

function commonReason(cell: number): ExitReason | undefined {
  const number = cells().number(cell)
  return number === undefined || number >= 0 ? undefined : COMMON[-1 - number]
}

/** The reason in a cell that others read, too. */
export function copyReason(at: Here, cell: number): ExitReason {
  return commonReason(cell) ?? reasonOf(copyError(at, cell))
}

function reasonOf(read: unknown): ExitReason {
  if (!(read instanceof Error)) return read as ExitReason
  const detail: unknown = Reflect.get(read, "detail")
  const { message, cause } = read
  const reason = REASONS.has(message) ? (message as ExitReason["reason"]) : "failed"
  const error = REASONS.has(message) ? cause : read
  return { reason, error, ...(detail === undefined ? {} : { detail }) }
}

const NAMES = ["normal", "shutdown", "killed", "failed", "isolate-died"] as const
const REASONS: ReadonlySet<string> = new Set(NAMES)
/** Reasons of which nothing else is known. */
const COMMON: readonly ExitReason[] = NAMES.map((reason) => Object.freeze({ reason }))

/** Drops a reason that nobody takes. */
export function dropReason(cell: number): void {
  cells().drop(cell)
}
