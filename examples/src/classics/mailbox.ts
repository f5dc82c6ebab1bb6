/**
 * Inboxes that several threads share without a lock: a mark for each thread. Whoever wants the
 * inbox looks for other marks, marks itself, looks at all others backwards, and once more forwards;
 * where another mark is found it takes its own away and gives up.
 *
 * After the actors of github.com/samsquire/multiversion-concurrency-control. There a sender marks
 * with the length of the inbox plus one and a receiver with 0, and only an equal mark is a reason
 * to give up. Text and code are our own.
 */
import assert from "node:assert/strict"
import { go, sharedArray } from "heddle"

const NONE = -1
/** Of the receivers, and of all where there is only one kind of mark. */
const MARK = 0

/** Words: how many messages are in the inbox, then the marks. */
const LENGTH = 0
const MARKS = 1

type Role = "sender" | "receiver"

/** What is marked: all the same, or as it was published. */
export type Marking = "one mark" | "a mark for each length"

function isMarked(words: Int32Array, index: number, mark: number): boolean {
  return Atomics.load(words, MARKS + index) === mark
}

function marksForwards(words: Int32Array, me: number, threads: number, mark: number): boolean {
  for (let i = 0; i < threads; i++) if (i !== me && isMarked(words, i, mark)) return true
  return false
}

function marksBackwards(words: Int32Array, me: number, threads: number, mark: number): boolean {
  for (let i = threads - 1; i >= 0; i--) if (i !== me && isMarked(words, i, mark)) return true
  return false
}

/** Enters, or gives up. */
function enter(words: Int32Array, me: number, threads: number, mark: number): boolean {
  if (marksForwards(words, me, threads, mark)) return false
  Atomics.store(words, MARKS + me, mark)
  const alone =
    !marksBackwards(words, me, threads, mark) && !marksForwards(words, me, threads, mark)
  if (!alone) Atomics.store(words, MARKS + me, NONE)
  return alone
}

/** Tries once; 1 when it has sent or received. */
function use(words: Int32Array, me: number, threads: number, role: Role, marking: Marking): number {
  const length = Atomics.load(words, LENGTH)
  const mark = marking === "one mark" || role === "receiver" ? MARK : length + 1
  if (!enter(words, me, threads, mark)) return 0
  const found = Atomics.load(words, LENGTH)
  const moves = role === "sender" || found > 0
  // In two steps: whoever else is inside makes one of them lost.
  if (moves) Atomics.store(words, LENGTH, found + (role === "sender" ? 1 : -1))
  Atomics.store(words, MARKS + me, NONE)
  return moves ? 1 : 0
}

/** Threads that each try the inbox once; afterwards what was sent must be there or taken. */
export function mailbox(roles: readonly Role[], marking: Marking): () => Promise<void> {
  return async () => {
    const words = sharedArray(Int32Array, MARKS + roles.length)
    words[LENGTH] = 1
    words.fill(NONE, MARKS)
    const threads = roles.map((role, me) => go(use, words, me, roles.length, role, marking))
    let expected = 1
    for (const [me, thread] of threads.entries()) {
      expected += (await thread) * (roles[me] === "sender" ? 1 : -1)
    }
    assert.equal(words[LENGTH], expected, "a message is lost, or there twice")
  }
}
