/** Starting actors: `spawn`, where they are placed, and how supervisors start them again. */

import "./enrol.ts"
import { now } from "#platform/clock"
import { MAILBOX_CAPACITY, SUCCESSOR_MS } from "#platform/limits"
import { isMainThread } from "#platform/thread"
import { ActorStoppedError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { yieldTurn } from "../internal/loop/pump.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { COUNTER, counted } from "../internal/memory/counters.ts"
import { members, ownerOf, slotOf } from "../internal/memory/owners.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { callableOf, nameCallable } from "../internal/wire/callable.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { startIsolates, wantSpare } from "../isolate/roster.ts"
import { type Callback, codeOf, titleNumber, titleOf } from "../task/code.ts"
import { type Actor, hasOnStart, isActorClass } from "./actor.ts"
import { failAsk, openAsk } from "./asks.ts"
import type { ActorInbox } from "./inbox.ts"
import { beginLife, hasBegun, retire } from "./lifecycle.ts"
import { register } from "./link.ts"
import { type Living, makeReady, turnToCome } from "./living.ts"
import { makeMessage } from "./message.ts"
import { START } from "./method.ts"
import {
  createActor,
  createPlain,
  isSupervised,
  labelOf,
  type Making,
  WHEN_FULL,
  type WhenFull,
} from "./object.ts"
import { crash, isImmutable, leave } from "./outcome.ts"
import { goneError, ringFor } from "./post.ts"
import { ActorRef, refOf, type Takes } from "./ref.ts"
import { stage } from "./stage.ts"
import { livesOf } from "./standing.ts"
import { beginHere, endedError, enliven, local } from "./start.ts"

/** Where an actor lives: here, in main, in the isolate with an id. */
export type Place = "here" | "main" | number

/** How an actor is started. */
export interface SpawnOptions {
  /** Its name in the registry: see `whereis`. */
  readonly name?: string
  /** Where it lives; unless given, in the isolate beside main with the fewest actors. */
  readonly on?: Place
  readonly mailbox?: {
    /** Messages that may wait, 65,536 unless given. */
    readonly capacity?: number
    /** What happens to one more: its sender waits unless told otherwise. */
    readonly whenFull?: WhenFull
  }
  /**
   * What becomes of the message in hand when the actor's isolate dies: `"drop"`, and its asker is
   * told, unless given; `"redeliver"`: the next life gets it first. For actors that are supervised.
   */
  readonly whenDies?: "drop" | "redeliver"
}

type Rest<A extends readonly unknown[]> = [] extends A
  ? [args?: NoInfer<A>, options?: SpawnOptions]
  : [args: NoInfer<A>, options?: SpawnOptions]

/** @internal What supervisors ask for beside. */
export interface Supervision {
  readonly supervised: boolean
}

const ALONE: Supervision = { supervised: false }

/**
 * Starts an actor and resolves with its reference when its constructor and `onStart` are done. Its
 * arguments are copied, moved or shared as those of a task. The actor lives until it is stopped or
 * fails, whoever refers to it.
 *
 * Rejects with what the constructor threw, `NotSendableError` for arguments, `NameTakenError`.
 *
 * @throws {TypeError} when it is neither a class derived from `Actor` nor a function, or one that
 * other isolates
 *   cannot find and that shall not live here
 */
export function spawn<M, A extends unknown[]>(
  fn: (inbox: ActorInbox<M>, ...args: A) => unknown,
  ...rest: Rest<A>
): Promise<ActorRef<Takes<M>>>
export function spawn<C extends Actor, A extends unknown[]>(
  Class: new (...args: A) => C,
  ...rest: Rest<A>
): Promise<ActorRef<C>>
export function spawn(
  code: unknown,
  args: readonly unknown[] = [],
  options: SpawnOptions = {},
): Promise<ActorRef<unknown>> {
  try {
    const isHere = options?.on === "here" && stage() === undefined
    const ref = isHere ? spawnHere(code, args, options) : undefined
    if (ref === undefined) return spawnThere(code, args, options)
    if (!(ref instanceof ActorRef)) return ref
    return turnToCome === undefined ? Promise.resolve(ref) : after(turnToCome, ref)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** The turn comes first. Apart from `spawn`, which needs nothing in the heap for it. */
function after<T>(turn: Promise<void>, value: T): Promise<T> {
  return turn.then(() => value)
}

/** Starts an actor by a first message, wherever it shall live. */
async function spawnThere(
  code: unknown,
  args: readonly unknown[],
  options: SpawnOptions,
): Promise<ActorRef<unknown>> {
  const ref = prepareActor(code, args, options, ALONE)
  try {
    await restart(ref, options.on)
    return ref
  } catch (error) {
    // Whoever ends a life ends the actor: another isolate, perhaps at this moment.
    if (livesOf(ref.id) === 0) retire(here(), ref.id, { reason: "failed", error })
    throw error
  }
}

/**
 * Starts an actor in this isolate without a message: one of a class that begins at once, with
 * arguments that need no copy. Undefined for others.
 */
function spawnHere(
  code: unknown,
  args: readonly unknown[],
  options: SpawnOptions,
): ActorRef<unknown> | Promise<ActorRef<unknown>> | undefined {
  if (typeof code !== "function" || !Array.isArray(args)) return undefined
  if (args.length > 0 && !args.every(isImmutable)) return undefined
  const number = code === lastClass ? lastNumber : numberHere(code)
  if (number < 0 || options.name !== undefined) return undefined
  const Class = code as new (...values: unknown[]) => Actor
  if (hasOnStart(Class.prototype)) return undefined
  const at = here()
  const object = saysWhereAlone(options)
    ? createPlain(at, number, MAILBOX_CAPACITY)
    : createActor(at, making(checked(options), false, false, number, undefined))
  const actor = enliven(at, object, new ActorRef<unknown>(object), 1)
  try {
    const started = beginHere(actor, Class, args)
    if (isThenable(started)) return startHere(at, actor, started)
  } catch (error) {
    crash(at, actor, error)
    throw error
  }
  actor.busy = false
  if (actor.stopping !== undefined) leave(at, actor, actor.stopping)
  return actor.self
}

/** An instance may have an `onStart` that its class has not. */
async function startHere(
  at: Here,
  actor: Living,
  started: PromiseLike<unknown>,
): Promise<ActorRef<unknown>> {
  const ended = Promise.withResolvers<never>()
  beginLife(actor, () => ended.reject(endedError(at, actor)))
  try {
    await Promise.race([started, ended.promise])
  } catch (error) {
    if (hasBegun(actor)) crash(at, actor, error)
    throw error
  }
  hasBegun(actor)
  actor.busy = false
  if (actor.stopping !== undefined) leave(at, actor, actor.stopping)
  else makeReady(actor)
  return actor.self
}

/** The class that began here last, and its number. */
let lastClass: unknown
let lastNumber = 0

/** The number of a class that can begin here at once; -1 for others. */
function numberHere(code: unknown): number {
  if (!isActorClass(code)) return -1
  const named = callableOf(code)
  if (named?.captures !== undefined) return -1
  lastClass = code
  lastNumber = named === undefined ? titleNumber(code.name) : codeOf(code).code.id
  return lastNumber
}

/** Whether nothing else is said about an actor: what most are started with. */
function saysWhereAlone(options: SpawnOptions): boolean {
  for (const key in options) if (key !== "on") return false
  return true
}

function making(
  { mailbox: box, whenDies }: SpawnOptions,
  supervised: boolean,
  isFunction: boolean,
  code: number,
  values: Making["values"],
): Making {
  return {
    capacity: Math.min(box?.capacity ?? MAILBOX_CAPACITY, 2 ** 31 - 1),
    whenFull: box?.whenFull ?? "wait",
    redeliver: whenDies === "redeliver",
    supervised,
    isFunction,
    code,
    values,
  }
}

const KNOWN_OPTIONS = ["name", "on", "mailbox", "whenDies"]
const KNOWN_MAILBOX = ["capacity", "whenFull"]

function checked(options: SpawnOptions): SpawnOptions {
  checkOptions(options)
  return options
}

function checkOptions(options: SpawnOptions): void {
  checkNames(options, "spawn", KNOWN_OPTIONS)
  const { mailbox: box = {}, whenDies = "drop" } = options
  checkNames(box, "mailbox", KNOWN_MAILBOX)
  const { capacity = 1, whenFull = "wait" } = box
  if (!(capacity === Infinity || (Number.isInteger(capacity) && capacity >= 1)))
    throw new RangeError(
      `mailbox.capacity must be a whole number from 1, received ${shown(capacity)}`,
    )
  if (!WHEN_FULL.includes(whenFull))
    throw new TypeError(`mailbox.whenFull is ${WHEN_FULL.join(", ")}; received ${shown(whenFull)}`)
  if (whenDies !== "drop" && whenDies !== "redeliver")
    throw new TypeError(`whenDies is drop or redeliver, received ${shown(whenDies)}`)
}

function isGeneratorFunction(code: object): boolean {
  return /Generator/.test(Object.prototype.toString.call(code))
}

/** @throws {TypeError} when `what` is not of a class of actors or a function */
export function checkCode(code: unknown, what: string): asserts code is Callback {
  if (typeof code !== "function") {
    throw new TypeError(`${what} is of a class or a function, received ${shown(code)}`)
  }
  if (isActorClass(code) && typeof Reflect.get(code.prototype, "onStart") !== "function") {
    throw new TypeError(`${titleOf(code)} does not extend Actor`)
  }
  if (isGeneratorFunction(code)) {
    throw new TypeError(`${what} is no generator function: await inbox.receive() in an async one`)
  }
}

/** @throws {TypeError} when the arguments of `what` are no array */
export function checkArgs(args: unknown, what: string): asserts args is readonly unknown[] {
  if (Array.isArray(args)) return
  throw new TypeError(`the arguments of ${what} are an array, received ${shown(args)}`)
}

/** Makes an actor that has not been started: messages wait for it. */
export function prepareActor(
  code: unknown,
  args: readonly unknown[],
  options: SpawnOptions,
  { supervised }: Supervision,
): ActorRef<unknown> {
  checkCode(code, "an actor")
  checkArgs(args, "an actor")
  checkOptions(options)
  const played = stage()?.prepare(code as Callback, args, options, supervised)
  if (played !== undefined) {
    if (options.name !== undefined) register(options.name, played)
    return played
  }
  const at = here()
  const named = callableOf(code)
  const found = named === undefined && options.on === "here" ? undefined : codeOf(code, "actor")
  const values = [found?.captures ?? null, args] as const
  const isFunction = !isActorClass(code)
  const number = found === undefined ? titleNumber(code.name) : found.code.id
  const object = createActor(at, making(options, supervised, isFunction, number, values))
  const ref = refOf(object)
  if (found?.captures === undefined) local.set(ref, code as Callback)
  if (options.name !== undefined) register(options.name, ref)
  return ref
}

/** Starts a life of an actor that is down; rejects with what its constructor or `onStart` threw. */
export async function restart(ref: ActorRef<unknown>, on?: Place): Promise<void> {
  const played = stage()
  if (played !== undefined) return played.start(ref.id, on)
  const at = here()
  let home = homeFor(at, on, isRestarted(at, ref))
  if (home !== at.me && isSupervised(at, ref.id)) wantSpare()
  const record = makeMessage(at, START, [], ref.id)
  const { promise } = openAsk(at, record, ref, START, spawn)
  const deadline = now() + SUCCESSOR_MS
  let answer = mailbox.settle(at.words, ref.id, home, record, at.me)
  while (answer === mailbox.TELLING || (answer === mailbox.HOMELESS && now() < deadline)) {
    await yieldTurn()
    // Where it was to live may have died meanwhile.
    home = placeFor(at, on, isRestarted(at, ref)) || home
    answer = mailbox.settle(at.words, ref.id, home, record, at.me)
  }
  if (answer === mailbox.HOMELESS) failAsk(at, record, nobodyAt(on))
  else if (answer === mailbox.CLOSED) {
    const isGone = mailbox.stateHint(at.words, ref.id) === mailbox.GONE
    const error = new ActorStoppedError(labelOf(at, ref.id), "it is started already")
    failAsk(at, record, isGone ? goneError(at, ref.id) : error)
  } else ringFor(at, answer)
  const slot = slotOf(home)
  starting[slot] = (starting[slot] ?? 0) + 1
  try {
    await promise
  } finally {
    starting[slot] = (starting[slot] as number) - 1
  }
}

function isRestarted(at: Here, { id }: ActorRef<unknown>): boolean {
  return mailbox.livesHint(at.words, id) > 0
}

/** Actors on their way from here, by slot. */
const starting: number[] = []

function homeFor(at: Here, on: Place | undefined, isRestart: boolean): number {
  if (isMainThread && on !== "here") startIsolates()
  const token = placeFor(at, on, isRestart)
  if (token !== 0) return token
  throw nobodyAt(on)
}

function nobodyAt(on: Place | undefined): RangeError {
  const what = `on must be "here", "main" or the id of a running isolate`
  return new RangeError(`${what}, received ${shown(on)}`)
}

/** The token of where an actor is to live; 0 when nobody lives there. */
function placeFor(at: Here, on: Place | undefined, isRestart: boolean): number {
  if (on === "here") return at.me
  if (on === undefined) return (isRestart ? leastLoaded(at, true) : 0) || leastLoaded(at, false)
  const slot = on === "main" ? 0 : on
  return Number.isInteger(slot) && slot >= 0 && slot < 64 ? ownerOf(at.words, slot) : 0
}

/**
 * The isolate beside main with the fewest actors, those on their way from here included; of those
 * that run, not only start, when `isReady`: 0 when none does.
 */
function leastLoaded(at: Here, isReady: boolean): number {
  let best = 0
  let fewest = Infinity
  for (const token of members(at.words)) {
    const slot = slotOf(token)
    if (slot === 0 || (isReady && counted(at.words, slot, COUNTER.HOSTS_ACTORS) === 0)) continue
    const load = counted(at.words, slot, COUNTER.ACTORS) + (starting[slot] ?? 0)
    if (load >= fewest) continue
    best = token
    fewest = load
  }
  return best === 0 && !isReady ? ownerOf(at.words, 0) : best
}

/**
 * Names a class or function of an actor explicitly, for programs without the transform: the
 * module's URL and the name under which the module exports it. Returns it.
 *
 * @example
 * export class Counter extends Actor {
 *   static {
 *     actor(import.meta.url, "Counter", this)
 *   }
 *   count = 0
 *   add(n: number) {
 *     return (this.count += n)
 *   }
 * }
 * // The isolate where it lives loads this module too: the rest is for main.
 * if (import.meta.main) {
 *   const counter = await spawn(Counter)
 *   console.log(await counter.ask.add(2)) // prints: 2
 * }
 */
export function actor<F extends Callback | (abstract new (...args: never[]) => Actor)>(
  url: string,
  exportName: string,
  code: F,
): F {
  return nameCallable(code, url, exportName)
}
