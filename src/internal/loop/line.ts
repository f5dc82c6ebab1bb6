/**
 * The operations of this isolate that wait for one thing, in order.
 *
 * Every waiting operation of the house is one loop: try; when it cannot be done, stand in line and
 * try again whenever woken. Here the isolate's operations share one node in the shared wait queue.
 * The way of waiting is a parameter: `wait` gives a place to an operation that settles a promise,
 * `block` keeps this thread.
 */
import { now } from "#platform/clock"
import { hold, letGo } from "#platform/park"
import { ring, ringOwn } from "../memory/doorbell.ts"
import { KIND } from "../memory/kinds.ts"
import { create, destroy, isHeldBy, kindOf, letGo as letGoOf } from "../memory/objects.ts"
import {
  cookieOf,
  enqueue,
  isWaiting,
  makeNode,
  NODE_BYTES,
  noteCount,
  tellOne,
  wasTold,
  withdraw,
} from "../queue/wait-queue.ts"
import { Fifo } from "./fifo.ts"
import { acquireObject, type Here, here } from "./here.ts"
import { blockUntil, isBlocked, onDeath, onNode, schedule } from "./pump.ts"

/** An operation that may have to wait. */
export interface Operation {
  /** True once it is over: done, failed, or given up; then it is never tried again. */
  attempt(): boolean
}

/** Lines by cookie, while their node may be told. */
const lines: (Line | undefined)[] = []
const freeCookies: number[] = []

/** Lines with operations of this isolate: all are tried again when an isolate dies. */
const waiting = new Set<Line>()

/**
 * Wakes the first isolate in line at a wait queue, perhaps this one, whose turn then comes without
 * the price of a wake. Called after the thing waited for has changed.
 */
export function wakeFirst(at: Here, queue: number): void {
  const owner = tellOne(at.words, queue, at.me)
  if (owner === 0) return
  if (owner !== at.me) {
    ring(at.words, owner)
    return
  }
  ringOwn(at.words, owner)
  schedule()
}

/** This isolate's part of one wait queue. */
export class Line {
  readonly #at: Here
  readonly #queue: number
  /** Whether somebody else could use what this line leaves. */
  readonly #more: () => boolean
  readonly #operations = new Fifo<Operation>()
  readonly #takes: boolean
  #node = 0
  #blocked = 0
  #later = false

  /**
   * @param queue first word of the shared wait queue
   * @param takes whether an operation takes something that only code of its task can give back,
   *   such as a lock: then none is tried while this thread is blocked, because that code cannot run
   */
  constructor(at: Here, queue: number, more: () => boolean, takes = false) {
    this.#at = at
    this.#queue = queue
    this.#more = more
    this.#takes = takes
  }

  /** How many operations of this isolate wait here. */
  get length(): number {
    return this.#operations.length + this.#blocked
  }

  /** Lets an operation that could not be done at once wait its turn. */
  wait(operation: Operation): void {
    this.#operations.push(operation)
    hold()
    waiting.add(this)
    this.serve()
    this.#note()
    schedule()
  }

  /**
   * As `wait`, but does not overtake anybody: it is tried when this isolate is woken. When what it
   * waits for is free already, whoever is first in line is woken.
   */
  waitInTurn(operation: Operation): void {
    this.#operations.push(operation)
    hold()
    waiting.add(this)
    this.#stand()
    this.#note()
    this.passOn()
    schedule()
  }

  /** Takes an operation out that is given up; false when it is over already. */
  giveUp(operation: Operation): boolean {
    if (!this.#operations.remove(operation)) return false
    letGo()
    this.serve()
    return true
  }

  /** Tries the waiting operations in order; stands in line while some are left. */
  serve(): void {
    if (this.#takes && isBlocked()) {
      this.#serveLater()
      return
    }
    if (!this.#tryAll()) {
      this.#stand()
      if (this.#tryAll()) this.#withdraw()
    }
    this.#note()
  }

  /** Says in the node how many wait here, for statistics. */
  #note(): void {
    if (this.#node !== 0) noteCount(this.#at.words, this.#node, this.length)
  }

  /** Serves when the thread is not blocked any more. */
  #serveLater(): void {
    if (this.#later) return
    this.#later = true
    queueMicrotask(() => {
      this.#later = false
      if (this.#operations.length > 0) this.serve()
    })
  }

  /** True when no operation is left. */
  #tryAll(): boolean {
    const operations = this.#operations
    for (;;) {
      const operation = operations.first()
      if (operation === undefined) {
        waiting.delete(this)
        return true
      }
      if (!operation.attempt()) return false
      if (operations.remove(operation)) letGo()
    }
  }

  #stand(): void {
    if (this.#node === 0) this.#node = newNode(this.#at, this.#queue)
    if (this.#enqueue()) return
    lines[cookieOf(this.#at.words, this.#node)] = undefined
    this.#node = newNode(this.#at, this.#queue)
    this.#enqueue()
  }

  #enqueue(): boolean {
    lines[cookieOf(this.#at.words, this.#node)] = this
    return enqueue(this.#at.words, this.#node, this.#at.me)
  }

  /** Leaves the shared queue; a wake that came meanwhile is passed on when it arrives. */
  #withdraw(): void {
    if (!withdraw(this.#at.words, this.#node, this.#at.me)) return
    lines[cookieOf(this.#at.words, this.#node)] = undefined
  }

  /** The node was told: try, and pass the wake on when something is left for others. */
  told(): void {
    this.serve()
    if (this.length === 0 || (this.#later && this.#blocked === 0)) this.passOn()
  }

  /** Wakes the next isolate in line when something is left for it. */
  passOn(): void {
    if (isWaiting(this.#at.words, this.#queue) && this.#more()) wakeFirst(this.#at, this.#queue)
  }

  /**
   * Blocks this thread until the operation is over; false when `timeoutMs` passed first. `inTurn`:
   * it does not overtake anybody, as in `waitInTurn`.
   */
  block(operation: Operation, timeoutMs: number, inTurn = false): boolean {
    if (!inTurn && operation.attempt()) return true
    this.#blocked++
    let waits = inTurn
    const done = blockUntil(() => {
      if (!waits && operation.attempt()) return true
      this.#stand()
      this.#note()
      if (!waits) return operation.attempt()
      waits = false
      this.passOn()
      return false
    }, now() + timeoutMs)
    this.#blocked--
    if (this.#operations.length > 0) this.#serveLater()
    else if (this.#blocked === 0 && this.#node !== 0) this.#withdraw()
    this.passOn()
    return done
  }

  /** Gives the node back. Nothing waits here any more; the queue may be gone when this returns. */
  dispose(): void {
    if (this.#node === 0) return
    const { words, me } = this.#at
    lines[cookieOf(words, this.#node)] = undefined
    if (withdraw(words, this.#node, me)) discard(this.#at, this.#node)
    else this.passOn()
    this.#node = 0
  }
}

function newNode(at: Here, queue: number): number {
  const node = acquireObject(at, NODE_BYTES)
  makeNode(at.words, node, queue, at.me, freeCookies.pop() ?? lines.push(undefined) - 1)
  create(at.words, node, KIND.WAITER, at.me)
  return node
}

function discard(at: Here, node: number): void {
  freeCookies.push(cookieOf(at.words, node))
  letGoOf(at.words, node, at.me)
  destroy(at.words, at.arena, node)
}

/** Takes the nodes of a dead isolate out of all lines, while it still holds what they stand at. */
export function leaveLines(at: Here, token: number): void {
  const nodes: number[] = []
  at.arena.forEachObject((object) => {
    const isNode = kindOf(at.words, object) === KIND.WAITER
    if (isNode && isHeldBy(at.words, object, token)) nodes.push(object)
  })
  for (const node of nodes) withdraw(at.words, node, at.me)
}

onNode(KIND.WAITER, (node) => {
  const at = here()
  wasTold(at.words, node)
  const cookie = cookieOf(at.words, node)
  const line = lines[cookie]
  lines[cookie] = undefined
  if (line === undefined) discard(at, node)
  else line.told()
})

onDeath(() => {
  for (const line of [...waiting]) line.serve()
})
