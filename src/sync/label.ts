/**
 * What every lock has behind its own words: how often it was had, and its name.
 *
 * ```
 * COUNT   a plain word, counted up by whoever may: see each lock
 * NAME    a cell, on the next multiple of a cell; never written when the lock has no name
 * ```
 */
import { read, type Words } from "#platform/atomics"
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import { checkString } from "../internal/wire/given.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"

/** How a lock is made. */
export interface LockNaming {
  /** What statistics and reports call it; empty unless given. */
  readonly name?: string
}

/** A lock as it is now; numbers may be a moment old. */
export interface LockStatistics {
  readonly kind: "mutex" | "rwLock" | "semaphore" | "barrier" | "latch" | "once"
  /** The name it was made with, or "". */
  readonly name: string
  /** Calls that wait for it, in all isolates. */
  readonly waiting: number
  /** Ids of the isolates that hold it, or hold a part of it. */
  readonly holders: readonly number[]
  /**
   * How often it was had: locks taken, acquires of a semaphore, rounds of a barrier; 1 for a latch
   * that is open and a once that is done. Modulo 2 ** 32.
   */
  readonly acquisitions: number
}

/** Where the label of a lock lies, from the lock's first word on. */
export interface Label {
  readonly count: number
  readonly name: number
  /** Bytes of the lock and its label. */
  readonly bytes: number
}

/** The first word from `word` on at which a cell may lie. */
export function cellFrom(word: number): number {
  return Math.ceil(word / CELL_WORDS) * CELL_WORDS
}

/** The label behind the first `words` words of a lock. */
export function labelAfter(words: number): Label {
  const name = cellFrom(words + 1)
  return { count: words, name, bytes: 4 * (name + CELL_WORDS) }
}

/**
 * The name among the options of a lock.
 *
 * @throws {TypeError} when they are no options, or hold one that is not known
 */
export function nameIn(what: string, options: unknown): string {
  if (options === undefined) return ""
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${what} takes options such as { name: "log" }, received ${shown(options)}`)
  }
  checkNames(options, what, ["name"])
  const { name = "" } = options as LockNaming
  checkString(name, `${what}: name`)
  return name
}

/** Names a fresh lock. @throws {OutOfSharedMemoryError} when there is no room for the name */
export function writeName(object: number, label: Label, name: string): void {
  if (name === "") return
  const tag = cells().prepare(name, "name")
  cells().put(object + label.name, tag, name)
  cells().commit(tag)
}

/** The name of a lock. */
export function nameOf(words: Words, object: number, label: Label): string {
  const cell = object + label.name
  return read(words, cell) === 0 ? "" : (cells().look(cell) as string)
}

/** The name of a lock that ends goes with it. */
export function dropName(object: number, label: Label): void {
  cells().drop(object + label.name)
}
