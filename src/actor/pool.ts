/**
 * Pools: actors of one class, spread over the isolates and restarted when they fail, used like one.
 *
 * The members are children of a supervisor. A *keeper*, an actor beside that supervisor, is how
 * other isolates reach it: its exit is the pool's.
 */
import { isMainThread } from "#platform/thread"
import { ActorStoppedError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { members } from "../internal/memory/owners.ts"
import { sendable } from "../internal/wire/sendable.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { startIsolates } from "../isolate/roster.ts"
import type { Actor } from "./actor.ts"
import type { Backoff } from "./backoff.ts"
import { child } from "./child.ts"
import type { ShutdownTime } from "./child-life.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorInbox } from "./inbox.ts"
import type { ActorRef, Takes } from "./ref.ts"
import type { Intensity, Restart } from "./restart.ts"
import { checkRoute, Router, type RouterOptions, type RouterParts } from "./router.ts"
import { Key } from "./router-key.ts"
import type { Route } from "./router-policy.ts"
import { checkCode, type SpawnOptions, spawn } from "./spawn.ts"
import type { ChildSpec } from "./spec.ts"
import { stage } from "./stage.ts"
import { type Supervisor, supervise } from "./supervisor.ts"

/** How a pool is made: its router, its members as `spawn` takes them, and their supervision. */
export interface PoolOptions extends RouterOptions, Omit<SpawnOptions, "name"> {
  /** How many members; one per isolate beside main unless given. */
  readonly size?: number
  /** The pool's name in errors; that of its class unless given. */
  readonly name?: string
  /** When a member comes back: `permanent` unless given. */
  readonly restart?: Restart
  /** What a member has to end when the pool stops; 5,000 unless given. */
  readonly shutdownMs?: ShutdownTime
  /**
   * More restarts than that, and the pool gives up. Three per member in 5,000 ms unless given: the
   * death of an isolate takes several members at once.
   */
  readonly intensity?: Intensity
  /** Delays between restarts. */
  readonly backoff?: Backoff
}

/** Members where isolates are simulated, and there is one for each. */
const EXPLORED_SIZE = 2

/** Asks the keeper to end the pool. */
type Order = "stop"

type Rest<A extends readonly unknown[]> = [] extends A
  ? [args?: NoInfer<A>, options?: PoolOptions]
  : [args: NoInfer<A>, options?: PoolOptions]

/** A pool: a router whose members are restarted. It can be sent; see `pool`. */
export class Pool<C = Actor> extends Router<C> {
  readonly #keeper: ActorRef<Takes<Order>>

  /** Made by `pool`. */
  constructor(
    members: readonly ActorRef<C>[],
    route: Route,
    key: Key,
    keeper: ActorRef<Takes<Order>>,
  ) {
    super(members, route, key)
    this.#keeper = keeper
  }

  /**
   * Resolves when the pool has ended for good: `shutdown` when it was stopped, `failed` with a
   * `RestartIntensityError` when it gave up, `isolate-died` when the isolate that made it died.
   */
  get exited(): Promise<ExitReason> {
    return this.#keeper.exited
  }

  /**
   * Stops all members, the last first, from any isolate; resolves when they have ended. Messages
   * that wait are rejected with `ActorStoppedError`. A pool that has ended is stopped already.
   */
  async stop(): Promise<void> {
    try {
      await this.#keeper.ask("stop")
    } catch (error) {
      if (!(error instanceof ActorStoppedError)) throw error
    }
  }

  /** Stops it with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** @internal What travels when it is sent. */
  override get parts(): PoolParts {
    return { ...super.parts, keeper: this.#keeper }
  }
}

interface PoolParts extends RouterParts {
  readonly keeper: ActorRef<Takes<Order>>
}

/**
 * Starts `size` actors of a class or function, spread over the isolates as `spawn` does, and
 * resolves when all have started. They are used through one object with the typed `ask` and `tell`
 * of their class: `route` decides who gets a message. One that fails, or whose isolate dies, is
 * restarted, and what waited in its mailbox is handled then.
 *
 * Its supervisor lives here: when this isolate dies, the members are killed, so make pools in main.
 * Choosing costs a few reads per member; the message goes straight to it.
 *
 * @throws {TypeError} {RangeError} for options that make no sense
 * @throws {ChildStartError} when a member does not start; those that did are stopped again
 * @example
 * class Squarer extends Actor {
 *   square(n: number) {
 *     return n * n
 *   }
 * }
 * await using squarers = await pool(Squarer, [], { size: 2, on: "here", route: "least-loaded" })
 * console.log(await Promise.all([3, 4].map((n) => squarers.ask.square(n)))) // prints: [ 9, 16 ]
 */
export function pool<M, A extends unknown[]>(
  fn: (inbox: ActorInbox<M>, ...args: A) => unknown,
  ...rest: Rest<A>
): Promise<Pool<Takes<M>>>
export function pool<C extends Actor, A extends unknown[]>(
  Class: new (...args: A) => C,
  ...rest: Rest<A>
): Promise<Pool<C>>
export async function pool(
  code: unknown,
  args: readonly unknown[] = [],
  options: PoolOptions = {},
): Promise<unknown> {
  checkCode(code, "a pool")
  checkNames(options, "pool", KNOWN_OPTIONS)
  const { size = placesFor(options), route, key, ...rest } = options
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`size must be a whole number from 1, received ${shown(size)}`)
  const routing = checkRoute({ route, key })
  const supervisor = await startMembers(code, args, size, rest)
  const members = supervisor.children().map(({ subject }) => subject as ActorRef<unknown>)
  return new Pool(members, ...routing, await keep(supervisor))
}

const KNOWN_OPTIONS = [
  ...["size", "route", "key", "name", "intensity", "backoff"],
  ...["restart", "shutdownMs", "on", "mailbox", "whenDies"],
]

/** One per isolate beside main, where members live unless told otherwise. */
function placesFor({ on }: PoolOptions): number {
  if (on !== undefined) return 1
  if (stage() !== undefined) return EXPLORED_SIZE
  if (isMainThread) startIsolates()
  return Math.max(1, members(here().words).length - 1)
}

function startMembers(
  code: { readonly name: string },
  args: readonly unknown[],
  size: number,
  options: Omit<PoolOptions, "size" | "route" | "key">,
): Promise<Supervisor> {
  const { name = code.name || "pool", intensity, backoff, ...each } = options
  const describe = child as (code: unknown, args: unknown, options: object) => ChildSpec
  const children = Array.from({ length: size }, (_, index) =>
    describe(code, args, { ...each, id: `${name}#${index}` }),
  )
  const allowed = intensity ?? { restarts: 3 * size, withinMs: 5_000 }
  return supervise({ name, children, intensity: allowed, ...(backoff && { backoff }) })
}

/** The keeper of a pool: lives as long as the supervisor. */
async function keep(supervisor: Supervisor): Promise<ActorRef<Takes<Order>>> {
  const keeper = await spawn(
    async (inbox: ActorInbox<Order>) => {
      for await (const _stop of inbox) {
        await supervisor.stop()
        inbox.reply(undefined)
      }
    },
    [],
    { on: "here" },
  )
  void supervisor.ended.then(({ error }) => keeper.stop(error ?? "shutdown"))
  return keeper
}

sendable(Pool, {
  id: "heddle/Pool",
  encode: (pool: Pool<unknown>) => pool.parts,
  decode: ({ members, route, key, keeper }: PoolParts) =>
    new Pool(members, route, Key.from(key), keeper),
})
