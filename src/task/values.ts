/** The values of a task: what its function is called with, in its record. */

import { OutOfSharedMemoryError } from "../errors.ts"
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { fromFailure, toFailure } from "../internal/wire/failure.ts"
import {
  boundOf,
  countOf,
  isInArray,
  RESULT,
  setCount,
  setTaken,
  VALUES,
  VALUES_IN_PLACE,
} from "./record.ts"

/**
 * Writes captured values and arguments into a record.
 *
 * @throws {NotSendableError} when one of them cannot cross; then nothing was written
 */
export function writeValues(
  at: Here,
  record: number,
  captures: readonly unknown[] | undefined,
  args: readonly unknown[],
): void {
  const bound = captures === undefined ? -1 : captures.length
  if ((captures === undefined || captures.length === 0) && areScalars(args)) {
    for (let i = 0; i < args.length; i++) putScalar(record + VALUES + i * CELL_WORDS, args[i])
    setCount(at.words, record, args.length, bound, false)
    return
  }
  const all = captures === undefined ? args : [...captures, ...args]
  const tag = cells().prepare(all, "args")
  cells().put(record + VALUES, tag, all)
  cells().commit(tag)
  setCount(at.words, record, all.length, bound, true)
}

function areScalars(values: readonly unknown[]): boolean {
  if (values.length > VALUES_IN_PLACE) return false
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const type = typeof value
    if (type !== "number" && type !== "boolean" && value !== undefined && value !== null)
      return false
  }
  return true
}

function putScalar(cell: number, value: unknown): void {
  cells().put(cell, cells().prepare(value, "args"), value)
}

/** Takes all values out of a record, captured ones first. */
export function takeValues(at: Here, record: number): unknown[] {
  if (isInArray(at.words, record)) {
    setTaken(at.words, record)
    return cells().take(record + VALUES) as unknown[]
  }
  const values: unknown[] = []
  const count = countOf(at.words, record)
  for (let i = 0; i < count; i++) values.push(cells().take(record + VALUES + i * CELL_WORDS))
  return values
}

/** Whether the values must be waited for before they can be taken. */
export function valuesPending(at: Here, record: number): boolean {
  return isInArray(at.words, record) && cells().pending(record + VALUES)
}

/** Resolves when pending values can be taken. */
export function valuesArrived(record: number): Promise<void> {
  return cells().arrived(record + VALUES)
}

/** Drops the values of a task that will not run, unless they were taken, or dropped. */
export function dropValues(at: Here, record: number): void {
  if (!isInArray(at.words, record)) return
  setTaken(at.words, record)
  cells().drop(record + VALUES)
}

/** How many of the values make the function; -1 when it is made already. */
export function boundCount(at: Here, record: number): number {
  return boundOf(at.words, record)
}

/**
 * Writes what was thrown as the result. Never fails: when not even the failure fits into shared
 * memory, a number in its place says so.
 */
export function putFailure(at: Here, record: number, thrown: unknown): void {
  const cell = record + RESULT
  try {
    const failure = toFailure(thrown, nameOf(at))
    const tag = cells().prepare(failure, "error")
    cells().put(cell, tag, failure)
    cells().commit(tag)
  } catch (full) {
    cells().putNumber(cell, full instanceof OutOfSharedMemoryError ? full.requestedBytes : 0)
  }
}

/** The error of a task that failed; its stack shows where it was submitted, too. */
export function takeFailure(at: Here, record: number, awaitedStack: string | undefined): unknown {
  try {
    const failure = cells().take(record + RESULT)
    if (typeof failure === "number") {
      return new OutOfSharedMemoryError(failure, at.arena.statistics().totalBytes)
    }
    return fromFailure(failure, awaitedStack === undefined ? {} : { awaitedStack })
  } catch (unreadable) {
    return unreadable
  }
}

function nameOf(at: Here): string {
  const slot = slotOf(at.me)
  return slot === 0 ? "the main isolate" : `isolate ${slot}`
}

/** First word of the cell of the result. */
export function resultCell(record: number): number {
  return record + RESULT
}
