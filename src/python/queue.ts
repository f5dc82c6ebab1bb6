/**
 * A queue between interpreters: a chain of items in shared memory, perhaps with a bound.
 *
 * ```
 * queue  place in the list, chain, PUTS, TAKES, CAPACITY, POLICY, FALLBACK
 * ```
 * Waiting       PUTS and TAKES are counted up after the guard is left: whoever waits reads the
 *               count, tries, and sleeps while the count is the same. Everyone is woken: a sleeper
 *               that dies or gives up leaves nothing behind, and swallows nobody's wake
 * Explored by   test/python/chain.model.ts, as far as the chain goes
 */
import { read, type Words, write } from "#platform/atomics"
import { acquireObject, type Here } from "../internal/loop/here.ts"
import { destroyObject, onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { adopt, create, letGo } from "../internal/memory/objects.ts"
import {
  append,
  CHAIN_WORDS,
  enterChain,
  ITEM,
  leaveChain,
  lengthOf,
  takeFirst,
  takeWhere,
  unbind,
} from "./chain.ts"
import { dropFreight } from "./freight.ts"
import { find, forEachListed, LISTED, list, numberOf, QUEUES, unlist } from "./registry.ts"
import { bump } from "./world.ts"

const CHAIN = LISTED
/** Word of a queue: counts what was put. Who waits for an item sleeps on it. */
export const PUTS = LISTED + CHAIN_WORDS
/** Word of a queue: counts what was taken. Who waits for room sleeps on it. */
export const TAKES = PUTS + 1
const CAPACITY = PUTS + 2
const POLICY = PUTS + 3
const FALLBACK = PUTS + 4
const QUEUE_BYTES = 4 * (PUTS + 5)

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
  create(words, queue, KIND.PYTHON_QUEUE, at.me)
  list(at, world, QUEUES, queue)
  return queue
}

/** Id, policy and fallback of a queue; the id is 0 once it is destroyed. */
export function defaultsOf(words: Words, queue: number): QueueDefaults {
  return {
    id: numberOf(words, queue),
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
  return lengthOf(words, queue + CHAIN)
}

/**
 * The queue with this id, 0 when there is none. The caller has a reference to it, which it gives
 * to its isolate (`keepQueue`) or back (`releaseObject`).
 */
export function findQueue(at: Here, world: number, id: number): number {
  return id > 0 ? find(at, world, QUEUES, id) : 0
}

/** The reference to a queue becomes that of the calling isolate. */
export function keepQueue(at: Here, queue: number): void {
  adopt(at.words, queue, at.me)
}

/** Defaults of all queues, oldest first. */
export function allQueues(at: Here, world: number): QueueDefaults[] {
  const all: QueueDefaults[] = []
  forEachListed(at, world, QUEUES, (queue) => all.push(defaultsOf(at.words, queue)))
  return all.reverse()
}

/** The calling isolate lets a queue go; it ends with the last. */
export function letQueueGo(at: Here, queue: number): void {
  if (letGo(at.words, queue, at.me)) destroyObject(at, queue, KIND.PYTHON_QUEUE)
}

/** Appends an item; false when the queue is full. */
export function putItem(at: Here, queue: number, item: number): boolean {
  const { words } = at
  const chain = queue + CHAIN
  enterChain(words, chain, at.me)
  const capacity = read(words, queue + CAPACITY)
  const fits = capacity <= 0 || lengthOf(words, chain) < capacity
  if (fits) append(words, chain, item)
  leaveChain(words, chain, at.me)
  if (fits) bump(words, queue + PUTS)
  return fits
}

/** Takes the first item out; 0 when there is none. */
export function takeItem(at: Here, queue: number): number {
  const { words } = at
  const chain = queue + CHAIN
  enterChain(words, chain, at.me)
  const item = takeFirst(words, chain)
  leaveChain(words, chain, at.me)
  if (item !== 0 && read(words, queue + CAPACITY) > 0) bump(words, queue + TAKES)
  return item
}

/** Gives the block of an item back, and its freight. */
export function releaseItem(at: Here, item: number): void {
  const freight = read(at.words, item + ITEM.FREIGHT)
  at.arena.release(item)
  dropFreight(at, freight)
}

/** Takes a queue out of the list for good; false when somebody did before. */
export function destroyQueue(at: Here, queue: number): boolean {
  if (!unlist(at, QUEUES, queue)) return false
  empty(at, queue)
  bump(at.words, queue + TAKES)
  bump(at.words, queue + PUTS)
  return true
}

function empty(at: Here, queue: number): void {
  const { words } = at
  enterChain(words, queue + CHAIN, at.me)
  const items = takeWhere(words, queue + CHAIN, () => true)
  leaveChain(words, queue + CHAIN, at.me)
  for (const item of items) releaseItem(at, item)
}

/** Destroys all queues of a world, whatever still names them. */
export function destroyQueues(at: Here, world: number): void {
  for (const { id } of allQueues(at, world)) {
    const queue = findQueue(at, world, id)
    if (queue === 0) continue
    destroyQueue(at, queue)
    releaseObject(at, queue)
  }
}

/** The interpreter `owner` has ended: what it put is removed or loses its value, as it asked. */
export function unbindItems(at: Here, world: number, owner: number): void {
  const { words } = at
  for (const { id } of allQueues(at, world)) {
    const queue = findQueue(at, world, id)
    if (queue === 0) continue
    enterChain(words, queue + CHAIN, at.me)
    const removed = unbind(words, queue + CHAIN, owner)
    leaveChain(words, queue + CHAIN, at.me)
    for (const item of removed) releaseItem(at, item)
    bump(words, queue + TAKES)
    bump(words, queue + PUTS)
    releaseObject(at, queue)
  }
}

onDestroy(KIND.PYTHON_QUEUE, (at, queue) => {
  unlist(at, QUEUES, queue)
  empty(at, queue)
})
