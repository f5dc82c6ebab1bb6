/**
 * References to actors: handles that travel, are equal when they name the same actor, and outlive
 * its lives.
 */
import { hold, letGo } from "#platform/park"
import { here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { adopt } from "../internal/memory/objects.ts"
import { slotOf } from "../internal/memory/owners.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { countWaiting } from "../internal/queue/wait-queue.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import type { Actor } from "./actor.ts"
import { type AskOptions, asksOf, plainAsks, plainTells, tellsOf } from "./ask-tell.ts"
import type { Call } from "./calls.ts"
import { lend, takeBack } from "./credit.ts"
import type { ExitReason } from "./exit.ts"
import type { Living } from "./living.ts"
import { KILL, STOP } from "./method.ts"
import { isFunctionActor, labelOf, WAITERS } from "./object.ts"
import { type Batch, forgetLine, signal } from "./post.ts"
import { residentOf } from "./residents.ts"
import { stateIn } from "./standing.ts"
import { endIfStuck } from "./stuck.ts"
import { watchExits } from "./watch.ts"

export type { AskOptions } from "./ask-tell.ts"

/** Names that are no methods for others: the runtime's own, and those that references use. */
type Reserved = keyof Actor | "with" | "then"

/**
 * A method as others call it. One that answers with a promise anyway is called by its own type,
 * with all its overloads and type parameters; of others the last overload counts, and their type
 * parameters are what they extend.
 */
type Asking<F> = F extends (...args: infer A) => infer R
  ? [IsAsync<R>, IsFree<F>] extends [true, true]
    ? F
    : (...args: A) => Promise<Awaited<R>>
  : never

/** Whether a result is a promise and nothing else. */
type IsAsync<R> = 0 extends 1 & R
  ? false
  : [R] extends [Promise<infer V>]
    ? [Promise<V>] extends [R]
      ? true
      : false
    : false

/** Whether a method says nothing about its `this`, which is not the reference. */
type IsFree<F> = unknown extends ThisParameterType<F> ? true : false

/** The methods of an actor as others call them: each answers with a promise. */
export type Asked<C> = {
  readonly [K in keyof C as K extends Reserved
    ? never
    : C[K] extends (...args: never[]) => unknown
      ? K
      : never]: Asking<C[K]>
}

/** The methods of an actor as others tell them: the promise says that the mailbox has taken it. */
export type Told<C> = {
  readonly [K in keyof Asked<C>]: C[K & keyof C] extends (...args: infer A) => unknown
    ? (...args: A) => Promise<void>
    : never
}

declare const TAKES: unique symbol

/** What a function actor takes; only a type. */
export interface Takes<M> {
  readonly [TAKES]: (message: M) => void
}

/** `ref.ask`: the methods, and `with` for limits; of a function actor, called with the message. */
export type AskOf<C> =
  C extends Takes<infer M>
    ? ((message: M) => Promise<unknown>) & {
        with(options: AskOptions): (message: M) => Promise<unknown>
      }
    : Asked<C> & { with(options: AskOptions): Asked<C> }

/** `ref.tell`: the methods; of a function actor, called with the message. */
export type TellOf<C> = C extends Takes<infer M> ? (message: M) => Promise<void> : Told<C>

/** An actor, as its counters show it now. */
export interface ActorStatistics {
  /** `down`: exited, and to be started again. */
  readonly state: "running" | "down" | "gone"
  /** Where it lives; undefined when it does not. */
  readonly isolate: number | undefined
  /** Messages that wait in its mailbox. */
  readonly depth: number
  /** Messages that fit into it. */
  readonly capacity: number
  /** Messages begun in all its lives. */
  readonly handled: number
  /** How often it was started. */
  readonly lives: number
  /** Lives after its first. */
  readonly restarts: number
  /** Senders that wait for room. */
  readonly waitingSenders: number
}

/** The calls of something, by method; made when they are first used. */
export function callsOf(
  direct: Call,
  make: (method: string) => Call,
  more: Record<string, unknown>,
): object {
  const known = new Map<string | symbol, unknown>(Object.entries(more))
  return new Proxy(direct, {
    get(_target, name) {
      let call = known.get(name)
      if (call === undefined && typeof name === "string" && name !== "then") {
        call = make(name)
        known.set(name, call)
      }
      return call
    },
    set: () => false,
  })
}

/** What is sent as a reference to an actor. */
export abstract class ActorHandle extends Shareable {
  /** The actor's number in this runtime. */
  abstract readonly id: number

  override get kindId(): number {
    return KIND.ACTOR
  }
}

/**
 * A reference to an actor. It can be sent; it works from any isolate, and stays valid across
 * restarts.
 */
export class ActorRef<C = Actor> extends ActorHandle {
  /** The actor's number in this runtime. */
  readonly id: number
  /** @internal Its life in this isolate. */
  living: Living | undefined
  /** @internal Messages that are posted together next. */
  batch: Batch | undefined
  #exited: Promise<ExitReason> | undefined

  constructor(object: number) {
    super()
    this.id = object
  }

  /** What the actor is called in errors: its class, and its number. */
  get name(): string {
    return labelOf(here(), this.id)
  }

  protected override get label(): string {
    return `ActorRef ${this.name}`
  }

  /**
   * Asks: each method of the actor's class, answering with a promise. Rejects with the actor's
   * error, with `ActorStoppedError` when it is gone, with `IsolateDiedError` when its isolate died
   * with the question in hand, with `DeadlockError` when an actor asks itself. Under half a
   * microsecond within an isolate.
   */
  get ask(): AskOf<C> {
    this.assertUsable()
    const isFunction = isFunctionActor(here(), this.id)
    return (isFunction ? plainAsks(this) : asksOf(this)) as AskOf<C>
  }

  /**
   * Tells: each method of the actor's class. Resolves when the mailbox has taken the message;
   * nobody hears of the outcome. Rejects with `ActorStoppedError` when the actor is gone, with
   * `MailboxFullError` when that is full and says so: a dead letter then, whether anybody looks at
   * the promise or not.
   */
  get tell(): TellOf<C> {
    this.assertUsable()
    const isFunction = isFunctionActor(here(), this.id)
    return (isFunction ? plainTells(this) : tellsOf(this)) as unknown as TellOf<C>
  }

  /**
   * Resolves with the reason when the actor is gone for good. Rejects with
   * `OutOfSharedMemoryError` when nothing is left to listen with.
   */
  get exited(): Promise<ExitReason> {
    if (this.#exited !== undefined) return this.#exited
    const { promise, resolve } = Promise.withResolvers<ExitReason>()
    try {
      const unwatch = watchExits(here(), this, (reason, final) => {
        if (!final) return
        letGo()
        unwatch()
        resolve(reason)
      })
    } catch (error) {
      return Promise.reject(error)
    }
    hold()
    this.#exited = promise
    return promise
  }

  /**
   * Asks the actor to exit after the message in hand. An error, or `"shutdown"`, is its reason.
   *
   * @throws {NotSendableError} when the reason cannot be sent
   * @throws {OutOfSharedMemoryError} when it is larger than all shared memory
   */
  stop(reason?: unknown): void {
    this.assertUsable()
    signal(here(), this.id, STOP, reason === undefined ? [] : [reason])
  }

  /**
   * Ends the actor now: `onStop` does not run, the message in hand is lost. When its code does not
   * let go of its isolate within 100 ms, that isolate is ended, with all that lives there; main
   * cannot be ended.
   */
  kill(): void {
    this.assertUsable()
    signal(here(), this.id, KILL, [])
    endIfStuck(here(), this)
  }

  /** What `JSON.stringify` shows: what the actor is called. A reference is not read from it. */
  toJSON(): string {
    return this.label
  }

  /** The actor's counters: a few reads, at no cost to it. */
  override statistics(): ActorStatistics {
    const at = here()
    const { words } = at
    const state = stateIn(at, this.id)
    return Object.freeze({
      state,
      isolate: state === "running" ? slotOf(mailbox.homeHint(words, this.id)) : undefined,
      depth: mailbox.depthHint(words, this.id),
      capacity: mailbox.capacityOf(words, this.id),
      handled: mailbox.handledHint(words, this.id),
      lives: mailbox.livesHint(words, this.id),
      restarts: Math.max(0, mailbox.livesHint(words, this.id) - 1),
      waitingSenders: countWaiting(words, this.id + WAITERS, at.me),
    })
  }
}

const holdings = new Holdings<ActorRef<unknown>, undefined>((object, _remains, last) => {
  if (last) forgetLine(object)
})

/** The reference to an actor that this isolate holds already. */
export function refOf(object: number): ActorRef<unknown> {
  let ref = residentOf(object)?.self ?? holdings.get(object)
  if (ref === undefined) {
    ref = new ActorRef(object)
    holdings.add(object, ref, undefined)
  }
  return ref
}

/** The reference to an actor; a message's reference becomes this isolate's. */
export function reviveRef(object: number): ActorRef<unknown> {
  const actor = residentOf(object)
  if (actor !== undefined) {
    adopt(here().words, object, here().me)
    return actor.self
  }
  return holdings.revive(here(), object, () => [new ActorRef<unknown>(object), undefined])
}

/** As `reviveRef`, of a reference that came from the stock of an actor's home, if it lived. */
function reviveLent(object: number): ActorRef<unknown> {
  const actor = residentOf(object)
  if (actor === undefined) return reviveRef(object)
  takeBack(here(), object)
  return actor.self
}

/**
 * An actor lives here no more: its reference, which the table of the living has kept until now, is
 * held as long as anybody here has it.
 */
export function keepRef(ref: ActorRef<unknown>): void {
  holdings.add(ref.id, ref, undefined, true)
}

registerKind<ActorRef<unknown>>({
  id: KIND.ACTOR,
  name: "ActorRef",
  handleOf: (value) => (value instanceof ActorHandle ? value.id : 0),
  retain: (object) => lend(here(), object),
  revive: reviveLent,
  release: (object) => takeBack(here(), object),
})
