/** `supervise`: children who are started again when they fail, and the handle to them. */

import { hold, letGo } from "#platform/park"
import { warn } from "#platform/thread"
import { ChildStateError } from "../errors.ts"
import { shown } from "../internal/wire/shown.ts"
import type { Life, MakeLife } from "./child-life.ts"
import type { Member } from "./child-member.ts"
import type { ExitReason } from "./exit.ts"
import { ActorHandle, type ActorRef } from "./ref.ts"
import type { ChildState, Restart } from "./restart.ts"
import type { SupervisorOptions } from "./spec.ts"
import {
  type CheckedOptions,
  type ChildOptions,
  type ChildSpec,
  checkChild,
  checkSupervisor,
} from "./spec.ts"
import { Stand, type SupervisorActor } from "./supervisor-actor.ts"
import { SupervisorCore } from "./supervisor-core.ts"
import { plant } from "./trees.ts"

/** One child as `children()` tells of it. */
export interface ChildInfo {
  readonly id: string
  readonly kind: "actor" | "supervisor"
  readonly state: ChildState
  readonly restart: Restart
  readonly significant: boolean
  /** How often it was started again. */
  readonly restarts: number
  /** The actor's reference, or the supervisor. */
  readonly subject: object
}

/** How many children there are. */
export interface ChildCounts {
  /** Known ones; of a simple-one-for-one: those that live or come back. */
  readonly all: number
  /** Those that run. */
  readonly active: number
  readonly supervisors: number
  readonly actors: number
}

/** What the child with the id `Id` is for others; of ids made at run time: what any of them is. */
type SubjectOf<Kids extends readonly ChildSpec[], Id extends string> = [
  Extract<Kids[number], { readonly id: Id }>,
] extends [never]
  ? SubjectIn<Kids[number]>
  : SubjectIn<Extract<Kids[number], { readonly id: Id }>>

type SubjectIn<Spec> = Spec extends ChildSpec<infer S> ? S : object

/**
 * Children, and what happens when they fail. It lives in the isolate that made it.
 *
 * @example
 * class Account extends Actor {
 *   balance = 0
 *   deposit(amount: number) {
 *     return (this.balance += amount)
 *   }
 * }
 * const main = child(Account, [], { id: "main", on: "here" })
 * const bank = await supervise({ children: [main] })
 * await bank.child("main").ask.deposit(10) // => 10
 * await bank.stop()
 */
export class Supervisor<
  Kids extends readonly ChildSpec[] = readonly ChildSpec[],
> extends ActorHandle {
  readonly #core: SupervisorCore
  readonly #stand: Stand
  readonly #end: Promise<ExitReason>
  #exited: Promise<ExitReason> | undefined
  #isEndAwaited = false

  /** Made by `supervise`. */
  constructor(core: SupervisorCore, stand: Stand, exited: Promise<ExitReason>) {
    super()
    this.#core = core
    this.#stand = stand
    this.#end = exited
  }

  /** Of the actor that stands for it. */
  get id(): number {
    return this.#stand.ref.id
  }

  /**
   * The actor that stands for it: it can be sent, linked, monitored, registered; asked for children
   * from any isolate; stopped, in order, and killed. A supervisor that is sent arrives as this.
   */
  get ref(): ActorRef<SupervisorActor> {
    return this.#stand.ref
  }

  /**
   * Resolves when it has ended for good: asked to, after its significant children, or by giving up;
   * the reason is then `shutdown` with a `RestartIntensityError`. Keeps the program alive until
   * then.
   */
  get exited(): Promise<ExitReason> {
    if (this.#exited === undefined) {
      hold()
      this.#exited = this.#end.finally(letGo)
    }
    return this.#exited
  }

  /** @internal As `exited`, and does not keep the program alive. */
  get ended(): Promise<ExitReason> {
    this.#isEndAwaited = true
    return this.#end
  }

  /** @internal Whether somebody hears of its end. */
  get isHeard(): boolean {
    return this.#isEndAwaited || this.#exited !== undefined || this.#stand.isWatched
  }

  /** Its name in errors. */
  get name(): string {
    return this.#core.options.name
  }

  /** Whether it has begun and not ended. */
  get isAlive(): boolean {
    return this.#core.isAlive
  }

  /**
   * What the child with that id is for others: an actor's reference, valid across restarts.
   *
   * @throws {ChildStateError} when there is none
   */
  child<Id extends Kids[number]["id"]>(id: Id): SubjectOf<Kids, Id> {
    const member = this.#core.find(id)
    if (member === undefined) throw new ChildStateError(id, "not found")
    return member.life.subject as SubjectOf<Kids, Id>
  }

  /** All children, in the order they were started. */
  children(): readonly ChildInfo[] {
    return this.#core.members.map(infoOf)
  }

  /** How many children there are. */
  counts(): ChildCounts {
    const { members } = this.#core
    const supervisors = members.filter(({ spec }) => spec.kind === "supervisor").length
    const active = members.filter(({ state }) => state === "running").length
    return { all: members.length, active, supervisors, actors: members.length - supervisors }
  }

  /**
   * Starts one more child, as the last.
   *
   * @throws {ChildStateError} when there is one with that id; {ChildStartError} when it does not
   * start
   */
  async add<S extends object>(spec: ChildSpec<S>): Promise<S> {
    if (this.#core.isDynamic) throw new TypeError("a simple-one-for-one grows by spawn(...args)")
    return (await this.#core.add(spec)).life.subject as S
  }

  /**
   * Starts one more child of a simple-one-for-one: the template's arguments, then these.
   *
   * @throws {ChildStartError} when it does not start
   */
  async spawn(
    ...args: readonly unknown[]
  ): Promise<Kids[0] extends ChildSpec<infer S> ? S : object> {
    if (!this.#core.isDynamic) throw new TypeError("spawn is for simple-one-for-one; use add(spec)")
    const spec = this.#core.options.children[0] as ChildSpec
    const { subject } = (await this.#core.add(spec, args)).life
    return subject as Kids[0] extends ChildSpec<infer S> ? S : object
  }

  /** Stops one child, given by its id or by itself. It stays known, unless temporary or dynamic. */
  stopChild(which: string | object): Promise<void> {
    return this.#core.stopChild(this.#idOf(which))
  }

  /** Starts one child that is stopped. */
  restartChild(which: string | object): Promise<void> {
    return this.#core.restartChild(this.#idOf(which))
  }

  /** Forgets one child that is stopped. */
  removeChild(which: string | object): Promise<void> {
    return this.#core.removeChild(this.#idOf(which))
  }

  /** Stops all children, the last first, and ends. Resolves when all have ended. */
  async stop(): Promise<ExitReason> {
    await this.#core.end()
    return this.exited
  }

  /** Stops all and ends with `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #idOf(which: string | object): string {
    if (typeof which === "string") return which
    const { members } = this.#core
    const isIt = ({ life }: Member): boolean =>
      life.subject === which || (which as { id?: unknown }).id === (life.subject as ActorHandle).id
    return members.find(isIt)?.id ?? nameOf(which)
  }
}

/** What is no child, as an error names it. */
function nameOf(which: object): string {
  return which instanceof ActorHandle && "name" in which ? String(which.name) : shown(which)
}

function infoOf({ id, spec, state, incarnation, life }: Member): ChildInfo {
  const { kind, restart, significant } = spec
  const restarts = Math.max(0, incarnation - 1)
  return { id, kind, state, restart, significant, restarts, subject: life.subject }
}

/**
 * Starts children in order, and restarts them as `strategy` says when they fail: a throw and the
 * death of an isolate are the same here. References from `child(id)` stay valid, and what waits in
 * a mailbox is handled after the restart.
 *
 * @throws {TypeError} {RangeError} for options that make no sense
 * @throws {ChildStartError} when a child does not start; those that did are stopped again
 */
export async function supervise<const Kids extends readonly ChildSpec[]>(
  options: SupervisorOptions<Kids>,
): Promise<Supervisor<Kids>> {
  const core: Core = coreOf(checkSupervisor(options), (reason) => {
    uproot()
    if (reason.error !== undefined && !core.supervisor.isHeard)
      warn("a supervisor ended whose `exited` nobody awaits", String(reason.error))
    core.retire(reason)
  })
  const uproot = plant({
    name: core.core.options.name,
    end: () => core.core.end(),
    kill: () => void core.core.kill({ reason: "killed" }),
    names: () => core.core.upNames(),
  })
  try {
    await core.begin()
  } catch (error) {
    uproot()
    core.retire({ reason: "failed", error })
    throw error
  }
  return core.supervisor as Supervisor<Kids>
}

/** A supervisor, what others see of it, and the actor that stands for it. */
interface Core {
  readonly core: SupervisorCore
  readonly supervisor: Supervisor
  begin(): Promise<void>
  retire(reason: ExitReason): void
}

function coreOf(checked: CheckedOptions, onEnd: (reason: ExitReason) => void): Core {
  const { promise, resolve } = Promise.withResolvers<ExitReason>()
  const core = new SupervisorCore(checked, (reason) => {
    stand.end(reason)
    onEnd(reason)
  })
  const stand = new Stand({
    subjectOf: (id) => supervisor.child(id),
    children: () => supervisor.children(),
    counts: () => supervisor.counts(),
    spawn: (args) => supervisor.spawn(...args),
    stopChild: (which) => supervisor.stopChild(which),
    restartChild: (which) => supervisor.restartChild(which),
    removeChild: (which) => supervisor.removeChild(which),
    end: () => core.end(),
    kill: () => {
      if (core.isAlive) void core.kill({ reason: "killed" })
    },
  })
  const supervisor = new Supervisor(core, stand, promise)
  return {
    core,
    supervisor,
    async begin() {
      await core.begin()
      await stand.begin()
    },
    retire(reason) {
      core.retire(reason)
      stand.retire(reason)
      resolve(reason)
    },
  }
}

/**
 * Describes a supervisor as a child of another one. When it gives up, its own supervisor decides;
 * it begins again with the children it was made with.
 */
export function subtree<
  const Kids extends readonly ChildSpec[],
  const Options extends ChildOptions,
>(
  options: SupervisorOptions<Kids>,
  placed: Options,
): ChildSpec<Supervisor<Kids>> & { readonly id: Options["id"] } {
  const rest = checkChild(placed, "infinity")
  const checked = checkSupervisor({ name: placed.id, ...options })
  const make = (): MakeLife => (onExit) => treeLife(coreOf(checked, onExit))
  return { ...rest, kind: "supervisor", make: () => make() }

  function treeLife({ core, supervisor, begin, retire }: Core): Life {
    return {
      subject: supervisor,
      start: begin,
      stop: () => void core.end(),
      kill: () => void core.kill({ reason: "killed" }),
      retire,
    }
  }
}
