/** The base of class actors: what an actor knows of itself. */
import type { ExitReason } from "./exit.ts"
import type { ActorRef } from "./ref.ts"

/** What the runtime gives an actor. */
export interface Facility {
  readonly self: ActorRef<unknown>
  readonly sender: ActorRef<unknown> | undefined
  after(ms: number, method: string, args: readonly unknown[]): () => void
  every(ms: number, method: string, args: readonly unknown[]): () => void
}

const facilities = new WeakMap<object, Facility>()
let constructing: Facility | undefined

/** Makes an instance that knows itself from its constructor on. */
export function construct<T>(make: () => T, facility: Facility): T {
  const outer = constructing
  constructing = facility
  try {
    return make()
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
  constructor() {
    if (constructing === undefined) {
      throw new TypeError(`${new.target.name} is an actor: start it with spawn(${new.target.name})`)
    }
    facilities.set(this, constructing)
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
    return facilityOf(this).self as unknown as ActorRef<this>
  }

  /** The actor that sent the message in hand; undefined when it came from elsewhere. */
  get sender(): ActorRef<unknown> | undefined {
    return facilityOf(this).sender
  }

  /** Tells this actor `method` after `ms` milliseconds of this life. Returns what stops it. */
  after(ms: number, method: string, ...args: unknown[]): () => void {
    return facilityOf(this).after(ms, method, args)
  }

  /** Tells this actor `method` every `ms` milliseconds of this life. Returns what stops it. */
  every(ms: number, method: string, ...args: unknown[]): () => void {
    return facilityOf(this).every(ms, method, args)
  }
}

function facilityOf(actor: Actor): Facility {
  return facilities.get(actor) as Facility
}

/** Whether a method may be called by messages: one of the actor's class, or of a class between. */
export function isMessage(actor: object, name: string): boolean {
  if (name in Actor.prototype || name in Object.prototype) return false
  for (let at: object | null = actor; at !== null; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name)
    if (property !== undefined) return typeof property.value === "function"
  }
  return false
}

/** Whether something is a class of actors, of this copy of the package or another. */
export function isActorClass(value: unknown): value is new (...args: never[]) => Actor {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value))
}
