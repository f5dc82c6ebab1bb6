/**
 * Who plays actors while a program is explored; in production nobody.
 *
 * Rooms ask when an actor is made, started, watched or named. What is asked and told goes by the
 * references that they are given then.
 */
import { simulated } from "#platform/simulation"
import type { Entry } from "./bus-table.ts"
import type { DeadLetter } from "./dead-letters.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorRef } from "./ref.ts"
import type { Naming } from "./registry.ts"
import type { Place, SpawnOptions } from "./spawn.ts"
import type { Tree } from "./trees.ts"
import type { ExitListener } from "./watch.ts"

/** What an explored program's actors are made by. */
export interface ActorStage {
  /** Makes an actor that has not been started. */
  prepare(
    code: (...args: never[]) => unknown,
    args: readonly unknown[],
    options: SpawnOptions,
    supervised: boolean,
  ): ActorRef<unknown>
  /** Starts a life. */
  start(object: number, on: Place | undefined): Promise<void>
  /** Ends the life of an actor that lives here; false when it does not live. */
  end(object: number, reason: ExitReason): boolean
  /** Nobody will start it again. */
  retire(object: number, reason: ExitReason): void
  watch(object: number, listener: ExitListener): () => void
  link(object: number, target: number): void
  register(name: string, object: number): Naming
  whereis(name: string): ActorRef<unknown> | undefined
  deadLetters(): AsyncIterableIterator<DeadLetter>
  /** The reference to an actor. */
  refOf(object: number): ActorRef<unknown>
  /** The actor whose code asks. */
  self(): ActorRef<unknown> | undefined
  /** Makes the table of a bus without subscribers. */
  makeBus(): number
  bus(object: number): BusStage
  /** How an actor stands, seen at no cost: no step. */
  standing(object: number): Standing
  /** The error for a message to an actor that is gone for good. */
  goneError(object: number): Error
  plant(tree: Tree): () => void
  /** What supervisors are found by, of this run of the program alone. */
  readonly supervisors: Map<number, unknown>
}

/** The subscribers of a bus. */
export interface BusStage {
  version(): number
  subscribe(object: number, method: number, topic: string): number
  unsubscribe(id: number): boolean
  read(known: ReadonlyMap<number, unknown>): { version: number; ids: number[]; fresh: Entry[] }
}

/** What can be seen of an actor without asking it. */
export interface Standing {
  readonly state: "running" | "down" | "gone"
  readonly lives: number
  /** Messages that wait, and the one in hand. */
  readonly load: number
  readonly isFunction: boolean
}

/** What plays the actors of the explored program that asks; undefined in production. */
export function stage(): ActorStage | undefined {
  return simulated()?.play("actor", []) as ActorStage | undefined
}
