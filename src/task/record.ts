/**
 * A task in shared memory: one block of 128 bytes, owned by the isolate that submitted it.
 *
 * ```
 * KIND, NEXT    as an inbox node, and as a link of a task list
 * STATE         QUEUED -> RUNNING -> DONE or FAILED; whoever moves it holds the task
 * HOLDER        token of the isolate whose list it is in, or which runs it
 * SUBMITTER     token of the isolate that waits for it; COOKIE is its name there
 * CODE          the function: see code.ts
 * PLACE         PINNED when only HOLDER may run it, FORK when it is part of a join
 * CANCELLED     once nobody wants it any more: the block with the reason, or UNTOLD
 * COUNT, BOUND  how many values were passed, and how many of them are captured ones that come first
 * VALUES        the values: four cells in place, or one cell with an array of all
 * RESULT        a cell: the result, or the failure
 * ```
 * Publication   the submitter fills it before a task list's guard or an inbox publishes it; the
 * runner
 *               fills RESULT before the submitter's inbox publishes it
 */
import { exchange, load, peek, poke, read, store, type Words, write } from "#platform/atomics"
import { KIND } from "../internal/memory/kinds.ts"
import { NEXT } from "../internal/queue/inbox.ts"
import { HOLDER } from "../internal/queue/task-list.ts"

/** Bytes of a record. */
export const RECORD_BYTES = 128

const STATE = 2
const SUBMITTER = 4
const COOKIE = 5
const CODE = 6
const PLACE = 7
const CANCELLED = 8
const COUNT = 9
const BOUND = 10
const ID = 11

/** First word of the result's cell. */
export const RESULT = 12

/** First word of the values' cells. */
export const VALUES = 16

/** Values that fit in the record itself. */
export const VALUES_IN_PLACE = 4

/** Says in COUNT that one cell holds an array of all values. */
const IN_ARRAY = 1 << 16

const ANYWHERE = 0
const PINNED = 1
const FORK = 2

/** In CANCELLED: there is no reason, or somebody has taken it. */
const UNTOLD = 1

/** States of a task in shared memory. */
export const QUEUED = 0
export const RUNNING = 1
export const DONE = 2
export const FAILED = 3

/** Fills a fresh record but for its values. */
export function fill(
  words: Words,
  record: number,
  submitter: number,
  cookie: number,
  code: number,
  id: number,
): void {
  write(words, record, KIND.TASK)
  write(words, record + NEXT, 0)
  poke(words, record + STATE, QUEUED)
  write(words, record + HOLDER, submitter)
  write(words, record + SUBMITTER, submitter)
  write(words, record + COOKIE, cookie)
  write(words, record + CODE, code)
  write(words, record + PLACE, ANYWHERE)
  poke(words, record + CANCELLED, 0)
  write(words, record + ID, id)
}

/**
 * Notes how many values there are, how many of them are captured, and whether they lie in an array.
 */
export function setCount(
  words: Words,
  record: number,
  count: number,
  bound: number,
  inArray: boolean,
): void {
  write(words, record + COUNT, inArray ? count | IN_ARRAY : count)
  write(words, record + BOUND, bound)
}

/** How many values it has. */
export function countOf(words: Words, record: number): number {
  return read(words, record + COUNT) & (IN_ARRAY - 1)
}

/** Whether one cell holds an array of all values. */
export function isInArray(words: Words, record: number): boolean {
  return (read(words, record + COUNT) & IN_ARRAY) !== 0
}

/** The values are about to be taken out of their array, or dropped: nobody else may do either. */
export function setTaken(words: Words, record: number): void {
  write(words, record + COUNT, 0)
}

/** How many of the values are captured ones: they make the function. -1 when it is one already. */
export function boundOf(words: Words, record: number): number {
  return read(words, record + BOUND)
}

/** QUEUED, RUNNING, DONE or FAILED. */
export function stateOf(words: Words, record: number): number {
  return read(words, record + STATE)
}

/** Whether somebody has begun it: a hint. */
export function looksRunning(words: Words, record: number): boolean {
  return peek(words, record + STATE) === RUNNING
}

/** Moves it on; whoever holds it does. */
export function setState(words: Words, record: number, state: number): void {
  poke(words, record + STATE, state)
}

/** The isolate that took it last. */
export function holderOf(words: Words, record: number): number {
  return read(words, record + HOLDER)
}

/** Says who holds it now. */
export function setHolder(words: Words, record: number, token: number): void {
  write(words, record + HOLDER, token)
}

/** The isolate that waits for it. */
export function submitterOf(words: Words, record: number): number {
  return read(words, record + SUBMITTER)
}

/** Its submitter's name for it. */
export function cookieOf(words: Words, record: number): number {
  return read(words, record + COOKIE)
}

/** The number of its function. */
export function codeOf(words: Words, record: number): number {
  return read(words, record + CODE)
}

/** Its number among the tasks of its submitter. */
export function idOf(words: Words, record: number): number {
  return read(words, record + ID)
}

/** Only its holder may run it. */
export function pin(words: Words, record: number): void {
  write(words, record + PLACE, PINNED)
}

/** Makes it part of a join: whoever waits for it blocks its thread. */
export function markFork(words: Words, record: number): void {
  write(words, record + PLACE, FORK)
}

/** Whether it is part of a join. */
export function isFork(words: Words, record: number): boolean {
  return read(words, record + PLACE) === FORK
}

/** Whether only its holder may run it. */
export function isPinned(words: Words, record: number): boolean {
  return read(words, record + PLACE) === PINNED
}

/**
 * Nobody wants the task any more; a runner that has not begun skips it. `reason` is a block whose
 * first two words are a cell, or 0.
 */
export function cancelRecord(words: Words, record: number, reason: number): void {
  store(words, record + CANCELLED, reason === 0 ? UNTOLD : reason)
}

/** Whether nobody wants it any more. */
export function isCancelled(words: Words, record: number): boolean {
  return load(words, record + CANCELLED) !== 0
}

/** The block with the reason for which it was cancelled, once: whoever is given it frees it. */
export function takeReason(words: Words, record: number): number {
  if (peek(words, record + CANCELLED) <= UNTOLD) return 0
  const block = exchange(words, record + CANCELLED, UNTOLD)
  return block === UNTOLD ? 0 : block
}
