/**
 * Routers: several actors of one class used like one.
 *
 * A router is a list of references and a rule; it is copied when it is sent, so each isolate routes
 * by itself, with a count of its own, and no message passes through a further actor.
 */
import { below } from "#platform/random"
import { sendable } from "../internal/wire/sendable.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import type { Actor } from "./actor.ts"
import {
  ActorRef,
  type ActorStatistics,
  type Asked,
  type AskOf,
  type AskOptions,
  callsOf,
  type TellOf,
  type Told,
} from "./ref.ts"
import { Key, type KeyOf, type KeyParts } from "./router-key.ts"
import {
  type Candidates,
  choose,
  chooseByKey,
  hashKey,
  ROUTES,
  type Route,
  type Standing,
} from "./router-policy.ts"
import { loadOf, stateOf } from "./standing.ts"

/** How a router spreads messages. */
export interface RouterOptions {
  /**
   * `round-robin` unless given: one after the other. `least-loaded`: the one with the fewest
   * messages in its mailbox and in hand. `random`. `hash`: messages with the same key go to the
   * same actor.
   */
  readonly route?: Route
  /**
   * The key of a message, for `route: "hash"`: a string, number, bigint or boolean. Unless given,
   * its first argument. A router is only sent with a key function that other isolates find.
   */
  readonly key?: KeyOf
}

/** Each method, answering with the answers of all. */
export type AskedAll<C> = {
  readonly [K in keyof Asked<C>]: Asked<C>[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => Promise<R[]>
    : never
}

/** The actors of a router, as their counters show them now. */
export interface RouterStatistics {
  readonly route: Route
  /** How many actors there are, and how many of them run, are to be restarted, are gone. */
  readonly size: number
  readonly running: number
  readonly down: number
  readonly gone: number
  /** Sums over all: messages that wait, messages begun, lives after the first. */
  readonly depth: number
  readonly handled: number
  readonly restarts: number
  /** One by one, in the order of `members`. */
  readonly members: readonly ActorStatistics[]
}

type Call = (...args: unknown[]) => Promise<unknown>
type Calls = Readonly<Record<string, Call>>

/**
 * Several actors of one class used like one. It can be sent; an actor that is being restarted is
 * passed over while another one runs, except under `hash`, where its messages wait for it.
 */
export class Router<C = Actor> {
  /** The actors, in the order that decides where keys belong. */
  readonly members: readonly ActorRef<C>[]
  readonly route: Route
  readonly #key: Key
  readonly #candidates: Candidates
  #turn: number
  #ask: object | undefined
  #tell: object | undefined

  /** Made by `router` and `pool`. */
  constructor(members: readonly ActorRef<C>[], route: Route, key: Key) {
    this.members = members
    this.route = route
    this.#key = key
    this.#candidates = new Looks(members as readonly ActorRef<unknown>[])
    this.#turn = below(members.length)
  }

  /**
   * Asks one of them. Rejects as its own `ask` does; with `ActorStoppedError` when all are gone.
   * Costs a few reads per member beyond asking it.
   */
  get ask(): AskOf<C> {
    this.#ask ??= this.#calls((member) => member.ask as unknown as Calls, {
      with: (options: AskOptions) =>
        this.#calls((member) => withOptions(member as ActorRef<unknown>, options), {}),
    })
    return this.#ask as AskOf<C>
  }

  /** Tells one of them; resolves when its mailbox has taken the message. */
  get tell(): TellOf<C> {
    this.#tell ??= this.#calls((member) => member.tell as unknown as Calls, {})
    return this.#tell as TellOf<C>
  }

  /** Asks all of them; resolves with their answers in order, rejects with the first failure. */
  get askAll(): AskedAll<C> {
    return everyCall(this.members, (member) => member.ask as unknown as Calls) as AskedAll<C>
  }

  /** Tells all of them; resolves when all mailboxes have taken the message. */
  get tellAll(): Told<C> {
    const calls = everyCall(this.members, (member) => member.tell as unknown as Calls)
    return mapped(
      calls,
      (call) =>
        (...args) =>
          call(...args).then(() => undefined),
    ) as Told<C>
  }

  /**
   * The actor that has a key, whatever the route is.
   *
   * @throws {TypeError} when the key is neither a string, a number, a bigint nor a boolean
   */
  memberFor(key: string | number | bigint | boolean): ActorRef<C> {
    return this.members[this.#place(key)] as ActorRef<C>
  }

  /** How the actors stand: a few reads each, at no cost to them. */
  statistics(): RouterStatistics {
    const members = this.members.map((member) => member.statistics())
    const count = (state: string): number => members.filter((one) => one.state === state).length
    const sum = (what: "depth" | "handled" | "restarts"): number =>
      members.reduce((total, one) => total + one[what], 0)
    return Object.freeze({
      route: this.route,
      size: members.length,
      running: count("running"),
      down: count("down"),
      gone: count("gone"),
      depth: sum("depth"),
      handled: sum("handled"),
      restarts: sum("restarts"),
      members,
    })
  }

  /** @internal What travels when it is sent. */
  get parts(): RouterParts {
    const members = this.members as readonly ActorRef<unknown>[]
    return { members, route: this.route, key: this.#key.parts() }
  }

  /** The calls of this router: the member is chosen at each call, its own call is kept. */
  #calls(of: (member: ActorRef<C>) => Calls | Call, more: Record<string, unknown>): object {
    const direct: (Call | undefined)[] = []
    const make = (method: string): Call => {
      const kept: (Call | undefined)[] = []
      return (...args) =>
        this.#send(method, args, (i) => (kept[i] ??= named(this.#of(of, i), method)))
    }
    const plain: Call = (...args) =>
      this.#send("", args, (i) => (direct[i] ??= this.#of(of, i) as Call))
    return callsOf(plain, make, more)
  }

  #of(of: (member: ActorRef<C>) => Calls | Call, index: number): Calls | Call {
    return of(this.members[index] as ActorRef<C>)
  }

  #send(method: string, args: unknown[], callAt: (index: number) => Call): Promise<unknown> {
    if (this.route !== "hash") return callAt(this.#next(this.route))(...args)
    try {
      const place = this.#key.of(method, args, (key) => this.#place(key))
      if (typeof place === "number") return callAt(place)(...args)
      return place.then((index) => callAt(index)(...args))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #next(route: Exclude<Route, "hash">): number {
    if (route === "random") return choose("round-robin", this.#candidates, below(RANDOM_BOUND))
    const turn = this.#turn
    this.#turn = turn === TURN_MAX ? 0 : turn + 1
    return choose(route, this.#candidates, turn)
  }

  #place(key: unknown): number {
    return chooseByKey(hashKey(key), this.#candidates)
  }
}

/** Small integers, so that counting allocates nothing. */
const TURN_MAX = 2 ** 30 - 1
const RANDOM_BOUND = 2 ** 30

/** Looks at actors through their counters. */
class Looks implements Candidates {
  readonly size: number
  readonly #members: readonly ActorRef<unknown>[]

  constructor(members: readonly ActorRef<unknown>[]) {
    this.size = members.length
    this.#members = members
  }

  standing(index: number): Standing {
    return stateOf(this.#idOf(index))
  }

  load(index: number): number {
    return loadOf(this.#idOf(index))
  }

  #idOf(index: number): number {
    return (this.#members[index] as ActorRef<unknown>).id
  }
}

function named(calls: Calls | Call, method: string): Call {
  return (calls as Calls)[method] as Call
}

function withOptions(member: ActorRef<unknown>, options: AskOptions): Calls | Call {
  return member.ask.with(options) as unknown as Calls | Call
}

function everyCall<C>(members: readonly ActorRef<C>[], of: (member: ActorRef<C>) => Calls): Calls {
  const make = (method: string): Call => {
    const calls = members.map((member) => named(of(member), method))
    return (...args) => Promise.all(calls.map((call) => call(...args)))
  }
  const direct: Call = (...args) =>
    Promise.all(members.map((member) => (of(member) as unknown as Call)(...args)))
  return callsOf(direct, make, {}) as unknown as Calls
}

function mapped(calls: Calls, change: (call: Call) => Call): object {
  const direct = change(calls as unknown as Call)
  return callsOf(direct, (method) => change(named(calls, method)), {})
}

/** @internal A router as data. */
export interface RouterParts {
  readonly members: readonly ActorRef<unknown>[]
  readonly route: Route
  readonly key: KeyParts
}

/** Options of a router, checked and filled in. */
export function checkRoute({ route = "round-robin", key }: RouterOptions): [Route, Key] {
  if (!ROUTES.includes(route))
    throw new TypeError(`route is ${ROUTES.join(", ")}; received ${shown(route)}`)
  if (key !== undefined && typeof key !== "function")
    throw new TypeError(`key must be a function of method and arguments, received ${shown(key)}`)
  if (key !== undefined && route !== "hash")
    throw new TypeError(`a key is for route "hash", received it with "${route}"`)
  return [route, Key.by(key)]
}

/**
 * Makes a router over actors that are there already (a pool makes its own). It neither owns nor
 * supervises them; one that is gone for good gets no more messages.
 *
 * Round-robin begins anywhere and counts per isolate. Sent, it is a copy with the same members.
 *
 * @throws {RangeError} for no actors; {TypeError} for what is no reference, and for wrong options
 * @example
 * class Greeter extends Actor {
 *   greet(name: string) {
 *     return `hello ${name}`
 *   }
 * }
 * const one = await spawn(Greeter, [], { on: "here" })
 * const other = await spawn(Greeter, [], { on: "here" })
 * const greeters = router([one, other], { route: "hash" })
 * console.log(await greeters.ask.greet("Ada")) // prints: hello Ada
 */
export function router<C>(members: readonly ActorRef<C>[], options: RouterOptions = {}): Router<C> {
  if (!Array.isArray(members))
    throw new TypeError(`router takes an array of actors, received ${shown(members)}`)
  if (members.length === 0) throw new RangeError("router needs at least one actor, received none")
  for (const [index, member] of members.entries())
    if (!(member instanceof ActorRef))
      throw new TypeError(`members[${index}] is no actor of this runtime: ${shown(member)}`)
  checkNames(options, "router", ["route", "key"])
  return new Router([...members], ...checkRoute(options))
}

sendable(Router, {
  id: "heddle/Router",
  encode: (router: Router<unknown>) => router.parts,
  decode: ({ members, route, key }: RouterParts) => new Router(members, route, Key.from(key)),
})
