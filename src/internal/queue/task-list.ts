/**
 * The tasks queued in one isolate: a chain of records under a guard. Its isolate appends and takes;
 * idle isolates take several at once.
 *
 * ```
 * list     GUARD, FIRST, LAST, COUNT
 * record   NEXT (the inbox's), HOLDER: token of the isolate that took it last
 * ```
 * Invariant     COUNT = length of the chain from FIRST; LAST is its end
 * Publication   the records' words are plain; leaving the guard publishes, entering receives
 * Death         FIRST and NEXT are the truth: the next who enters counts again, and takes back what
 *               a thief had marked but not taken. A record taken by an isolate that died names it
 *               as HOLDER; its submitter finds it after `settle` and queues it again
 * Bound         the arena: a record is a block
 * Explored by   test/internal/queue/task-list.model.ts
 */
import { peek, poke, read, type Words, write } from "#platform/atomics"
import { enter, leave, tryEnter } from "../memory/guard.ts"
import { PAGE, pageAround, pageOf } from "../memory/layout.ts"
import { NEXT } from "./inbox.ts"

const GUARD = 0
const FIRST = 1
const LAST = 2
const COUNT = 3

/** Word of a record: who took it from a list last. */
export const HOLDER = 3

/** First word of the task list of the isolate in `slot`. */
export function listOf(slot: number): number {
  return pageOf(slot) + PAGE.TASKS
}

/** First word of the list of forks that the isolate in `slot` has given away. */
export function forksOf(slot: number): number {
  return pageOf(slot) + PAGE.FORKS
}

/** How many tasks wait in a list: a hint. */
export function lengthHint(words: Words, list: number): number {
  return peek(words, list + COUNT)
}

function enterList(words: Words, list: number, me: number): void {
  if (enter(words, list + GUARD, me)) recount(words, list, me)
}

/** Repairs the list if somebody died inside. */
export function settle(words: Words, list: number, me: number): void {
  enterList(words, list, me)
  leave(words, list + GUARD, me)
}

function recount(words: Words, list: number, me: number): void {
  // Of the list's own isolate: should the one who repairs die later, these are still in the list.
  const owner = peek(words, pageAround(list) + PAGE.TOKEN)
  let count = 0
  let last = 0
  for (let record = read(words, list + FIRST); record !== 0; record = read(words, record + NEXT)) {
    poke(words, record + HOLDER, owner === 0 ? me : owner)
    last = record
    count++
  }
  write(words, list + LAST, last)
  poke(words, list + COUNT, count)
}

/** Appends the chain `first` … `last` of `count` records. */
export function append(
  words: Words,
  list: number,
  first: number,
  last: number,
  count: number,
  me: number,
): void {
  write(words, last + NEXT, 0)
  enterList(words, list, me)
  link(words, list, first, last, count)
  leave(words, list + GUARD, me)
}

/** Puts a record that `me` has taken back, as one of the list's own isolate, `owner`. */
export function putBack(
  words: Words,
  list: number,
  record: number,
  owner: number,
  me: number,
): void {
  write(words, record + NEXT, 0)
  enterList(words, list, me)
  link(words, list, record, record, 1)
  poke(words, record + HOLDER, owner)
  leave(words, list + GUARD, me)
}

function link(words: Words, list: number, first: number, last: number, count: number): void {
  const end = read(words, list + LAST)
  if (read(words, list + FIRST) === 0) write(words, list + FIRST, first)
  else write(words, end + NEXT, first)
  write(words, list + LAST, last)
  poke(words, list + COUNT, read(words, list + COUNT) + count)
}

/** Takes up to `max` records from the front: the first of their chain, 0 when there is none. */
export function take(words: Words, list: number, max: number, me: number): number {
  if (peek(words, list + COUNT) === 0) return 0
  enterList(words, list, me)
  const first = detach(words, list, max, me)
  leave(words, list + GUARD, me)
  return first
}

/** As `take`, of at most half of what is there, but gives up when somebody is inside. */
export function steal(words: Words, list: number, max: number, me: number): number {
  if (peek(words, list + COUNT) === 0) return 0
  if (!tryEnter(words, list + GUARD, me)) return 0
  const half = (read(words, list + COUNT) + 1) >> 1
  const first = detach(words, list, half < max ? half : max, me)
  leave(words, list + GUARD, me)
  return first
}

/** Takes one record out again, wherever it stands; false when somebody else has taken it. */
export function remove(words: Words, list: number, record: number, me: number): boolean {
  enterList(words, list, me)
  let before = 0
  let at = read(words, list + FIRST)
  while (at !== 0 && at !== record) {
    before = at
    at = read(words, at + NEXT)
  }
  if (at !== 0) unlink(words, list, before, at)
  leave(words, list + GUARD, me)
  return at !== 0
}

function unlink(words: Words, list: number, before: number, record: number): void {
  const next = read(words, record + NEXT)
  if (before === 0) write(words, list + FIRST, next)
  else write(words, before + NEXT, next)
  if (next === 0) write(words, list + LAST, before)
  poke(words, list + COUNT, read(words, list + COUNT) - 1)
}

function detach(words: Words, list: number, max: number, me: number): number {
  const first = read(words, list + FIRST)
  if (first === 0) return 0
  let last = first
  let count = 1
  poke(words, first + HOLDER, me)
  for (; count < max; count++) {
    const next = read(words, last + NEXT)
    if (next === 0) break
    poke(words, next + HOLDER, me)
    last = next
  }
  const rest = read(words, last + NEXT)
  write(words, list + FIRST, rest)
  write(words, last + NEXT, 0)
  if (rest === 0) write(words, list + LAST, 0)
  poke(words, list + COUNT, read(words, list + COUNT) - count)
  return first
}
