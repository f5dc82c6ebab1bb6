/**
 * The words that the interpreters of one Python share: rows of interpreters, the list of queues,
 * the pipes that are open, the processes it has started.
 *
 * Invariant     a row's ID is its interpreter's id plus one, 0 while the row is free; ids are never
 *               given twice
 * Publication   STATE, CLAIM, TURN and DONE are atomic; a store of one publishes the other words
 * Requests      claims.ts
 * Death         the guard protects rows being given out, given a thread, and ended
 */
import { add, clear, load, notify, read, store, type Words, write } from "#platform/atomics"
import {
  ISOLATES_MAX,
  PYTHON_CHILDREN_MAX,
  PYTHON_INTERPRETERS_MAX,
  PYTHON_PIPES_MAX,
} from "#platform/limits"
import { acquire, type Here } from "../internal/loop/here.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { isAlive } from "../internal/memory/owners.ts"

/** Words of a process that was started: see children.ts. */
export const CHILD_WORDS = 4

/** Words of a bit for each isolate. */
export const USER_WORDS = Math.ceil(ISOLATES_MAX / 32)

const OPEN = 16 + PYTHON_PIPES_MAX
const CLOSING = OPEN + (2 * PYTHON_PIPES_MAX) / 32
const USERS = CLOSING + (2 * PYTHON_PIPES_MAX) / 32
const CHILDREN = USERS + 2 * PYTHON_PIPES_MAX * USER_WORDS

/** Offsets in a world. */
export const WORLD = {
  GUARD: 0,
  /** Interpreters made so far: the next id. */
  INTERPRETERS: 1,
  /** Queues made so far. */
  QUEUES_MADE: 2,
  /** First of the list of queues, and of channels. */
  QUEUES: 3,
  CHANNELS_MADE: 4,
  CHANNELS: 5,
  /** Counts whatever happens in any pipe. */
  PIPES_MOVED: 6,
  /** The pipe's end from which standard input is read; 0 before anybody does. */
  INPUT: 7,
  /** The world of the first process, which has the pipes of all; its own in that one. */
  FIRST: 8,
  /** The number of this process. */
  PID: 9,
  /** In the first world: the last number given to a process. */
  LAST_PID: 10,
  /** Counts whatever happens to the processes that this one has started. */
  CHILDREN_MOVED: 11,
  /** A bit for each signal below 32 that this process heeds, as a handler says. */
  SIGNALS: 12,
  /** In the first world: blocks of the open pipes. */
  PIPES: 16,
  /** A bit for each end of a pipe that is open in this process. */
  OPEN,
  /** A bit for each end that was closed while somebody used it: its last user closes it. */
  CLOSING,
  /** For each end a bit for each interpreter of this process that is reading or writing there. */
  USERS,
  /** The processes that this one has started. */
  CHILDREN,
  ROWS: CHILDREN + PYTHON_CHILDREN_MAX * CHILD_WORDS,
} as const

/** Words of a row. */
const ROW_WORDS = 17

/** Offsets in a row. */
export const ROW = {
  ID: 0,
  STATE: 1,
  WHENCE: 2,
  /** Python objects that keep the interpreter, over all interpreters. */
  REFERENCES: 3,
  /** 1 when the last reference ends the interpreter. */
  OWNED: 4,
  /** Token of its thread, 0 before there is one. */
  TOKEN: 5,
  /** Who runs something there: an id plus one, HOST, or ORPHAN when that one died; 0 nobody. */
  CLAIM: 6,
  TURN: 7,
  REQUEST: 8,
  DONE: 9,
  REPLY: 10,
  /** The signal that CPython looks for now and then. */
  SIGNAL: 11,
  /** The word its thread sleeps on, 0 when it does not. */
  SLEEPS_ON: 12,
  /** How it was configured, as the glue numbers it. */
  CONFIG: 13,
  /** In the seat of a thread: the row that it is given. */
  GIVEN: 14,
  /** The queues that the reply names: a freight, or 0. */
  FREIGHT: 15,
  /** The first of its holds on others: see holds.ts. */
  HOLDS: 16,
  /** In the seat of a thread: counts what main has answered it. */
  MAIL: 0,
} as const

/** States of an interpreter; one is refused when there is no place for its thread. */
export const STATE = { FREE: 0, COLD: 1, STARTING: 2, READY: 3, DEAD: 4, REFUSED: 5 } as const

/** Claimants that are no interpreters. */
export const CLAIM = {
  HOST: 0x3fffffff,
  ORPHAN: 0x3ffffffe,
  /** Added to an id plus one by who runs something that is not `__main__`. */
  HIDDEN: 0x20000000,
} as const

/** Where an interpreter comes from, as CPython numbers it. */
export const WHENCE = { RUNTIME: 1, LEGACY_CAPI: 2, CAPI: 3, XI: 4, STDLIB: 5 } as const

const WORDS = WORLD.ROWS + PYTHON_INTERPRETERS_MAX * ROW_WORDS

/** The signal that raises KeyboardInterrupt. */
export const SIGINT = 2

/** The number of the first process, as Emscripten has it. */
const FIRST_PID = 42

/** Makes an empty world: that of a first process, or of one that belongs to the world `first`. */
export function makeWorld(at: Here, first = 0, pid = FIRST_PID): number {
  const world = acquire(at, WORDS * 4)
  clear(at.words, world, WORDS)
  write(at.words, world + WORLD.FIRST, first === 0 ? world : first)
  write(at.words, world + WORLD.PID, pid)
  write(at.words, world + WORLD.LAST_PID, pid)
  // KeyboardInterrupt is a handler too.
  write(at.words, world + WORLD.SIGNALS, 1 << SIGINT)
  return world
}

/** The world of the first process. */
export function firstOf(words: Words, world: number): number {
  return read(words, world + WORLD.FIRST)
}

/** Who looks at shared memory, and by what name. */
export type At = Pick<Here, "words" | "me">

/** Gives a world back whose threads have all ended, with the pipes left open in it. */
export function endWorld(at: Here, world: number): void {
  for (let i = 0; i < PYTHON_PIPES_MAX; i++) {
    const pipe = load(at.words, world + WORLD.PIPES + i)
    if (pipe !== 0) at.arena.release(pipe)
  }
  at.arena.release(world)
}

/** The words in which a thread lives until it is given a row: they have the form of one. */
export function makeSeat(at: Here): number {
  const seat = acquire(at, ROW_WORDS * 4)
  clear(at.words, seat, ROW_WORDS)
  return seat
}

/** The row with this index. */
export function rowAt(world: number, index: number): number {
  return world + WORLD.ROWS + index * ROW_WORDS
}

/** The row of the interpreter with this id; 0 when there is none. */
export function findRow(words: Words, world: number, id: number): number {
  for (let i = 0; i < PYTHON_INTERPRETERS_MAX && id >= 0; i++) {
    const row = rowAt(world, i)
    if (load(words, row + ROW.ID) === id + 1) return row
  }
  return 0
}

/** Rows of all interpreters there are, by id. */
export function allRows(words: Words, world: number): number[] {
  const rows: number[] = []
  for (let i = 0; i < PYTHON_INTERPRETERS_MAX; i++) {
    const row = rowAt(world, i)
    if (load(words, row + ROW.ID) !== 0) rows.push(row)
  }
  return rows.sort((a, b) => read(words, a + ROW.ID) - read(words, b + ROW.ID))
}

/**
 * Whoever had claimed an interpreter that died still has to see it in its row, and its thread may
 * look at it until it has ended.
 */
function isFree(words: Words, row: number): boolean {
  return (
    load(words, row + ROW.ID) === 0 &&
    load(words, row + ROW.CLAIM) === 0 &&
    !isAlive(words, load(words, row + ROW.TOKEN))
  )
}

/** A row for a new interpreter, COLD; 0 when all are taken. */
export function takeRow(
  at: Here,
  world: number,
  whence: number,
  owned: boolean,
  config = 0,
): number {
  const { words } = at
  enter(words, world + WORLD.GUARD, at.me)
  let row = 0
  for (let i = 0; i < PYTHON_INTERPRETERS_MAX && row === 0; i++) {
    if (isFree(words, rowAt(world, i))) row = rowAt(world, i)
  }
  if (row !== 0) {
    const id = read(words, world + WORLD.INTERPRETERS)
    write(words, world + WORLD.INTERPRETERS, id + 1)
    clear(words, row + 1, ROW_WORDS - 1)
    write(words, row + ROW.WHENCE, whence)
    write(words, row + ROW.OWNED, owned ? 1 : 0)
    write(words, row + ROW.CONFIG, config)
    store(words, row + ROW.STATE, STATE.COLD)
    store(words, row + ROW.ID, id + 1)
  }
  leave(words, world + WORLD.GUARD, at.me)
  return row
}

/** Counts a word up and wakes all who sleep on it. */
export function bump(words: Words, word: number): void {
  add(words, word, 1)
  notify(words, word)
}

/**
 * Gives an interpreter that has none a thread; its id. Undefined when it has been ended, or given
 * one before.
 */
export function giveRow(
  { words, me }: At,
  world: number,
  row: number,
  token: number,
): number | undefined {
  enter(words, world + WORLD.GUARD, me)
  const isCold = load(words, row + ROW.STATE) === STATE.COLD
  const id = read(words, row + ROW.ID) - 1
  if (isCold) {
    store(words, row + ROW.TOKEN, token)
    store(words, row + ROW.STATE, STATE.STARTING)
  }
  leave(words, world + WORLD.GUARD, me)
  return isCold ? id : undefined
}

/**
 * An interpreter is no more, and nobody finds its id from here on. Whoever waits for its answer
 * wakes and sees DEAD, or how else it ended. Returns the token of its thread, 0 when it has none.
 */
export function endRow(
  { words, me }: At,
  world: number,
  row: number,
  state: number = STATE.DEAD,
): number {
  enter(words, world + WORLD.GUARD, me)
  store(words, row + ROW.ID, 0)
  store(words, row + ROW.STATE, state)
  add(words, row + ROW.DONE, 1)
  const token = load(words, row + ROW.TOKEN)
  leave(words, world + WORLD.GUARD, me)
  notify(words, row + ROW.DONE)
  return token
}
