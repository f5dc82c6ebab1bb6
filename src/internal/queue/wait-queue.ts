/**
 * Isolates that wait for one thing, first in, first woken.
 *
 * An isolate stands in a queue at most once, however many of its operations wait there: they are
 * its own affair, in order. Its place is a node it owns. A wake is a hint, never the value: the
 * woken isolate tries again, and when it leaves something for others it wakes the next.
 *
 * ```
 * queue  GUARD, HEAD, TAIL
 * node   a shared object whose body is OWNER, STATE, LATER, COOKIE, QUEUE, WAKER, COUNT; NEXT is
 *        the inbox's
 * ```
 * Invariant     a node is IDLE (its owner may enqueue it), QUEUED (in the list), or TOLD (in its
 *               owner's inbox, or lost with the waker that died telling it)
 * Protocol      a waiter enqueues, then tries once more; a waker changes the thing, then loads
 *               HEAD. Both are atomic, so one of the two sees the other
 * Death         HEAD, LATER and STATE are the truth: the next who enters drops listed nodes that
 *               are not QUEUED and finds TAIL again. Nodes of the dead are skipped. Whether a node
 *               that a dead waker had in hand will ever arrive nobody can know, so its owner uses a
 *               new one: at every death all isolates try again all they wait for and stand in line
 *               anew
 * Explored by   test/internal/queue/wait-queue.model.ts
 */
import { load, peek, poke, read, store, type Words, write } from "#platform/atomics"
import { ring } from "../memory/doorbell.ts"
import { enter, leave } from "../memory/guard.ts"
import { BODY } from "../memory/objects.ts"
import { isAlive } from "../memory/owners.ts"
import { put } from "./inbox.ts"

/** Words of a queue. */
export const WAIT_QUEUE_WORDS = 3

const GUARD = 0
const HEAD = 1
const TAIL = 2

const OWNER = BODY
const STATE = BODY + 1
const LATER = BODY + 2
const COOKIE = BODY + 3
const QUEUE = BODY + 4
const WAKER = BODY + 5
const COUNT = BODY + 6

/** Bytes of a node. */
export const NODE_BYTES = 4 * (BODY + 7)

const IDLE = 0
const QUEUED = 1
const TOLD = 2

/** Makes a node for one queue in a fresh object; `cookie` is its owner's name for it. */
export function makeNode(
  words: Words,
  node: number,
  queue: number,
  owner: number,
  cookie: number,
): void {
  write(words, node + OWNER, owner)
  write(words, node + STATE, IDLE)
  write(words, node + COOKIE, cookie)
  write(words, node + QUEUE, queue)
}

/** Its owner's name for a node. */
export function cookieOf(words: Words, node: number): number {
  return read(words, node + COOKIE)
}

/** Says how many operations its owner has waiting. */
export function noteCount(words: Words, node: number, count: number): void {
  poke(words, node + COUNT, count)
}

/** How many operations wait, as their isolates have said. */
export function countWaiting(words: Words, queue: number, me: number): number {
  let sum = 0
  enterQueue(words, queue, me)
  for (let node = load(words, queue + HEAD); node !== 0; node = read(words, node + LATER)) {
    if (isAlive(words, read(words, node + OWNER))) sum += peek(words, node + COUNT)
  }
  leave(words, queue + GUARD, me)
  return sum
}

/** Whether anybody waits. Called after the thing waited for has changed. */
export function isWaiting(words: Words, queue: number): boolean {
  return load(words, queue + HEAD) !== 0
}

function enterQueue(words: Words, queue: number, me: number): void {
  if (enter(words, queue + GUARD, me)) repair(words, queue)
}

/**
 * Makes a list again of what a dead isolate may have left: nodes that are QUEUED stay, in order.
 */
function repair(words: Words, queue: number): void {
  let last = 0
  let node = load(words, queue + HEAD)
  while (node !== 0) {
    const later = read(words, node + LATER)
    if (read(words, node + STATE) === QUEUED) last = node
    else link(words, queue, last, later)
    node = later
  }
  write(words, queue + TAIL, last)
}

function link(words: Words, queue: number, before: number, node: number): void {
  if (before === 0) store(words, queue + HEAD, node)
  else write(words, before + LATER, node)
}

/**
 * Stands in its queue's line with an own node; nothing happens when it stands there or is on its
 * way. False when the node may be lost: it was told by an isolate that is dead now. Its owner
 * stands in line with a new node, and lets this one go if it ever arrives.
 */
export function enqueue(words: Words, node: number, me: number): boolean {
  const queue = read(words, node + QUEUE)
  enterQueue(words, queue, me)
  const state = read(words, node + STATE)
  if (state === IDLE) append(words, queue, node)
  const lost = state === TOLD && !isAlive(words, read(words, node + WAKER))
  leave(words, queue + GUARD, me)
  return !lost
}

/** Lists a node, then says so: a node whose owner died between is dropped by the repair. */
function append(words: Words, queue: number, node: number): void {
  write(words, node + LATER, 0)
  link(words, queue, read(words, queue + TAIL), node)
  write(words, queue + TAIL, node)
  write(words, node + STATE, QUEUED)
}

/**
 * Leaves the line: for its owner, or for the survivors of a dead one. False when the node has been
 * told meanwhile: then it is in the inbox, and its owner passes the wake on. Either way nobody but
 * the owner uses the node any more.
 */
export function withdraw(words: Words, node: number, me: number): boolean {
  const queue = read(words, node + QUEUE)
  enterQueue(words, queue, me)
  const state = read(words, node + STATE)
  if (state === QUEUED) {
    write(words, node + STATE, IDLE)
    unlink(words, queue, node)
  }
  leave(words, queue + GUARD, me)
  return state !== TOLD
}

function unlink(words: Words, queue: number, node: number): void {
  const later = read(words, node + LATER)
  let before = 0
  let listed = load(words, queue + HEAD)
  while (listed !== node) {
    before = listed
    listed = read(words, listed + LATER)
  }
  link(words, queue, before, later)
  if (later === 0) write(words, queue + TAIL, before)
}

/** Wakes the first living isolate in line; false when nobody stands there. */
export function wakeOne(words: Words, queue: number, me: number): boolean {
  const owner = tellOne(words, queue, me)
  if (owner === 0) return false
  ring(words, owner)
  return true
}

/**
 * The first half of `wakeOne`: the first living isolate in line finds its node in its inbox when it
 * looks. Its token, for the caller to `ring`; 0 when nobody stands there.
 */
export function tellOne(words: Words, queue: number, me: number): number {
  for (;;) {
    enterQueue(words, queue, me)
    const node = load(words, queue + HEAD)
    const owner = node === 0 ? 0 : read(words, node + OWNER)
    const told = node !== 0 && tellFirst(words, queue, node, owner, me)
    leave(words, queue + GUARD, me)
    if (told || node === 0) return owner
  }
}

/**
 * Takes the first node out and puts it into its owner's inbox; false when the owner is dead.
 * Inside the guard: whoever has withdrawn a node may free it, for nobody has it in hand.
 */
function tellFirst(words: Words, queue: number, node: number, owner: number, me: number): boolean {
  write(words, node + WAKER, me)
  write(words, node + STATE, TOLD)
  unlink(words, queue, node)
  if (!isAlive(words, owner)) return false
  put(words, owner, node, node)
  return true
}

/** Wakes everyone in line. */
export function wakeAll(words: Words, queue: number, me: number): void {
  while (wakeOne(words, queue, me)) {
    // Each turn wakes one; those who enqueue again meanwhile have seen the change.
  }
}

/** The owner has taken its node from the inbox and may enqueue it again. */
export function wasTold(words: Words, node: number): void {
  write(words, node + STATE, IDLE)
}
