/** The values of a task: what its function is called with, in its record. */
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { boundOf, countOf, isInArray, RESULT, setCount, VALUES, VALUES_IN_PLACE } from "./record.ts"

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
  if (isInArray(at.words, record)) return cells().take(record + VALUES) as unknown[]
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

/** Drops the values of a task that will not run. */
export function dropValues(at: Here, record: number): void {
  if (isInArray(at.words, record)) cells().drop(record + VALUES)
}

/** How many of the values make the function; -1 when it is made already. */
export function boundCount(at: Here, record: number): number {
  return boundOf(at.words, record)
}

/** First word of the cell of the result. */
export function resultCell(record: number): number {
  return record + RESULT
}
