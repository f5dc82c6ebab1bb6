/**
 * What an isolate is told: a stack of nodes in shared memory, many senders, emptied at once by its
 * isolate.
 *
 * A node is any block with its kind in word 0; it is in at most one inbox.
 *
 * Invariant     following NEXT from the top ends at 0
 * Publication   the node's words are plain; compareExchange on the top publishes them, exchange
 *               receives
 * Death         a sender that dies before its compareExchange has told nothing; after it, all.
 *               Taking everything at once leaves no room for ABA
 * Explored by   test/internal/queue/inbox.model.ts
 * After         Treiber, stack; emptied as in Michael and Scott
 */
import { compareExchange, exchange, load, read, store, type Words, write } from "#platform/atomics"
import { ring } from "../memory/doorbell.ts"
import { INBOXES, PAGE, pageOf } from "../memory/layout.ts"
import { lifeOf, slotOf } from "../memory/owners.ts"

/** Word of a node: the node below it. */
export const NEXT = 1

/** Word of a node: what it tells, a `KIND`. */
export const NODE_KIND = 0

/** Word of the inbox of one life: what is told to the dead does not reach who lives there next. */
function inboxOf(token: number): number {
  return pageOf(slotOf(token)) + PAGE.INBOXES + (lifeOf(token) & (INBOXES - 1))
}

/** Starts the inbox of a new life. */
export function clearInbox(words: Words, token: number): void {
  store(words, inboxOf(token), 0)
}

/** Puts the chain `first` … `last` (linked by NEXT) on top and rings when its isolate sleeps. */
export function tell(words: Words, token: number, first: number, last: number): void {
  if (put(words, token, first, last)) ring(words, token)
}

/** The first half of `tell`; true when the caller has to `ring`. */
export function put(words: Words, token: number, first: number, last: number): boolean {
  const inbox = inboxOf(token)
  let top = load(words, inbox)
  for (;;) {
    write(words, last + NEXT, top)
    const seen = compareExchange(words, inbox, top, first)
    if (seen === top) return top === 0
    top = seen
  }
}

/** Takes all nodes, the one told first on top; 0 when there is none. */
export function takeAll(words: Words, token: number): number {
  const inbox = inboxOf(token)
  if (load(words, inbox) === 0) return 0
  let node = exchange(words, inbox, 0)
  let oldest = 0
  while (node !== 0) {
    const below = read(words, node + NEXT)
    write(words, node + NEXT, oldest)
    oldest = node
    node = below
  }
  return oldest
}

/** Whether a node is in the inbox of the calling isolate, which alone takes nodes out. */
export function contains(words: Words, token: number, node: number): boolean {
  for (let at = load(words, inboxOf(token)); at !== 0; at = read(words, at + NEXT))
    if (at === node) return true
  return false
}
