/** The base of class actors: what an actor knows of itself. */
import { shown } from "../internal/wire/shown.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorRef } from "./ref.ts"

/** What the runtime gives an actor. */
export interface Facility {
  readonly self: ActorRef<unknown>
  readonly sender: ActorRef<unknown> | undefined
  after(ms: number, method: string, args: unknown[]): () => void
  every(ms: number, method: string, args: unknown[]): () => void
}

let constructing: Facility | undefined

/** Makes an instance that knows itself from its constructor on. */
export function construct<T, A extends readonly unknown[]>(
  Class: new (...args: A) => T,
  args: A,
  facility: Facility,
): T {
  const outer = constructing
  constructing = facility
  try {
    return new Class(...args)
  } finally {
    constructing = outer
  }
}

/**
 * An actor: state, and methods that are called one message at a time, an async method until its
 * promise has settled. A method that throws ends the actor: its asker gets the error, and its
 * supervisor starts it again.
 *
 * @example
 * class Account extends Actor {
 *   balance = 0
 *   deposit(amount: number) {
 *     return (this.balance += amount)
 *   }
 * }
 * const account = await spawn(Account, [], { on: "here" })
 * console.log(await account.ask.deposit(10)) // prints: 10
 */
export abstract class Actor {
  readonly #facility: Facility

  constructor() {
    if (constructing === undefined) {
      throw new TypeError(`${new.target.name} is an actor: start it with spawn(${new.target.name})`)
    }
    this.#facility = constructing
  }

  /** Runs before the first message of each life; when it throws, the actor has not started. */
  onStart(): unknown {
    return undefined
  }

  /** Runs when the actor exits, except by `kill` or with its isolate. */
  onStop(_reason: ExitReason): unknown {
    return undefined
  }

  /** The reference to this actor. */
  get self(): ActorRef<this> {
    return this.#facility.self as unknown as ActorRef<this>
  }

  /** The actor that sent the message in hand; undefined when it came from elsewhere. */
  get sender(): ActorRef<unknown> | undefined {
    return this.#facility.sender
  }

  /**
   * Tells this actor `method` after `ms` milliseconds of this life. Returns what stops it. Like the
   * actor, it does not keep the program alive.
   *
   * @throws {NotSendableError} when an argument cannot be sent
   */
  after(ms: number, method: string, ...args: unknown[]): () => void {
    checkTimer("after", ms, method)
    return this.#facility.after(ms, method, args)
  }

  /**
   * Tells this actor `method` every `ms` milliseconds of this life. Returns what stops it.
   *
   * @throws {NotSendableError} when an argument cannot be sent; {TypeError} for a moved buffer
   */
  every(ms: number, method: string, ...args: unknown[]): () => void {
    checkTimer("every", ms, method)
    return this.#facility.every(ms, method, args)
  }
}

function checkTimer(what: string, ms: unknown, method: unknown): void {
  if (typeof ms !== "number" || !(ms >= 0)) {
    throw new RangeError(`${what} takes a number of milliseconds from 0, received ${shown(ms)}`)
  }
  if (typeof method === "string") return
  throw new TypeError(`${what} takes the name of a method, received ${shown(method)}`)
}

/** Whether an actor's class says what happens before its first message. */
export function hasOnStart(actor: Actor): boolean {
  return actor.onStart !== Actor.prototype.onStart
}

/** Whether an actor's class says what happens when it exits. */
export function hasOnStop(actor: Actor): boolean {
  return actor.onStop !== Actor.prototype.onStop
}

/** Whether a method may be called by messages: one of the actor's class, or of a class between. */
export function isMessage(actor: object, name: string): boolean {
  if (Object.hasOwn(Actor.prototype, name)) return false
  let at: object | null = actor
  for (; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name)
    if (property !== undefined) return typeof property.value === "function"
  }
  return false
}

const classes = new WeakMap<object, boolean>()

/** Whether something is a class of actors, of this copy of the package or another. */
export function isActorClass(value: unknown): value is new (...args: never[]) => Actor {
  if (typeof value !== "function") return false
  let isClass = classes.get(value)
  if (isClass === undefined) {
    isClass = /^class\b/.test(Function.prototype.toString.call(value))
    classes.set(value, isClass)
  }
  return isClass
}
