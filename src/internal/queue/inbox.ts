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
import {
  add,
  compareExchange,
  exchange,
  load,
  notify,
  peek,
  read,
  store,
  type Words,
  write,
} from "#platform/atomics"
import { INBOXES, PAGE, pageOf } from "../memory/layout.ts"
import { lifeOf, slotOf } from "../memory/owners.ts"

/** Word of a node: the node below it. */
export const NEXT = 1

/** Word of a node: what it tells, one of the kinds below. */
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

/** Makes the isolate look at its inbox and its queues, waking it when it sleeps. */
export function ring(words: Words, token: number): void {
  const page = pageOf(slotOf(token))
  add(words, page + PAGE.DOORBELL, 1)
  if (load(words, page + PAGE.SLEEPING) !== 0) notify(words, page + PAGE.DOORBELL)
}

/** As `ring` for the calling isolate, which is awake and looks soon: nobody has to be notified. */
export function ringOwn(words: Words, token: number): void {
  add(words, pageOf(slotOf(token)) + PAGE.DOORBELL, 1)
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

/** The doorbell's word and its value now: what to sleep on. */
export function doorbell(token: number): number {
  return pageOf(slotOf(token)) + PAGE.DOORBELL
}

/**
 * Says whether the isolate sleeps. It looks at its inbox once more after saying so. The word says
 * at which value of the doorbell it fell asleep, so that others see who was woken and has no core.
 */
export function setSleeping(words: Words, token: number, sleeping: boolean): void {
  const page = pageOf(slotOf(token))
  store(words, page + PAGE.SLEEPING, sleeping ? asleepAt(peek(words, page + PAGE.DOORBELL)) : 0)
}

/** What says that an isolate fell asleep at a value of its doorbell; never 0. */
function asleepAt(bell: number): number {
  return (bell << 1) | 1
}

/** Whether the isolate sleeps: a hint. */
export function isSleeping(words: Words, token: number): boolean {
  return peek(words, pageOf(slotOf(token)) + PAGE.SLEEPING) !== 0
}

/** Whether an isolate lives in `slot` and does not sleep, or was woken: a hint. */
export function isAwake(words: Words, slot: number): boolean {
  const page = pageOf(slot)
  if (peek(words, page + PAGE.TOKEN) === 0) return false
  const sleeps = peek(words, page + PAGE.SLEEPING)
  return sleeps === 0 || sleeps !== asleepAt(peek(words, page + PAGE.DOORBELL))
}
