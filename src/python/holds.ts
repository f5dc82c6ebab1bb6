/**
 * Which interpreters the Python objects of an interpreter refer to: however it dies, its references
 * end with it.
 *
 * ```
 * hold  NEXT, ID of the interpreter that is held, COUNT; a chain from the holder's row
 * ```
 * Publication   the holder's thread alone writes its chain; main reads it when that has ended
 * Death         a reference is counted before it is noted, and its note goes first: what dies in
 *               between keeps an interpreter too long, and ends none too soon
 */
import { add, read, subtract, type Words, write } from "#platform/atomics"
import { acquire, type Here } from "../internal/loop/here.ts"
import { findRow, ROW } from "./world.ts"

const NEXT = 0
const ID = 1
const COUNT = 2
const HOLD_BYTES = 12

/** References to one interpreter. */
export interface Hold {
  readonly id: number
  readonly count: number
}

/** The word that names the hold on the interpreter `id`, or 0 at the end of the chain. */
function linkTo(words: Words, holder: number, id: number): number {
  let link = holder + ROW.HOLDS
  for (let hold = read(words, link); hold !== 0; hold = read(words, link)) {
    if (read(words, hold + ID) === id) break
    link = hold + NEXT
  }
  return link
}

/**
 * The interpreter in the row `holder` refers once more to the one in `row`, whose id is `id`;
 * returns how many references that has now.
 */
export function holdRow(at: Here, holder: number, row: number, id: number): number {
  const { words } = at
  const references = add(words, row + ROW.REFERENCES, 1) + 1
  const link = linkTo(words, holder, id)
  const hold = read(words, link)
  if (hold !== 0) {
    write(words, hold + COUNT, read(words, hold + COUNT) + 1)
    return references
  }
  const made = acquire(at, HOLD_BYTES)
  write(words, made + NEXT, 0)
  write(words, made + ID, id)
  write(words, made + COUNT, 1)
  write(words, link, made)
  return references
}

/** It refers to it once less; a reference that another interpreter has noted may go here too. */
export function letRowGo(at: Here, holder: number, row: number, id: number): number {
  const { words } = at
  const link = linkTo(words, holder, id)
  const hold = read(words, link)
  if (hold !== 0) {
    const count = read(words, hold + COUNT) - 1
    write(words, hold + COUNT, count)
    if (count === 0) {
      write(words, link, read(words, hold + NEXT))
      at.arena.release(hold)
    }
  }
  return subtract(words, row + ROW.REFERENCES, 1) - 1
}

/** What an interpreter held whose thread has ended; the chain is no more. */
export function takeHolds(at: Here, holder: number): Hold[] {
  const { words } = at
  const holds: Hold[] = []
  for (let hold = read(words, holder + ROW.HOLDS); hold !== 0; ) {
    holds.push({ id: read(words, hold + ID), count: read(words, hold + COUNT) })
    const following = read(words, hold + NEXT)
    at.arena.release(hold)
    hold = following
  }
  write(words, holder + ROW.HOLDS, 0)
  return holds
}

/** Gives references of a dead interpreter back; the row that nobody holds any more, or 0. */
export function dropHold({ words }: Here, world: number, { id, count }: Hold): number {
  const row = findRow(words, world, id)
  if (row === 0) return 0
  const left = subtract(words, row + ROW.REFERENCES, count) - count
  return left === 0 && read(words, row + ROW.OWNED) === 1 ? row : 0
}
