/**
 * The processes that a Python has started, as its interpreters and main see them: rows in its
 * world.
 *
 * ```
 * row  PID (0: free), STATE, STATUS, WORLD of the process that has started it
 * ```
 * Publication   STATE is stored after STATUS; who waits for a process to start sleeps on STATE, who
 *               waits for one to end on its world's CHILDREN_MOVED
 * Death         whoever takes a row asks main for the process in the same builtin; if it dies in
 *               between, the row is never used
 */
import {
  add,
  compareExchange,
  load,
  notify,
  read,
  store,
  type Words,
  write,
} from "#platform/atomics"
import { PYTHON_CHILDREN_MAX } from "#platform/limits"
import { enter, leave } from "../internal/memory/guard.ts"
import { type At, bump, CHILD_WORDS, firstOf, WORLD } from "./world.ts"

/** Offsets in a row. */
export const CHILD = { PID: 0, STATE: 1, STATUS: 2, WORLD: 3 } as const

/** States of a process; one is refused when there is no place for its thread. */
export const CHILD_STATE = { ASKED: 0, RUNNING: 1, ENDED: 2, REFUSED: 3 } as const

function childAt(world: number, index: number): number {
  return world + WORLD.CHILDREN + index * CHILD_WORDS
}

/** A row for a process to be started, ASKED, with its number; 0 when all are taken. */
export function takeChild({ words, me }: At, world: number): number {
  enter(words, world + WORLD.GUARD, me)
  let row = 0
  for (let i = 0; i < PYTHON_CHILDREN_MAX && row === 0; i++)
    if (load(words, childAt(world, i) + CHILD.PID) === 0) row = childAt(world, i)
  if (row !== 0) {
    write(words, row + CHILD.STATUS, 0)
    write(words, row + CHILD.WORLD, world)
    store(words, row + CHILD.STATE, CHILD_STATE.ASKED)
    store(words, row + CHILD.PID, add(words, firstOf(words, world) + WORLD.LAST_PID, 1) + 1)
  }
  leave(words, world + WORLD.GUARD, me)
  return row
}

/** The row of the process with this number; 0 when there is none, or it was waited for. */
export function findChild(words: Words, world: number, pid: number): number {
  for (let i = 0; i < PYTHON_CHILDREN_MAX && pid > 0; i++)
    if (load(words, childAt(world, i) + CHILD.PID) === pid) return childAt(world, i)
  return 0
}

/** Rows of all processes that were started and not waited for. */
export function allChildren(words: Words, world: number): number[] {
  return Array.from({ length: PYTHON_CHILDREN_MAX }, (_, i) => childAt(world, i)).filter(
    (row) => load(words, row + CHILD.PID) !== 0,
  )
}

/** Says how a process stands, and wakes whoever waits for it; `status` as `waitpid` has it. */
export function settleChild(words: Words, row: number, state: number, status = 0): void {
  write(words, row + CHILD.STATUS, status)
  store(words, row + CHILD.STATE, state)
  notify(words, row + CHILD.STATE)
  bump(words, read(words, row + CHILD.WORLD) + WORLD.CHILDREN_MOVED)
}

/** The status of a process that has ended, whose row is free from here on; -1 for all others. */
export function reapChild(words: Words, row: number, pid: number): number {
  if (load(words, row + CHILD.STATE) < CHILD_STATE.ENDED) return -1
  const status = read(words, row + CHILD.STATUS)
  return compareExchange(words, row + CHILD.PID, pid, 0) === pid ? status : -1
}
