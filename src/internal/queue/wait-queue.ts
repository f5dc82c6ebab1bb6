/**
 * Isolates that wait for one thing, first in, first woken.
 *
 * An isolate stands in a queue at most once, however many of its operations wait there: they are its own
 * affair, in order. Its place is a node it owns. A wake is a hint, never the value: the woken isolate
 * tries again, and when it leaves something for others it wakes the next.
 *
 * ```
 * queue  GUARD, HEAD, TAIL
 * node   a shared object whose body is OWNER, STATE, LATER, COOKIE, QUEUE, WAKER; NEXT is the inbox's
 * ```
 * Invariant     a node is IDLE (its owner may enqueue it), QUEUED (in the list), or TOLD (on its way to
 *               or in its owner's inbox)
 * Protocol      a waiter enqueues, then tries once more; a waker changes the thing, then loads HEAD. Both
 *               are atomic, so one of the two sees the other
 * Death         the list follows LATER from HEAD; the next who enters finds TAIL again. Nodes of the dead
 *               are skipped. A waker may die with a node in hand, having told nobody: at every death all
 *               isolates take their inbox, then try again all they wait for and stand in line anew
 * Explored by   test/internal/queue/wait-queue.model.ts
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import { enter, leave } from "../memory/guard.ts"
import { BODY } from "../memory/objects.ts"
import { isAlive } from "../memory/owners.ts"
import { tell } from "./inbox.ts"

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

/** Bytes of a node. */
export const NODE_BYTES = 4 * (BODY + 6)

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

/** Whether anybody waits. Called after the thing waited for has changed. */
export function isWaiting(words: Words, queue: number): boolean {
  return load(words, queue + HEAD) !== 0
}

function enterQueue(words: Words, queue: number, me: number): void {
  if (!enter(words, queue + GUARD, me)) return
  let last = read(words, queue + HEAD)
  while (last !== 0 && read(words, last + LATER) !== 0) last = read(words, last + LATER)
  write(words, queue + TAIL, last)
}

/**
 * Stands in its queue's line with an own node; nothing happens when it stands there or has been told.
 * A node that was told by an isolate that died since, and was not heard of, stands in line again.
 */
export function enqueue(words: Words, node: number, me: number): void {
  const queue = read(words, node + QUEUE)
  enterQueue(words, queue, me)
  let state = read(words, node + STATE)
  if (state === TOLD && !isAlive(words, read(words, node + WAKER))) {
    state = isListed(words, queue, node) ? QUEUED : IDLE
    write(words, node + STATE, state)
  }
  if (state === IDLE) append(words, queue, node)
  leave(words, queue + GUARD, me)
}

function append(words: Words, queue: number, node: number): void {
  write(words, node + LATER, 0)
  write(words, node + STATE, QUEUED)
  const last = read(words, queue + TAIL)
  if (last === 0) store(words, queue + HEAD, node)
  else write(words, last + LATER, node)
  write(words, queue + TAIL, node)
}

function isListed(words: Words, queue: number, node: number): boolean {
  let listed = load(words, queue + HEAD)
  while (listed !== 0 && listed !== node) listed = read(words, listed + LATER)
  return listed === node
}

/**
 * Leaves the line: for its owner, or for the survivors of a dead one. False when the node has been told
 * meanwhile: then it is on its way to the inbox, and its owner passes the wake on.
 */
export function withdraw(words: Words, node: number, me: number): boolean {
  const queue = read(words, node + QUEUE)
  enterQueue(words, queue, me)
  const state = read(words, node + STATE)
  if (state === QUEUED) {
    unlink(words, queue, node)
    write(words, node + STATE, IDLE)
  }
  leave(words, queue + GUARD, me)
  return state !== TOLD
}

function unlink(words: Words, queue: number, node: number): void {
  const later = read(words, node + LATER)
  const head = load(words, queue + HEAD)
  let before = 0
  if (head === node) {
    store(words, queue + HEAD, later)
  } else {
    before = head
    while (read(words, before + LATER) !== node) before = read(words, before + LATER)
    write(words, before + LATER, later)
  }
  if (later === 0) write(words, queue + TAIL, before)
}

/** Wakes the first living isolate in line; false when nobody stands there. */
export function wakeOne(words: Words, queue: number, me: number): boolean {
  for (;;) {
    enterQueue(words, queue, me)
    const node = load(words, queue + HEAD)
    const owner = node === 0 ? 0 : read(words, node + OWNER)
    if (node !== 0) {
      write(words, node + WAKER, me)
      write(words, node + STATE, TOLD)
      unlink(words, queue, node)
    }
    leave(words, queue + GUARD, me)
    if (node === 0) return false
    if (!isAlive(words, owner)) continue
    tell(words, owner, node, node)
    return true
  }
}

/** Wakes everyone in line. */
export function wakeAll(words: Words, queue: number, me: number): void {
  while (wakeOne(words, queue, me)) {
    // Each turn wakes one; those who enqueue again meanwhile have seen the change.
  }
}

/** The owner has taken its node from the inbox and may enqueue it again. */
export function wasTold(words: Words, node: number, me: number): void {
  if (isAlive(words, read(words, node + WAKER))) {
    write(words, node + STATE, IDLE)
    return
  }
  const queue = read(words, node + QUEUE)
  enterQueue(words, queue, me)
  write(words, node + STATE, isListed(words, queue, node) ? QUEUED : IDLE)
  leave(words, queue + GUARD, me)
}
