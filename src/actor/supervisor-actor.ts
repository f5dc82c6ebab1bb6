/** The actor by which a supervisor is known elsewhere: it can be sent, linked, watched, stopped. */
import { here } from "../internal/loop/here.ts"
import { audience } from "../internal/queue/watchers.ts"
import { Actor } from "./actor.ts"
import type { ExitReason } from "./exit.ts"
import { retire } from "./lifecycle.ts"
import { exit } from "./outcome.ts"
import type { ActorRef } from "./ref.ts"
import { refusing } from "./refusal.ts"
import { actor, prepareActor, restart } from "./spawn.ts"
import { stage } from "./stage.ts"
import type { ChildCounts, ChildInfo } from "./supervisor.ts"
import { watchExits } from "./watch.ts"

/** What the actor does for others; the supervisor itself does it. */
export interface Supervising {
  subjectOf(id: string): object
  children(): readonly ChildInfo[]
  counts(): ChildCounts
  spawn(args: readonly unknown[]): Promise<object>
  stopChild(which: string | object): Promise<void>
  restartChild(which: string | object): Promise<void>
  removeChild(which: string | object): Promise<void>
  end(): Promise<void>
  kill(): void
}

/** Supervisors by the number that is the argument of their actors. */
const supervisors = new Map<number, Supervising>()
let numbers = 0

/** Those of the program that asks: an explored one has its own. */
function known(): Map<number, Supervising> {
  return (stage()?.supervisors as Map<number, Supervising> | undefined) ?? supervisors
}

/**
 * What a supervisor's reference asks and tells. Stopping it stops its children in order; killing it
 * kills them. A request that it refuses does not end it.
 */
export class SupervisorActor extends Actor {
  static {
    actor(import.meta.url, "SupervisorActor", SupervisorActor)
  }
  readonly #supervisor: Supervising

  constructor(number: number) {
    super()
    this.#supervisor = known().get(number) as Supervising
  }

  /** What the child with that id is for others. */
  child(id: string): object {
    return refusing(() => this.#supervisor.subjectOf(id))
  }

  /** All children, in the order they were started. */
  children(): readonly ChildInfo[] {
    return refusing(() => this.#supervisor.children())
  }

  /** How many children there are. */
  counts(): ChildCounts {
    return refusing(() => this.#supervisor.counts())
  }

  /** Starts one more child of a simple-one-for-one. */
  spawn(...args: unknown[]): Promise<object> {
    return refusing(() => this.#supervisor.spawn(args))
  }

  /** Stops one child, given by its id or by itself. */
  stopChild(which: string | object): Promise<void> {
    return refusing(() => this.#supervisor.stopChild(which))
  }

  /** Starts one child that is stopped. */
  restartChild(which: string | object): Promise<void> {
    return refusing(() => this.#supervisor.restartChild(which))
  }

  /** Forgets one child that is stopped. */
  removeChild(which: string | object): Promise<void> {
    return refusing(() => this.#supervisor.removeChild(which))
  }

  override async onStop(): Promise<void> {
    await this.#supervisor.end()
  }
}

/** The actor of one supervisor through all its lives. */
export class Stand {
  readonly ref: ActorRef<SupervisorActor>
  readonly #number: number
  readonly #unwatch: () => void
  /** Exits to be heard of that are the supervisor's own. */
  #ended = 0

  /** `supervisor` is stopped and killed with its actor. */
  constructor(supervisor: Supervising) {
    this.#number = ++numbers
    known().set(this.#number, supervisor)
    const made = prepareActor(SupervisorActor, [this.#number], { on: "here" }, SUPERVISED)
    this.ref = made as unknown as ActorRef<SupervisorActor>
    this.#unwatch = watchExits(here(), made, () => {
      if (this.#ended > 0) this.#ended--
      else supervisor.kill()
    })
  }

  /** The supervisor has begun. */
  async begin(): Promise<void> {
    await restart(this.ref as unknown as ActorRef<unknown>, "here")
  }

  /** Whether somebody hears of its exits, beside the supervisor. */
  get isWatched(): boolean {
    const at = here()
    const bury = (block: number): void => at.arena.release(block)
    return stage() !== undefined || audience(at.words, this.ref.id, at.me, bury).length > 1
  }

  /** The supervisor has ended. */
  end(reason: ExitReason): void {
    const played = stage()
    if (played !== undefined) {
      if (played.end(this.ref.id, reason)) this.#ended++
      return
    }
    const { living } = this.ref
    if (living === undefined) return
    this.#ended++
    exit(here(), living, reason)
  }

  /** It does not begin again. */
  retire(reason: ExitReason): void {
    this.#unwatch()
    known().delete(this.#number)
    this.end(reason)
    retire(here(), this.ref.id, reason)
  }
}

const SUPERVISED = { supervised: true }
