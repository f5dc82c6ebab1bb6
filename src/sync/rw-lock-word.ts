/**
 * The words of a lock for many readers or one writer.
 *
 * ```
 * WRITER   0        readers may come in
 *          -token   a writer of that isolate waits for the readers to leave; nobody else comes in
 *          token    a writer of that isolate is inside
 * GATE     queue of those who wait until WRITER is 0
 * DRAIN    queue in which the writer waits for the readers
 * READERS  per isolate, on a line of its own: the token of the isolate while it has readers inside
 * ```
 * Invariant     when a writer is inside, no isolate that lives has readers inside
 * Protocol      a reader says that it is inside, then looks at WRITER; a writer claims WRITER, then
 *               looks at all READERS: one of the two sees the other, and the reader steps back.
 *               Whoever must wait enqueues, then tries once more; whoever leaves changes its word,
 *               then looks at the queue
 * Publication   what the lock protects; leaving stores a word that coming in loads
 * Death         a dead isolate has no readers inside and claims nothing. A dead writer is followed
 *               by one writer, who is told and has the lock; also a reader that finds it becomes
 *               that writer, so that nobody sees what is half done
 * Explored by   test/sync/rw-lock.model.ts
 */
import { compareExchange, load, peek, poke, store, type Words } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { HEAD_SLOTS, LINE } from "../internal/memory/layout.ts"
import { BODY } from "../internal/memory/objects.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { isWaiting, WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

const WRITER = 0

/** Queue of those who wait until no writer is inside or about to be. */
export const GATE = 1
/** Queue of the writer that waits for readers to leave. */
export const DRAIN = GATE + WAIT_QUEUE_WORDS

/**
 * The reader's word of the first isolate; an object's head and all words before it fill its line.
 */
const READERS = LINE - 1 - BODY

/** How often main has read; the others count on the lines of their own. */
const MAIN_READS = READERS + (ISOLATES_MAX - 1) * LINE + 1

/** Words of such a lock. */
export const RW_LOCK_WORDS = MAIN_READS + 1

/**
 * What came of trying; a positive answer is the token of a writer that died, whose successor this
 * is.
 */
export const IN = 0
export const WAIT = -1
/** A writer has claimed the lock and waits in the drain. */
export const CLAIMED = -2

function readersAt(lock: number, slot: number): number {
  return lock + READERS + slot * LINE
}

/**
 * The first reader of this isolate comes in: IN, WAIT, or the token of a dead writer: then this
 * isolate is inside as a writer. After WAIT the caller wakes the drain.
 */
export function enterReading(words: Words, lock: number, me: number): number {
  const mine = readersAt(lock, slotOf(me))
  store(words, mine, me)
  const writer = load(words, lock + WRITER)
  if (writer === 0) return IN
  store(words, mine, 0)
  return followDead(words, lock, writer, me, () => enterReading(words, lock, me))
}

/** Whether another reader of this isolate may join those inside. */
export function mayJoin(words: Words, lock: number): boolean {
  return load(words, lock + WRITER) === 0
}

/** The last reader of this isolate leaves; true when a writer waits for that. */
export function leaveReading(words: Words, lock: number, me: number): boolean {
  store(words, readersAt(lock, slotOf(me)), 0)
  return isWaiting(words, lock + DRAIN)
}

/** A writer claims the lock: CLAIMED, WAIT, or the token of a dead writer: then it is inside. */
export function claimWriting(words: Words, lock: number, me: number): number {
  const writer = compareExchange(words, lock + WRITER, 0, -me)
  if (writer === 0) return CLAIMED
  return followDead(words, lock, writer, me, () => claimWriting(words, lock, me))
}

/** Follows a dead writer; `again` when it left nothing. */
function followDead(
  words: Words,
  lock: number,
  writer: number,
  me: number,
  again: () => number,
): number {
  const token = writer < 0 ? -writer : writer
  if (isAlive(words, token)) return WAIT
  const left = writer < 0 ? 0 : me
  const found = compareExchange(words, lock + WRITER, writer, left)
  if (found === writer && writer > 0) return writer
  return again()
}

/** A writer that has claimed the lock comes in, once all readers have left: IN or CLAIMED. */
export function enterWriting(words: Words, lock: number, me: number): number {
  for (let slot = load(words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    const reader = load(words, readersAt(lock, slot))
    if (reader !== 0 && isAlive(words, reader)) return CLAIMED
  }
  store(words, lock + WRITER, me)
  return IN
}

/**
 * A writer leaves, or gives its claim up; true when somebody waits. `left` is 0, or the dead writer
 * that it followed: then the next one learns of that death again.
 */
export function leaveWriting(words: Words, lock: number, left: number): boolean {
  store(words, lock + WRITER, left)
  return isWaiting(words, lock + GATE)
}

/**
 * Whether no living writer is inside or about to be. Exact: who has enqueued and sees false will be
 * woken.
 */
export function isOpen(words: Words, lock: number): boolean {
  const writer = load(words, lock + WRITER)
  return writer === 0 || !isAlive(words, writer < 0 ? -writer : writer)
}

/** Whether a writer of this isolate is inside or about to be. */
export function isWriting(words: Words, lock: number, me: number): boolean {
  const writer = load(words, lock + WRITER)
  return writer === me || writer === -me
}

/** Whether this isolate has readers inside, as far as the others know. */
export function isReading(words: Words, lock: number, me: number): boolean {
  return load(words, readersAt(lock, slotOf(me))) === me
}

/** The living isolates inside: the writer, or those with readers. */
export function holdersOf(words: Words, lock: number): number[] {
  const writer = load(words, lock + WRITER)
  if (writer > 0 && isAlive(words, writer)) return [slotOf(writer)]
  const holders: number[] = []
  for (let slot = 0; slot < load(words, HEAD_SLOTS); slot++) {
    const reader = load(words, readersAt(lock, slot))
    if (isAlive(words, reader)) holders.push(slot)
  }
  return holders
}

function readsAt(lock: number, slot: number): number {
  return slot === 0 ? lock + MAIN_READS : readersAt(lock, slot) - 1
}

/** Counts that this isolate has read: a word that it alone writes. */
export function countRead(words: Words, lock: number, me: number): void {
  const word = readsAt(lock, slotOf(me))
  poke(words, word, peek(words, word) + 1)
}

/** How often all isolates have read: a moment old. */
export function readsOf(words: Words, lock: number): number {
  let sum = 0
  for (let slot = 0; slot < load(words, HEAD_SLOTS); slot++) sum += peek(words, readsAt(lock, slot))
  return sum
}
