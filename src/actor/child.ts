/**
 * `child`: an actor as a supervisor's specification names it, and its life as the supervisor sees
 * it.
 */

import { here } from "../internal/loop/here.ts"
import type { Actor } from "./actor.ts"
import type { Life, MakeLife } from "./child-life.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorInbox } from "./inbox.ts"
import { retire } from "./lifecycle.ts"
import type { ActorRef, Takes } from "./ref.ts"
import { checkArgs, checkCode, prepareActor, restart, type SpawnOptions } from "./spawn.ts"
import { type ChildOptions, type ChildSpec, checkChild } from "./spec.ts"
import { livesOf, stateOf } from "./standing.ts"
import { watchExits } from "./watch.ts"

/** How a supervised actor is started, and when it comes back. */
export interface ActorChildOptions extends ChildOptions, SpawnOptions {}

/** A child with its id known to the compiler. */
type Named<R extends object, O extends ChildOptions> = ChildSpec<R> & { readonly id: O["id"] }

const SPAWN_KEYS = ["name", "on", "mailbox", "whenDies"] as const
/** As Erlang gives a worker. */
const SHUTDOWN_MS = 5_000

/**
 * Describes an actor as a child: nothing starts before `supervise` or `add`. Each restart
 * constructs it anew from the same arguments; its reference and the messages that wait stay.
 *
 * @throws {TypeError} {RangeError} for options that make no sense
 * @example
 * class Account extends Actor {
 *   balance = 0
 * }
 * const spec = child(Account, [], { id: "main", restart: "transient", shutdownMs: 1_000 })
 */
export function child<M, P extends unknown[], const O extends ActorChildOptions>(
  fn: (inbox: ActorInbox<M>, ...args: P) => unknown,
  args: Readonly<Partial<P>>,
  options: O,
): Named<ActorRef<Takes<M>>, O>
export function child<C extends Actor, P extends unknown[], const O extends ActorChildOptions>(
  Class: new (...args: P) => C,
  args: Readonly<Partial<P>>,
  options: O,
): Named<ActorRef<C>, O>
export function child(code: unknown, args: unknown, options: ActorChildOptions): ChildSpec {
  checkCode(code, "a child")
  checkArgs(args, "a child")
  const checked = checkChild(options, SHUTDOWN_MS, SPAWN_KEYS)
  const start: SpawnOptions = Object.fromEntries(
    SPAWN_KEYS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  )
  const make =
    (more: readonly unknown[]): MakeLife =>
    (onExit) =>
      new ActorLife(prepareActor(code, [...args, ...more], start, SUPERVISED), start.on, onExit)
  return { ...checked, kind: "actor", make }
}

const SUPERVISED = { supervised: true }

/**
 * An actor's incarnations. Each start that reached an isolate is followed by one exit, that of a
 * start that failed as well; such a start is over when its exit was heard, so that the next finds
 * the actor down.
 */
class ActorLife implements Life {
  readonly subject: ActorRef<unknown>
  readonly #on: SpawnOptions["on"]
  readonly #onExit: (reason: ExitReason) => void
  readonly #unwatch: () => void
  #starting: PromiseWithResolvers<ExitReason> | undefined

  constructor(
    ref: ActorRef<unknown>,
    on: SpawnOptions["on"],
    onExit: (reason: ExitReason) => void,
  ) {
    this.subject = ref
    this.#on = on
    this.#onExit = onExit
    this.#unwatch = watchExits(here(), ref, (reason) => this.#exited(reason))
  }

  async start(): Promise<void> {
    const exit = Promise.withResolvers<ExitReason>()
    this.#starting = exit
    const lives = livesOf(this.subject.id)
    try {
      await restart(this.subject, this.#on)
    } catch (error) {
      if (livesOf(this.subject.id) !== lives) await exit.promise
      throw error
    } finally {
      this.#starting = undefined
    }
  }

  stop(): void {
    this.subject.stop("shutdown")
  }

  kill(): void {
    this.subject.kill()
  }

  retire(reason: ExitReason): void {
    this.#unwatch()
    retire(here(), this.subject.id, reason)
  }

  #exited(reason: ExitReason): void {
    // Heard twice after a death: the actor has been started again since.
    if (stateOf(this.subject.id) === "running") return
    this.#starting?.resolve(reason)
    this.#onExit(reason)
  }
}
