/**
 * The chunks of the arena and their table; every function here runs inside the arena's guard.
 *
 * A row of the table describes one chunk:
 * ```
 * CLASS   what the chunk holds: FREE, a size class (perhaps with OBJECTS), RUN or INSIDE
 * COUNT   free blocks; for RUN the number of chunks
 * LIST    first free block; a free block's word 1 names the next, its word 0 is 0
 * FRESH   blocks handed out so far from the chunk's start: those behind were never used and are
 *         free too
 * NEXT    \ neighbours among the chunks of this class that have free blocks
 * PREV    /
 * ```
 * A chunk whose blocks are all free becomes FREE again, so memory moves between sizes.
 *
 * Death         CLASS and the lists of blocks are the truth; `repair` rebuilds the rest from them
 */
import { load, peek, read, type Words, write } from "#platform/atomics"
import { ARENA, BLOCK_BYTES, CHUNK_WORDS, CLASSES } from "./layout.ts"

const FREE = 0
const RUN = 0x100
const INSIDE = 0x200

/** Added to a class whose blocks are shared objects. */
export const OBJECTS = 0x40

const ROW = 8
const CLASS = 0
const COUNT = 1
const LIST = 2
const NEXT = 3
const PREV = 4
const FRESH = 5

/**
 * The arena's own words, from ARENA: guard, chunks in all, first chunk, search hint, chunk in
 * hand, chunks used, lists.
 */
const CHUNKS = ARENA + 1
const FIRST = ARENA + 2
const HINT = ARENA + 3
const IN_HAND = ARENA + 4
const USED = ARENA + 5
const PARTIAL = ARENA + 16
const TABLE = ARENA + 16 + 2 * OBJECTS

/** Words of the smallest block; class `c` has `BLOCK_WORDS << (c - 1)`. */
const BLOCK_WORDS = BLOCK_BYTES / 4

/** Divides a fresh memory into chunks. */
export function found(words: Words): void {
  const rows = Math.floor((words.length - TABLE) / (CHUNK_WORDS + ROW))
  const first = Math.ceil((TABLE + rows * ROW) / CHUNK_WORDS) * CHUNK_WORDS
  write(words, FIRST, first)
  write(words, CHUNKS, Math.min(rows, Math.floor((words.length - first) / CHUNK_WORDS)))
}

function rowOf(chunk: number): number {
  return TABLE + chunk * ROW
}

function chunkOf(words: Words, block: number): number {
  return Math.floor((block - read(words, FIRST)) / CHUNK_WORDS)
}

/** What the chunk of `block` holds; called by whoever holds the block, without the guard. */
export function classAt(words: Words, block: number): number {
  return read(words, rowOf(chunkOf(words, block)) + CLASS)
}

/** Takes a block of a class (perhaps with OBJECTS); 0 when there is none and no chunk is free. */
export function take(words: Words, size: number): number {
  let chunk = read(words, PARTIAL + size) - 1
  if (chunk < 0) {
    chunk = findRun(words, 1)
    if (chunk < 0) return 0
    carve(words, chunk, size)
  }
  const row = rowOf(chunk)
  write(words, IN_HAND, chunk + 1)
  const listed = read(words, row + LIST)
  const block = listed === 0 ? takeFresh(words, chunk, size) : listed
  if (listed !== 0) write(words, row + LIST, read(words, listed + 1))
  const count = read(words, row + COUNT) - 1
  write(words, row + COUNT, count)
  if (count === 0) unlink(words, chunk, size)
  write(words, IN_HAND, 0)
  return block
}

function takeFresh(words: Words, chunk: number, size: number): number {
  const fresh = rowOf(chunk) + FRESH
  const used = read(words, fresh)
  const block = read(words, FIRST) + chunk * CHUNK_WORDS + used * blockWords(size)
  write(words, block, 0)
  write(words, fresh, used + 1)
  return block
}

/** Takes one block of `bytes` that spans whole chunks; 0 when no run of chunks is long enough. */
export function takeRun(words: Words, bytes: number, objects: number): number {
  const length = Math.ceil(bytes / (CHUNK_WORDS * 4))
  const chunk = findRun(words, length)
  if (chunk < 0) return 0
  const block = read(words, FIRST) + chunk * CHUNK_WORDS
  for (let i = length - 1; i > 0; i--) write(words, rowOf(chunk + i) + CLASS, INSIDE)
  write(words, rowOf(chunk) + COUNT, length)
  write(words, block, 0)
  write(words, rowOf(chunk) + CLASS, RUN | objects)
  write(words, USED, read(words, USED) + length)
  return block
}

/** Gives a block back to its chunk, and the chunk back to all sizes when it was the last. */
export function giveBack(words: Words, block: number): void {
  const chunk = chunkOf(words, block)
  const row = rowOf(chunk)
  const size = read(words, row + CLASS)
  if (size & RUN) {
    giveBackRun(words, chunk)
    return
  }
  write(words, IN_HAND, chunk + 1)
  const count = read(words, row + COUNT) + 1
  write(words, block, 0)
  write(words, block + 1, read(words, row + LIST))
  write(words, row + LIST, block)
  write(words, row + COUNT, count)
  if (count === 1) link(words, chunk, size)
  if (isWhole(words, row, size)) {
    unlink(words, chunk, size)
    free(words, chunk)
    write(words, USED, read(words, USED) - 1)
  }
  write(words, IN_HAND, 0)
}

/**
 * Gives back the chunks of a run that hold nothing of its first `bytes`. The length first: what is
 * INSIDE nothing is freed by the repair.
 */
export function trimRun(words: Words, block: number, bytes: number): void {
  const chunk = chunkOf(words, block)
  const length = read(words, rowOf(chunk) + COUNT)
  const kept = Math.max(1, Math.ceil(bytes / (CHUNK_WORDS * 4)))
  if (kept >= length) return
  write(words, rowOf(chunk) + COUNT, kept)
  for (let i = kept; i < length; i++) free(words, chunk + i)
  write(words, USED, read(words, USED) - (length - kept))
}

/** Frees the head first: chunks that are INSIDE nothing are freed by the repair. */
function giveBackRun(words: Words, chunk: number): void {
  const length = read(words, rowOf(chunk) + COUNT)
  for (let i = 0; i < length; i++) free(words, chunk + i)
  write(words, USED, read(words, USED) - length)
}

function free(words: Words, chunk: number): void {
  write(words, rowOf(chunk) + CLASS, FREE)
  if (chunk < read(words, HINT)) write(words, HINT, chunk)
}

function blockWords(size: number): number {
  return BLOCK_WORDS << ((size & ~OBJECTS) - 1)
}

/**
 * Gives a free chunk to one class and lists it. Its blocks are not touched before they are used.
 */
function carve(words: Words, chunk: number, size: number): void {
  const row = rowOf(chunk)
  write(words, row + LIST, 0)
  write(words, row + FRESH, 0)
  write(words, row + COUNT, CHUNK_WORDS / blockWords(size))
  write(words, row + CLASS, size)
  write(words, USED, read(words, USED) + 1)
  link(words, chunk, size)
}

/**
 * First of the lowest `length` neighbouring free chunks; -1 when there are none. The lowest, so
 * that memory which was used once is used again before new pages are touched. No chunk below HINT
 * is free.
 */
function findRun(words: Words, length: number): number {
  const chunks = read(words, CHUNKS)
  let lowest = -1
  let run = 0
  for (let chunk = read(words, HINT); chunk < chunks; chunk++) {
    run = read(words, rowOf(chunk) + CLASS) === FREE ? run + 1 : 0
    if (run > 0 && lowest < 0) lowest = chunk
    if (run < length) continue
    const first = chunk - length + 1
    write(words, HINT, first === lowest ? chunk + 1 : lowest)
    return first
  }
  return -1
}

function link(words: Words, chunk: number, size: number): void {
  const first = read(words, PARTIAL + size)
  write(words, rowOf(chunk) + NEXT, first)
  write(words, rowOf(chunk) + PREV, 0)
  if (first !== 0) write(words, rowOf(first - 1) + PREV, chunk + 1)
  write(words, PARTIAL + size, chunk + 1)
}

function unlink(words: Words, chunk: number, size: number): void {
  const next = read(words, rowOf(chunk) + NEXT)
  const previous = read(words, rowOf(chunk) + PREV)
  if (next !== 0) write(words, rowOf(next - 1) + PREV, previous)
  if (previous !== 0) write(words, rowOf(previous - 1) + NEXT, next)
  else write(words, PARTIAL + size, next)
}

/** Rebuilds what a dead isolate may have left half-done: counts, lists of chunks, runs, use. */
export function repair(words: Words): void {
  for (let size = 1; size <= CLASSES; size++) {
    write(words, PARTIAL + size, 0)
    write(words, PARTIAL + size + OBJECTS, 0)
  }
  write(words, HINT, 0)
  const inHand = read(words, IN_HAND) - 1
  if (inHand >= 0 && isCarved(read(words, rowOf(inHand) + CLASS))) recount(words, inHand)
  const chunks = read(words, CHUNKS)
  let used = 0
  let inside = 0
  for (let chunk = 0; chunk < chunks; chunk++) {
    const row = rowOf(chunk)
    const size = read(words, row + CLASS)
    if (size & RUN) inside = read(words, row + COUNT)
    const stray = size === INSIDE && inside <= 0
    if (stray || (isCarved(size) && isWhole(words, row, size))) write(words, row + CLASS, FREE)
    inside--
    if (read(words, row + CLASS) === FREE) continue
    used++
    if (isCarved(size) && read(words, row + COUNT) > 0) link(words, chunk, size)
  }
  write(words, USED, used)
  write(words, IN_HAND, 0)
}

/** Whether all blocks of a carved chunk are free. */
function isWhole(words: Words, row: number, size: number): boolean {
  return read(words, row + COUNT) === CHUNK_WORDS / blockWords(size)
}

function isCarved(size: number): boolean {
  return size !== FREE && (size & (RUN | INSIDE)) === 0
}

function recount(words: Words, chunk: number): void {
  const row = rowOf(chunk)
  let count = CHUNK_WORDS / blockWords(read(words, row + CLASS)) - read(words, row + FRESH)
  for (let block = read(words, row + LIST); block !== 0; block = read(words, block + 1)) count++
  write(words, row + COUNT, count)
}

/** Whether a block of class `size` spans whole chunks. */
export function isRun(size: number): boolean {
  return (size & RUN) !== 0
}

/** The smallest size class whose blocks hold `bytes`; past CLASSES it takes a run. */
export function classOf(bytes: number): number {
  return bytes <= BLOCK_BYTES ? 1 : 27 - Math.clz32(bytes - 1)
}

/** Calls `visit` with every block of an object chunk whose first word is not 0. */
export function forEachObject(words: Words, visit: (block: number) => void): void {
  const chunks = read(words, CHUNKS)
  for (let chunk = 0; chunk < chunks; chunk++) {
    const size = read(words, rowOf(chunk) + CLASS)
    if ((size & OBJECTS) === 0) continue
    const first = read(words, FIRST) + chunk * CHUNK_WORDS
    const step = size & RUN ? CHUNK_WORDS : blockWords(size)
    const end = size & RUN ? step : step * read(words, rowOf(chunk) + FRESH)
    for (let i = 0; i < end; i += step) {
      if (load(words, first + i) !== 0) visit(first + i)
    }
  }
}

/** Bytes in chunks that hold something, and bytes in all. */
export function statistics(words: Words): {
  usedBytes: number
  totalBytes: number
} {
  const bytes = CHUNK_WORDS * 4
  return {
    usedBytes: peek(words, USED) * bytes,
    totalBytes: read(words, CHUNKS) * bytes,
  }
}
