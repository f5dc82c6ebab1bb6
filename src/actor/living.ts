/**
 * The actors that live in this isolate, which one the running code belongs to, and which have
 * something to do.
 */

import { type CallFrame, CallLocal } from "#platform/context"
import type { Here } from "../internal/loop/here.ts"
import { COUNTER, setCounter } from "../internal/memory/counters.ts"
import type { Actor } from "./actor.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorInbox } from "./inbox.ts"
import type { ActorRef } from "./ref.ts"

/** The names of a class's methods that may be called, by number; and the one called last. */
export interface Methods {
  readonly names: Map<number, string>
  last: number
  lastName: string | undefined
}

/** What goes on until it is stopped. */
export interface Stoppable {
  stop(): void
}

/** One life of an actor in this isolate. */
export interface Living {
  readonly object: number
  readonly self: ActorRef<unknown>
  readonly life: number
  instance: Actor | undefined
  /** Of its class. */
  methods: Methods | undefined
  /** Of a function actor. */
  inbox: ActorInbox<unknown> | undefined
  /** The message in hand, or 0. */
  current: number
  /** It starts, handles a message or stops, and goes on after this turn. */
  busy: boolean
  /** Who has something to do after it: itself for the last, undefined when it has not. */
  next: Living | undefined
  /** It is to exit when the message in hand is done; when it has ended, why it did. */
  stopping: ExitReason | undefined
  ended: boolean
  /** What is stopped when it ends: timers, monitors. */
  bound: Set<Stoppable> | undefined
  /** Whether its code was entered more than once: then its frame is kept. */
  seasoned: boolean
  frame: CallFrame | undefined
}

/** Stops `what` when the life ends, or when what this returns is called. */
export function bind(life: Living, what: Stoppable): () => void {
  if (life.ended) what.stop()
  else {
    life.bound ??= new Set()
    life.bound.add(what)
  }
  return () => {
    what.stop()
    life.bound?.delete(what)
  }
}

/** References kept until their object has left this isolate's inbox. */
export const lingering = new Map<number, ActorRef<unknown>>()

/** The actor that the running code belongs to. */
export const running: CallLocal<Living> = new CallLocal()

/** Calls what enters the code of an actor, and says in shared memory whose code that is. */
export function within<G, R>(
  at: Here,
  actor: Living,
  enter: (at: Here, actor: Living, given: G) => R,
  given: G,
): R {
  setCounter(at.words, at.me, COUNTER.ACTOR_RUNS, actor.object)
  try {
    const { frame } = actor
    if (frame === undefined) return running.open(enter, at, actor, given)
    // Most actors never handle a second message: the frame that started them ends with the first.
    if (!actor.seasoned) {
      actor.seasoned = true
      actor.frame = undefined
    }
    return frame.call(enter, at, actor, given)
  } finally {
    setCounter(at.words, at.me, COUNTER.ACTOR_RUNS, 0)
  }
}

/** The object of the actor that the running code belongs to, or 0. */
export function senderNow(): number {
  return senderOf(running.get())
}

/** The object of an actor that sends, or 0. */
export function senderOf(now: Living | undefined): number {
  return now === undefined || now.ended ? 0 : now.object
}

/** Its reactions are the cheapest microtasks. */
const SETTLED = Promise.resolve()

/** Actors of this isolate to which something was posted by it, in that order: a chain by `next`. */
let first: Living | undefined
let last: Living | undefined
let isComing = false
let runAll: () => void = () => {}

/** While actors of this isolate wait for a turn: when that has come. */
export let turnToCome: Promise<void> | undefined

/**
 * Actors of this isolate have something to do, and timers and sockets go first: so do they, before
 * whoever posts to them and awaits that goes on.
 */
export function waitForTurn(turn: Promise<void>): void {
  turnToCome = turn.then(() => {
    turnToCome = undefined
  })
}

/** Says who runs those that have something to do. */
export function onReady(run: () => void): void {
  runAll = run
}

/** An actor of this isolate has something to do: it runs when this code has run. */
export function makeReady(actor: Living): void {
  if (actor.next !== undefined) return
  actor.next = actor
  if (last === undefined) first = actor
  else last.next = actor
  last = actor
  comeSoon()
}

/** Those who have something to do run when this code has run. */
export function comeSoon(): void {
  if (isComing) return
  isComing = true
  void SETTLED.then(runReady)
}

function runReady(): void {
  isComing = false
  runAll()
}

/** The actor that stands last among those with something to do. */
export function lastReady(): Living | undefined {
  return last
}

/** Takes out the first of those with something to do. */
export function nextReady(): Living | undefined {
  const actor = first
  if (actor === undefined) return undefined
  first = actor === last ? undefined : actor.next
  if (first === undefined) last = undefined
  actor.next = undefined
  return actor
}
