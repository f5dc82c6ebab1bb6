/**
 * Pipes of one Python: numbers of open ends that mean the same in each of its interpreters, as the
 * file descriptors of a process do.
 *
 * ```
 * table  in the world: a block for each pipe, 0 while there is none; PIPES_MOVED counts for all
 * block  CHANGES, ENDS, START, LENGTH, READERS that wait, then a ring of bytes
 * ```
 * Publication   all inside the world's guard. CHANGES is counted up after: who waits sleeps on it;
 *               who waits for several pipes at once sleeps on PIPES_MOVED
 * Death         an operation is over with the store of LENGTH or ENDS; before, it has done nothing
 */
import { add, clear, load, read, store, type Words, write } from "#platform/atomics"
import { now } from "#platform/clock"
import { PYTHON_PIPE_BYTES, PYTHON_PIPE_DRAIN_MS, PYTHON_PIPES_MAX } from "#platform/limits"
import { waitSync } from "#platform/park"
import type { Here } from "../internal/loop/here.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { bump, WORLD } from "./world.ts"

const CHANGES = 0
const ENDS = 1
const START = 2
const LENGTH = 3
const READERS = 4
const DATA = 8

const READ_END = 1
const WRITE_END = 2

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
  enter(at.words, world + WORLD.GUARD, at.me)
  const result = fn()
  leave(at.words, world + WORLD.GUARD, at.me)
  return result
}

function slotOf(world: number, fd: number): number {
  return world + WORLD.PIPES + ((fd - PIPE_FD) >>> 1)
}

function isPipe(fd: number): boolean {
  return fd >= PIPE_FD && fd < PIPE_FD_END
}

/** The block of the pipe whose end `fd` is open; 0 when there is none. */
function blockOf({ words }: Here, world: number, fd: number): number {
  const block = isPipe(fd) ? load(words, slotOf(world, fd)) : 0
  const end = isReadEnd(fd) ? READ_END : WRITE_END
  return block !== 0 && (read(words, block + ENDS) & end) !== 0 ? block : 0
}

/** Makes a pipe: the number of its reading end; 0 when there are too many, or no memory. */
export function openPipe(at: Here, world: number): number {
  const { words } = at
  const block = at.arena.acquire(DATA * 4 + PYTHON_PIPE_BYTES)
  if (block === 0) return 0
  clear(words, block, DATA)
  write(words, block + ENDS, READ_END | WRITE_END)
  const fd = within(at, world, () => {
    for (let i = 0; i < PYTHON_PIPES_MAX; i++) {
      if (load(words, world + WORLD.PIPES + i) !== 0) continue
      store(words, world + WORLD.PIPES + i, block)
      return PIPE_FD + 2 * i
    }
    return 0
  })
  if (fd === 0) at.arena.release(block)
  return fd
}

/** Something has changed in a pipe. */
function moved(words: Words, world: number, block: number): void {
  bump(words, block + CHANGES)
  bump(words, world + WORLD.PIPES_MOVED)
}

/** Whether an end is open. */
export function isOpen(at: Here, world: number, fd: number): boolean {
  return within(at, world, () => blockOf(at, world, fd) !== 0)
}

/** A reader begins or ends to wait; whoever closes the end lets it have what has come. */
export function noteReader(at: Here, world: number, fd: number, change: 1 | -1): void {
  within(at, world, () => {
    const block = isReadEnd(fd) ? blockOf(at, world, fd) : 0
    if (block !== 0) add(at.words, block + READERS, change)
  })
}

/** As in a kernel: who waits for bytes gets those that came before the end was closed. */
function letReadersHave(at: Here, world: number, fd: number): void {
  const { words } = at
  const end = now() + PYTHON_PIPE_DRAIN_MS
  for (let left = PYTHON_PIPE_DRAIN_MS; left > 0; left = end - now()) {
    const block = isReadEnd(fd) ? blockOf(at, world, fd) : 0
    if (block === 0 || load(words, block + READERS) <= 0) return
    const seen = load(words, block + CHANGES)
    if (load(words, block + LENGTH) === 0) return
    waitSync(words, block + CHANGES, seen, left)
  }
}

/** Closes an end, for all interpreters; false when it was not open. */
export function closeEnd(at: Here, world: number, fd: number): boolean {
  const { words } = at
  letReadersHave(at, world, fd)
  let over = 0
  const closed = within(at, world, () => {
    const block = blockOf(at, world, fd)
    if (block === 0) return false
    const rest = read(words, block + ENDS) & ~(isReadEnd(fd) ? READ_END : WRITE_END)
    write(words, block + ENDS, rest)
    moved(words, world, block)
    if (rest === 0) {
      store(words, slotOf(world, fd), 0)
      over = block
    }
    return true
  })
  if (over !== 0) at.arena.release(over)
  return closed
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
    const ends = read(words, block + ENDS)
    return isReadEnd(fd)
      ? length > 0 || (ends & WRITE_END) === 0
      : length < PYTHON_PIPE_BYTES || (ends & READ_END) === 0
  })
}

/** Moves bytes out of a pipe; 0 at its end. */
export function readPipe(at: Here, world: number, fd: number, into: Uint8Array): Moved {
  const { words } = at
  return within(at, world, (): Moved => {
    const block = blockOf(at, world, fd)
    if (block === 0) return "closed"
    const length = read(words, block + LENGTH)
    if (length === 0) return (read(words, block + ENDS) & WRITE_END) === 0 ? 0 : "wait"
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
    if ((read(words, block + ENDS) & READ_END) === 0) return "broken"
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
