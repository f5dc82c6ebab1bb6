/**
 * The actors that live in this isolate, which one the running code belongs to, and which have
 * something to do.
 */

import type { Timer } from "#platform/clock"
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
  /** It stands among those that have something to do. */
  ready: boolean
  /** It is to exit when the message in hand is done. */
  stopping: ExitReason | undefined
  ended: boolean
  timers: Set<Timer> | undefined
  /** How often its code was entered, until that has a frame of its own. */
  entered: number
  frame: CallFrame | undefined
}

/** Entries for which an actor keeps its first frame: most actors never handle a second message. */
const FIRST_ENTRIES = 2

/** References kept until their object has left this isolate's inbox. */
export const lingering = new Map<number, ActorRef<unknown>>()

/** The actor that the running code belongs to. */
export const running: CallLocal<Living> = new CallLocal()

/** Calls what enters the code of an actor, and says in shared memory whose code that is. */
export function within<R>(at: Here, actor: Living, enter: (at: Here, actor: Living) => R): R {
  setCounter(at.words, at.me, COUNTER.ACTOR_RUNS, actor.object)
  try {
    const frame = actor.frame ?? running.frame(actor)
    actor.frame = ++actor.entered === FIRST_ENTRIES ? undefined : frame
    return frame.call(enter, at, actor)
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

/** Actors of this isolate to which something was posted by it, in that order. */
let ready: Living[] = []
let isComing = false
let runAll: (actors: readonly Living[]) => void = () => {}

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
export function onReady(run: (actors: readonly Living[]) => void): void {
  runAll = run
}

/** An actor of this isolate has something to do: it runs when this code has run. */
export function makeReady(actor: Living): void {
  if (actor.ready) return
  actor.ready = true
  ready.push(actor)
  if (isComing) return
  isComing = true
  void SETTLED.then(runReady)
}

function runReady(): void {
  const actors = ready
  ready = []
  isComing = false
  runAll(actors)
}
