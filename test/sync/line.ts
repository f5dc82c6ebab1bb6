/**
 * Waiting in the real wait queue as a line of operations does it, for model threads: one operation
 * each.
 */
import { add, load, notify, read } from "#platform/atomics"
import { waitSync } from "#platform/park"
import { doorbell, setSleeping } from "../../src/internal/memory/doorbell.ts"
import { bury } from "../../src/internal/memory/owners.ts"
import { NEXT, takeAll } from "../../src/internal/queue/inbox.ts"
import {
  enqueue,
  isWaiting,
  makeNode,
  wakeAll,
  wakeOne,
  wasTold,
  withdraw,
} from "../../src/internal/queue/wait-queue.ts"
import { me, spare, type World } from "../support/model.ts"

/** Spare words from here on belong to the nodes: two for each thread and queue. */
const NODES = 160
const NODE_WORDS = 16
const QUEUES_MAX = 2

/** The isolate that puts the affairs of the dead in order. */
const MAIN = 3

function nodeOf(at: World, thread: number, queue: number, i: number): number {
  return spare(at) + NODES + ((thread * QUEUES_MAX + queue) * 2 + i) * NODE_WORDS
}

/** Makes the nodes of threads 0 to 2 for up to two queues. */
export function makeNodes(at: World, queues: readonly number[]): void {
  queues.forEach((queue, q) => {
    for (let thread = 0; thread < 3; thread++) {
      for (const i of [0, 1]) makeNode(at.words, nodeOf(at, thread, q, i), queue, me(at, thread), i)
    }
  })
}

/**
 * Waits in the `q`-th of `queues` until `attempt` says true; passes a wake on while `more` says so.
 */
export function waitInLine(
  at: World,
  thread: number,
  queues: readonly number[],
  q: number,
  attempt: () => boolean,
  more: () => boolean,
): void {
  if (attempt()) return
  const { words } = at
  const mine = me(at, thread)
  const queue = queues[q]
  let node = nodeOf(at, thread, q, 0)
  for (;;) {
    const seen = load(words, doorbell(mine))
    for (let told = takeAll(words, mine); told !== 0; told = read(words, told + NEXT)) {
      wasTold(words, told)
    }
    if (attempt()) break
    if (!enqueue(words, node, mine)) {
      node = nodeOf(at, thread, q, 1)
      enqueue(words, node, mine)
    }
    if (attempt()) break
    setSleeping(words, mine, true)
    waitSync(words, doorbell(mine), seen)
    setSleeping(words, mine, false)
  }
  withdraw(words, node, mine)
  if (isWaiting(words, queue) && more()) wakeOne(words, queue, mine)
}

/** Wakes the first who waits in a queue. */
export function wakeIn(at: World, thread: number, queue: number): void {
  if (isWaiting(at.words, queue)) wakeOne(at.words, queue, me(at, thread))
}

/** Wakes all who wait in a queue. */
export function wakeAllIn(at: World, thread: number, queue: number): void {
  wakeAll(at.words, queue, me(at, thread))
}

/** As main does: the dead is buried, its nodes leave the queues, and everybody looks again. */
export function afterDeath(at: World, thread: number, queues: readonly number[]): void {
  const { words } = at
  bury(words, me(at, thread))
  queues.forEach((_, q) => {
    for (const i of [0, 1]) withdraw(words, nodeOf(at, thread, q, i), me(at, MAIN))
  })
  for (let other = 0; other < 3; other++) {
    if (other === thread) continue
    add(words, doorbell(me(at, other)), 1)
    notify(words, doorbell(me(at, other)))
  }
}
