/**
 * A queue between interpreters: a chain of items in shared memory.
 *
 * ```
 * queue  GUARD, PUTS, TAKES, COUNT, FIRST, LAST, CAPACITY, POLICY, FALLBACK, ID, NEXT, WORLD
 * item   LATER, POLICY, OWNER, FLAGS, then its value
 * ```
 * Invariant     following LATER from FIRST ends at 0; COUNT items lie on the way, LAST is the last
 * Publication   all inside the guard. PUTS and TAKES are counted up after the guard is left:
 *               whoever waits reads the count, tries, and sleeps while the count is the same
 * Waiting       everyone is woken: a sleeper that dies or gives up leaves nothing behind, and
 *               swallows nobody's wake
 * Death         FIRST and LATER are the truth: the next who enters counts and finds LAST again
 * Explored by   test/python/queue.model.ts
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import { acquireObject, type Here } from "../internal/loop/here.ts"
import { destroyObject, onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { adopt, BODY, create, letGo, retainLiving } from "../internal/memory/objects.ts"
import { bump, WORLD } from "./world.ts"

const GUARD = BODY
/** Word of a queue: counts what was put. Who waits for an item sleeps on it. */
export const PUTS = BODY + 1
/** Word of a queue: counts what was taken. Who waits for room sleeps on it. */
export const TAKES = BODY + 2
const COUNT = BODY + 3
const FIRST = BODY + 4
const LAST = BODY + 5
const CAPACITY = BODY + 6
const POLICY = BODY + 7
const FALLBACK = BODY + 8
const ID = BODY + 9
const NEXT = BODY + 10
const HOME = BODY + 11
const QUEUE_BYTES = 4 * (BODY + 12)

const LATER = 0
/** Words of an item: what becomes of it when its interpreter ends, and whose it is. */
export const ITEM = { POLICY: 1, OWNER: 2, FLAGS: 3, VALUE: 4 } as const

/** Flags of an item. */
export const FLAG = { PACKED: 1, UNBOUND: 2 } as const

/** What becomes of items when the interpreter that put them ends. */
export const UNBOUND = { REMOVE: 1, ERROR: 2, REPLACE: 3 } as const

/** How a queue was made. */
export interface QueueDefaults {
  readonly id: number
  readonly policy: number
  readonly fallback: number
}

/** Makes a queue that the calling isolate holds; capacity 0 or less means no bound. */
export function makeQueue(
  at: Here,
  world: number,
  capacity: number,
  policy: number,
  fallback: number,
): number {
  const { words } = at
  const queue = acquireObject(at, QUEUE_BYTES)
  write(words, queue + CAPACITY, capacity)
  write(words, queue + POLICY, policy)
  write(words, queue + FALLBACK, fallback)
  write(words, queue + HOME, world)
  create(words, queue, KIND.PYTHON_QUEUE, at.me)
  enter(words, world + WORLD.GUARD, at.me)
  const id = read(words, world + WORLD.QUEUES_MADE) + 1
  write(words, world + WORLD.QUEUES_MADE, id)
  write(words, queue + ID, id)
  write(words, queue + NEXT, read(words, world + WORLD.QUEUES))
  store(words, world + WORLD.QUEUES, queue)
  leave(words, world + WORLD.GUARD, at.me)
  return queue
}

/** Id, policy and fallback of a queue. */
export function defaultsOf(words: Words, queue: number): QueueDefaults {
  return {
    id: read(words, queue + ID),
    policy: read(words, queue + POLICY),
    fallback: read(words, queue + FALLBACK),
  }
}

/** The most items a queue holds; 0 or less means no bound. */
export function capacityOf(words: Words, queue: number): number {
  return read(words, queue + CAPACITY)
}

/** Items in a queue now. */
export function countOf(words: Words, queue: number): number {
  return load(words, queue + COUNT)
}

/**
 * The queue with this id, 0 when there is none. The caller has a reference to it, which it gives
 * to its isolate (`keepQueue`) or back (`releaseObject`).
 */
export function findQueue(at: Here, world: number, id: number): number {
  const { words } = at
  let found = 0
  enter(words, world + WORLD.GUARD, at.me)
  for (
    let queue = load(words, world + WORLD.QUEUES);
    queue !== 0 && found === 0;
    queue = read(words, queue + NEXT)
  ) {
    if (read(words, queue + ID) === id && retainLiving(words, queue)) found = queue
  }
  leave(words, world + WORLD.GUARD, at.me)
  return found
}

/** The reference to a queue becomes that of the calling isolate. */
export function keepQueue(at: Here, queue: number): void {
  adopt(at.words, queue, at.me)
}

/** Defaults of all queues, oldest first. */
export function allQueues(at: Here, world: number): QueueDefaults[] {
  const { words } = at
  const all: QueueDefaults[] = []
  enter(words, world + WORLD.GUARD, at.me)
  let queue = load(words, world + WORLD.QUEUES)
  for (; queue !== 0; queue = read(words, queue + NEXT)) all.push(defaultsOf(words, queue))
  leave(words, world + WORLD.GUARD, at.me)
  return all.reverse()
}

/** The calling isolate lets a queue go; it ends with the last. */
export function letQueueGo(at: Here, queue: number): void {
  if (letGo(at.words, queue, at.me)) destroyObject(at, queue, KIND.PYTHON_QUEUE)
}

function enterQueue(at: Here, queue: number): void {
  if (enter(at.words, queue + GUARD, at.me)) repair(at.words, queue)
}

/** Finds the end of the chain again, and its length, after a death inside the guard. */
function repair(words: Words, queue: number): void {
  let count = 0
  let last = 0
  for (let item = read(words, queue + FIRST); item !== 0; item = read(words, item + LATER)) {
    last = item
    count++
  }
  write(words, queue + LAST, last)
  store(words, queue + COUNT, count)
}

/** Appends an item; false when the queue is full. */
export function putItem(at: Here, queue: number, item: number): boolean {
  const { words } = at
  enterQueue(at, queue)
  const count = read(words, queue + COUNT)
  const capacity = read(words, queue + CAPACITY)
  const fits = capacity <= 0 || count < capacity
  if (fits) {
    const last = read(words, queue + LAST)
    write(words, item + LATER, 0)
    write(words, count === 0 ? queue + FIRST : last + LATER, item)
    write(words, queue + LAST, item)
    store(words, queue + COUNT, count + 1)
  }
  leave(words, queue + GUARD, at.me)
  if (fits) bump(words, queue + PUTS)
  return fits
}

/** Takes the first item out; 0 when there is none. */
export function takeItem(at: Here, queue: number): number {
  const { words } = at
  enterQueue(at, queue)
  const item = read(words, queue + FIRST)
  if (item !== 0) {
    write(words, queue + FIRST, read(words, item + LATER))
    store(words, queue + COUNT, read(words, queue + COUNT) - 1)
  }
  leave(words, queue + GUARD, at.me)
  if (item !== 0 && read(words, queue + CAPACITY) > 0) bump(words, queue + TAKES)
  return item
}

/** The interpreter `owner` has ended: what it put is removed or loses its value, as it asked. */
export function unbindItems(at: Here, world: number, owner: number): void {
  for (const { id } of allQueues(at, world)) {
    const queue = findQueue(at, world, id)
    if (queue === 0) continue
    for (const item of unbindIn(at, queue, owner)) at.arena.release(item)
    bump(at.words, queue + TAKES)
    bump(at.words, queue + PUTS)
    releaseObject(at, queue)
  }
}

/** Marks or unlinks the items of `owner`; returns those that nobody needs any more. */
function unbindIn(at: Here, queue: number, owner: number): number[] {
  const { words } = at
  const removed: number[] = []
  enterQueue(at, queue)
  let before = queue + FIRST
  for (let item = read(words, before); item !== 0; item = read(words, item + LATER)) {
    const mine = read(words, item + ITEM.OWNER) === owner
    if (mine && read(words, item + ITEM.POLICY) === UNBOUND.REMOVE) {
      write(words, before, read(words, item + LATER))
      removed.push(item)
    } else {
      if (mine) write(words, item + ITEM.FLAGS, FLAG.UNBOUND)
      before = item + LATER
    }
  }
  repair(words, queue)
  leave(words, queue + GUARD, at.me)
  return removed
}

onDestroy(KIND.PYTHON_QUEUE, (at, queue) => {
  const { words } = at
  const world = read(words, queue + HOME)
  enter(words, world + WORLD.GUARD, at.me)
  let before = world + WORLD.QUEUES
  while (load(words, before) !== queue && load(words, before) !== 0)
    before = read(words, before) + NEXT
  if (load(words, before) === queue) store(words, before, read(words, queue + NEXT))
  leave(words, world + WORLD.GUARD, at.me)
  for (let item = read(words, queue + FIRST); item !== 0; ) {
    const later = read(words, item + LATER)
    at.arena.release(item)
    item = later
  }
})
