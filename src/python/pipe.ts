/**
 * Pipes of one Python: numbers of open ends that mean the same in each of its interpreters, as the
 * file descriptors of a process do. A process that it starts has the same pipes; of their ends, it
 * has open those that it was left and those that it has made.
 *
 * ```
 * table  in the first world: a block for each pipe, or 0; PIPES_MOVED counts for all
 * block  CHANGES, READING and WRITING processes, START, LENGTH, a ring of bytes
 * OPEN   in each world: a bit for each end that is open there; CLOSING and USERS beside it
 * ```
 * Closing       as in a kernel, who is reading or writing goes on until that is done: meanwhile the
 *               end is only marked, open for nobody else, and its last user closes it
 * Publication   all inside the first world's guard. CHANGES is counted up after: who waits sleeps
 *               on it; who waits for several pipes at once sleeps on PIPES_MOVED
 * Death         an operation is over with the store of LENGTH; before, it has done nothing. Main
 *               ends what an interpreter was using, and closes the ends of a process when its
 *               last interpreter has ended
 */
import { add, clear, load, read, store, type Words, write } from "#platform/atomics"
import { PYTHON_PIPE_BYTES, PYTHON_PIPES_MAX } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { slotOf as isolateOf } from "../internal/memory/owners.ts"
import { bump, firstOf, USER_WORDS, WORLD } from "./world.ts"

const CHANGES = 0
const READING = 1
const WRITING = 2
const START = 3
const LENGTH = 4
const DATA = 8

/** The number of the first pipe's reading end; its writing end has the next. */
export const PIPE_FD = 512

/** The number behind those of pipes; `select` takes none from here on. */
export const PIPE_FD_END = PIPE_FD + 2 * PYTHON_PIPES_MAX

/** Which end a number names. */
export function isReadEnd(fd: number): boolean {
  return (fd & 1) === 0
}

/** What an operation on a pipe answers: a count of bytes, or why there is none. */
export type Moved = number | "wait" | "closed" | "broken"

function within<T>(at: Here, world: number, fn: () => T): T {
  const guard = firstOf(at.words, world) + WORLD.GUARD
  enter(at.words, guard, at.me)
  const result = fn()
  leave(at.words, guard, at.me)
  return result
}

function slotOf(words: Words, world: number, fd: number): number {
  return firstOf(words, world) + WORLD.PIPES + ((fd - PIPE_FD) >>> 1)
}

/** The word of the processes that have an end of this kind open. */
function holdersOf(block: number, fd: number): number {
  return block + (isReadEnd(fd) ? READING : WRITING)
}

function isPipe(fd: number): boolean {
  return fd >= PIPE_FD && fd < PIPE_FD_END
}

/** A bit of a world: whether an end is open there, or closing, by the name of the words. */
function bitOf(words: number, fd: number): [number, number] {
  return [words + ((fd - PIPE_FD) >>> 5), 1 << ((fd - PIPE_FD) & 31)]
}

function isSet(words: Words, [word, bit]: readonly [number, number]): boolean {
  return (read(words, word) & bit) !== 0
}

function set(words: Words, [word, bit]: readonly [number, number], yes: boolean): void {
  write(words, word, yes ? read(words, word) | bit : read(words, word) & ~bit)
}

/** The block of the pipe whose end `fd` is open; 0 when there is none. */
function blockOf({ words }: Here, world: number, fd: number): number {
  if (!isPipe(fd)) return 0
  return isSet(words, bitOf(world + WORLD.OPEN, fd)) ? load(words, slotOf(words, world, fd)) : 0
}

/** An end is open in a process from here on. */
function open(words: Words, world: number, fd: number, block: number): void {
  set(words, bitOf(world + WORLD.OPEN, fd), true)
  add(words, holdersOf(block, fd), 1)
}

/** Makes a pipe: the number of its reading end; 0 when there are too many, or no memory. */
export function openPipe(at: Here, world: number): number {
  const { words } = at
  const block = at.arena.acquire(DATA * 4 + PYTHON_PIPE_BYTES)
  if (block === 0) return 0
  clear(words, block, DATA)
  const fd = within(at, world, () => {
    for (let fd = PIPE_FD; fd < PIPE_FD_END; fd += 2) {
      if (load(words, slotOf(words, world, fd)) !== 0) continue
      store(words, slotOf(words, world, fd), block)
      for (const end of [fd, fd + 1]) open(words, world, end, block)
      return fd
    }
    return 0
  })
  if (fd === 0) at.arena.release(block)
  return fd
}

/** Leaves those of these ends that are open in a process to one that it starts. */
export function leaveEnds(at: Here, from: number, to: number, fds: readonly number[]): void {
  within(at, from, () => {
    for (const fd of fds) {
      const block = isSet(at.words, bitOf(from + WORLD.CLOSING, fd)) ? 0 : blockOf(at, from, fd)
      if (block !== 0 && blockOf(at, to, fd) === 0) open(at.words, to, fd, block)
    }
  })
}

/** The word that changes whenever any pipe does. */
export function movedWord(words: Words, world: number): number {
  return firstOf(words, world) + WORLD.PIPES_MOVED
}

/** Something has changed in a pipe. */
function moved(words: Words, world: number, block: number): void {
  bump(words, block + CHANGES)
  bump(words, movedWord(words, world))
}

/** Whether an end is open, for whoever does not use it yet. */
export function isOpen(at: Here, world: number, fd: number): boolean {
  return within(at, world, () => {
    const isLeft = isPipe(fd) && isSet(at.words, bitOf(world + WORLD.CLOSING, fd))
    return !isLeft && blockOf(at, world, fd) !== 0
  })
}

/** First of the words of those who read or write at an end in a process. */
function usersOf(world: number, fd: number): number {
  return world + WORLD.USERS + (fd - PIPE_FD) * USER_WORDS
}

function isUsed(words: Words, world: number, fd: number): boolean {
  const users = usersOf(world, fd)
  for (let i = 0; i < USER_WORDS; i++) if (read(words, users + i) !== 0) return true
  return false
}

/** An interpreter reads or writes at an end from here on, or has ceased to. */
export function noteUser(at: Here, world: number, fd: number, uses: boolean): void {
  noteUsers(at, world, [fd], at.me, uses)
}

/** An interpreter has died: it reads and writes nothing any more. */
export function forgetUser(at: Here, world: number, token: number): void {
  const fds = Array.from({ length: PIPE_FD_END - PIPE_FD }, (_, i) => PIPE_FD + i)
  noteUsers(at, world, fds, token, false)
}

function noteUsers(
  at: Here,
  world: number,
  fds: readonly number[],
  token: number,
  uses: boolean,
): void {
  const { words } = at
  const isolate = isolateOf(token)
  const over = within(at, world, () =>
    fds.map((fd) => {
      set(words, [usersOf(world, fd) + (isolate >>> 5), 1 << (isolate & 31)], uses)
      const isLeft = isSet(words, bitOf(world + WORLD.CLOSING, fd))
      if (!isLeft || isUsed(words, world, fd)) return 0
      return shut(words, world, fd, blockOf(at, world, fd))
    }),
  )
  for (const block of over) if (block !== 0) at.arena.release(block)
}

/** Closes an end; the block of a pipe whose last one it was, to be released, or 0. */
function shut(words: Words, world: number, fd: number, block: number): number {
  set(words, bitOf(world + WORLD.OPEN, fd), false)
  set(words, bitOf(world + WORLD.CLOSING, fd), false)
  add(words, holdersOf(block, fd), -1)
  moved(words, world, block)
  if (read(words, block + READING) > 0 || read(words, block + WRITING) > 0) return 0
  store(words, slotOf(words, world, fd), 0)
  return block
}

/** Closes an end, for all interpreters of a process; false when it was not open. */
export function closeEnd(at: Here, world: number, fd: number): boolean {
  const { words } = at
  let over = 0
  const closed = within(at, world, () => {
    const block = blockOf(at, world, fd)
    const closing = bitOf(world + WORLD.CLOSING, fd)
    if (block === 0 || isSet(words, closing)) return false
    if (isUsed(words, world, fd)) set(words, closing, true)
    else over = shut(words, world, fd, block)
    return true
  })
  if (over !== 0) at.arena.release(over)
  return closed
}

/** Closes all ends that are open in a process which has ended. */
export function closeEnds(at: Here, world: number): void {
  for (let fd = PIPE_FD; fd < PIPE_FD_END; fd++) closeEnd(at, world, fd)
}

/** The word that changes with a pipe, and its value now; undefined when the end is not open. */
export function changesOf(at: Here, world: number, fd: number): [number, number] | undefined {
  return within(at, world, () => {
    const block = blockOf(at, world, fd)
    return block === 0 ? undefined : [block + CHANGES, load(at.words, block + CHANGES)]
  })
}

/** Whether reading or writing would not wait. */
export function isReady(at: Here, world: number, fd: number): boolean {
  const { words } = at
  return within(at, world, () => {
    const block = blockOf(at, world, fd)
    if (block === 0) return true
    const length = read(words, block + LENGTH)
    return isReadEnd(fd)
      ? length > 0 || read(words, block + WRITING) === 0
      : length < PYTHON_PIPE_BYTES || read(words, block + READING) === 0
  })
}

/** Whether nobody can read what is written to this end. */
export function isBroken(at: Here, world: number, fd: number): boolean {
  return within(at, world, () => {
    const block = isReadEnd(fd) ? 0 : blockOf(at, world, fd)
    return block !== 0 && read(at.words, block + READING) === 0
  })
}

/** Moves bytes out of a pipe; 0 at its end. */
export function readPipe(at: Here, world: number, fd: number, into: Uint8Array): Moved {
  const { words } = at
  return within(at, world, (): Moved => {
    const block = blockOf(at, world, fd)
    if (block === 0) return "closed"
    const length = read(words, block + LENGTH)
    if (length === 0) return read(words, block + WRITING) === 0 ? 0 : "wait"
    const count = Math.min(length, into.length)
    const start = read(words, block + START)
    const first = Math.min(count, PYTHON_PIPE_BYTES - start)
    const ring = (block + DATA) * 4
    const { bytes } = at.memory
    into.set(bytes.subarray(ring + start, ring + start + first))
    into.set(bytes.subarray(ring, ring + count - first), first)
    write(words, block + START, (start + count) % PYTHON_PIPE_BYTES)
    write(words, block + LENGTH, length - count)
    moved(words, world, block)
    return count
  })
}

/** Moves bytes into a pipe, as many as fit. */
export function writePipe(at: Here, world: number, fd: number, from: Uint8Array): Moved {
  const { words } = at
  return within(at, world, (): Moved => {
    const block = blockOf(at, world, fd)
    if (block === 0) return "closed"
    if (read(words, block + READING) === 0) return "broken"
    const length = read(words, block + LENGTH)
    const count = Math.min(PYTHON_PIPE_BYTES - length, from.length)
    if (count === 0 && from.length > 0) return "wait"
    const start = (read(words, block + START) + length) % PYTHON_PIPE_BYTES
    const first = Math.min(count, PYTHON_PIPE_BYTES - start)
    const ring = (block + DATA) * 4
    const { bytes } = at.memory
    bytes.set(from.subarray(0, first), ring + start)
    bytes.set(from.subarray(first, count), ring)
    write(words, block + LENGTH, length + count)
    moved(words, world, block)
    return count
  })
}
