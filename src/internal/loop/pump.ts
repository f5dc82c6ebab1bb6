/**
 * What an isolate does when something happens: the one loop in which everything waits.
 *
 * A *turn* takes the inbox, runs some tasks, and publishes what was held back. When it found
 * nothing the isolate announces that it is idle, lingers for a moment, and parks until its doorbell
 * rings, with its event loop alive. Turns run when the microtasks have run (`whenSettled`), and
 * every TURN_MS timers and sockets go first (`nextTurn`).
 * How it is woken stands in memory/doorbell.ts.
 */
import { add, compareExchange, load, read } from "#platform/atomics"
import { nextTurn, now, whenSettled } from "#platform/clock"
import { TURN_MS } from "#platform/limits"
import { waitSync, waitThen } from "#platform/park"
import { simulated } from "#platform/simulation"
import { doorbell, ring, setSleeping } from "../memory/doorbell.ts"
import { disown } from "../memory/guard.ts"
import { HEAD_DEATHS, HEAD_SPINNERS } from "../memory/layout.ts"
import { NEXT, takeAll } from "../queue/inbox.ts"
import { sampleHeap } from "./heap-sample.ts"
import { type Here, here } from "./here.ts"
import { linger, parking, unparked } from "./idle.ts"

/** Takes one node told to this isolate. */
export type NodeHandler = (node: number) => void

/** Something that holds back what others should see, until it is flushed. */
export interface Flushable {
  flush(): void
}

/** The isolate's own work: tasks. */
export interface Work {
  /** Runs some; true when it did anything. */
  run(): boolean
  /**
   * Says that this isolate looks for work (true), or no more; true when there is work to look for.
   */
  setIdle(idle: boolean): boolean
}

const handlers: (NodeHandler | undefined)[] = []
const recheckers: (() => void)[] = []
const blockListeners: (() => void)[] = []
const flushables: Flushable[] = []
let work: Work | undefined
let scheduled = false
let inTurn = false
let armed = false
let deaths = 0
let turnStarted = 0
let blocked = false

/** Says who takes nodes of a kind. Each room does so once, when it is loaded. */
export function onNode(kind: number, handler: NodeHandler): void {
  handlers[kind] = handler
  const nodes = unheard.get(kind)
  unheard.delete(kind)
  for (const node of nodes ?? []) handler(node)
}

/** Nodes of rooms that are not loaded here yet. */
const unheard = new Map<number, number[]>()

/** Keeps a node until its room is loaded. */
function keep(at: Here, node: number): void {
  const kind = read(at.words, node)
  const nodes = unheard.get(kind)
  if (nodes === undefined) unheard.set(kind, [node])
  else nodes.push(node)
}

/** `recheck` runs after the death of any isolate: what was waited for may have changed unheard. */
export function onDeath(recheck: () => void): void {
  recheckers.push(recheck)
}

/** `listener` runs before code of this isolate blocks its thread: no timer or message follows. */
export function beforeBlocking(listener: () => void): void {
  blockListeners.push(listener)
}

/** Gives this isolate tasks to run. */
export function setWork(source: Work): void {
  work = source
}

/** Publishes `thing` at the end of this turn at the latest. */
export function flushLater(thing: Flushable): void {
  flushables.push(thing)
  schedule()
}

/** Makes sure that a turn comes once the microtasks have run. */
export function schedule(): void {
  if (scheduled) return
  scheduled = true
  if (inTurn) queueMicrotask(afterMicrotasks)
  else whenSettled(turn)
}

function afterMicrotasks(): void {
  whenSettled(turn)
}

/** Publishes everything held back, now. */
export function flush(): void {
  for (let i = 0; i < flushables.length; i++) flushables[i].flush()
  flushables.length = 0
}

function turn(): void {
  const at = here()
  scheduled = false
  inTurn = true
  disown(at.words, at.me)
  try {
    flush()
    const seen = load(at.words, doorbell(at.me))
    if (drain(at) || runWork()) {
      flush()
      again()
    } else rest(at, seen)
  } finally {
    inTurn = false
  }
}

function runWork(): boolean {
  return work?.run() ?? false
}

/** Another turn: at once, or after timers and sockets when they have waited long enough. */
function again(): void {
  if (now() - turnStarted < TURN_MS) {
    schedule()
    return
  }
  scheduled = true
  nextTurn(freshTurn)
}

function freshTurn(): void {
  turnStarted = now()
  sampleHeap(turnStarted)
  turn()
}

/** Whether this isolate has kept timers and sockets waiting for a turn's time. */
export function isTurnOver(): boolean {
  // In an explored program everybody has a turn at every step.
  if (simulated() !== undefined) return false
  return now() - turnStarted >= TURN_MS
}

/** Resolves after timers and sockets have had their turn. */
export function yieldTurn(): Promise<void> {
  const stand = simulated()
  if (stand !== undefined) return stand.play("yield", []) as Promise<void>
  return new Promise((resolve) => {
    nextTurn(() => {
      turnStarted = now()
      resolve()
    })
  })
}

/** Nothing to do: announce it, linger, park. */
function rest(at: Here, seen: number): void {
  if ((work?.setIdle(true) ?? false) || linger(at, seen)) {
    work?.setIdle(false)
    again()
    return
  }
  setSleeping(at.words, at.me, true)
  if (load(at.words, doorbell(at.me)) !== seen) {
    setSleeping(at.words, at.me, false)
    work?.setIdle(false)
    again()
    return
  }
  parking()
  if (armed) return
  armed = true
  waitThen(at.words, doorbell(at.me), seen, wake)
}

function wake(): void {
  armed = false
  unparked()
  turnStarted = now()
  setSleeping(here().words, here().me, false)
  work?.setIdle(false)
  if (!scheduled) turn()
}

/** Takes everything in the inbox; true when there was something. */
function drain(at: Here): boolean {
  const died = load(at.words, HEAD_DEATHS)
  let node = takeAll(at.words, at.me)
  const some = node !== 0
  while (node !== 0) {
    const next = read(at.words, node + NEXT)
    const handler = handlers[read(at.words, node)]
    if (handler !== undefined) handler(node)
    else keep(at, node)
    node = next
  }
  if (died === deaths) return some
  deaths = died
  for (const recheck of recheckers) recheck()
  return true
}

/** Whether code of this isolate waits in `blockUntil`: none of its other tasks can run. */
export function isBlocked(): boolean {
  return blocked
}

/**
 * Blocks this thread until `attempt` says true or `deadline` (a `now()`) has passed; false when it
 * passed. Wakes of other operations are taken meanwhile; their promises settle when the thread
 * returns. An attempt that has done something else instead says "again": it is made once more at
 * once.
 */
export function blockUntil(attempt: () => boolean | "again", deadline: number): boolean {
  const outer = blocked
  blocked = true
  for (const listener of blockListeners) listener()
  try {
    return blockHere(attempt, deadline)
  } finally {
    blocked = outer
    // The isolate says no more that it sleeps, although it may be parked: the next turn says it
    // again.
    schedule()
  }
}

function blockHere(attempt: () => boolean | "again", deadline: number): boolean {
  const at = here()
  flush()
  for (;;) {
    const seen = load(at.words, doorbell(at.me))
    drain(at)
    const done = attempt()
    if (done === true) return true
    flush()
    const left = deadline - now()
    if (left <= 0) return false
    if (done === "again" || linger(at, seen)) continue
    setSleeping(at.words, at.me, true)
    waitSync(at.words, doorbell(at.me), seen, left)
    setSleeping(at.words, at.me, false)
  }
}

/**
 * For a thread that waits by means of its own: takes what this isolate was told, and says that it
 * sleeps. Answers the doorbell's value to sleep on, which it had before.
 */
export function listen(): number {
  const at = here()
  flush()
  setSleeping(at.words, at.me, true)
  const seen = load(at.words, doorbell(at.me))
  drain(at)
  flush()
  return seen
}

/** Tells every isolate of this runtime that one has died. */
export function announceDeath(at: Here, tokens: Iterable<number>): void {
  add(at.words, HEAD_DEATHS, 1)
  for (const token of tokens) ring(at.words, token)
}

/** A spinner that died while spinning counts no more. */
export function resetSpinners(at: Here): void {
  compareExchange(at.words, HEAD_SPINNERS, load(at.words, HEAD_SPINNERS), 0)
}
