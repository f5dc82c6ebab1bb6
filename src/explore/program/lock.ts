/**
 * Locks of an explored program: the room's own code over words of this heap.
 *
 * Each simulated isolate has its own core over the same words, as in reality. What waits is tried
 * again whenever something was done with the same object.
 */

import type { Words } from "#platform/atomics"
import type { Here } from "../../internal/loop/here.ts"
import type { Line, Operation } from "../../internal/loop/line.ts"
import type { Core, FamilyOptions, SyncHandle } from "../../sync/shared.ts"
import type { Footprint } from "../operation.ts"
import type { Deed } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"

type Options = FamilyOptions<Core, SyncHandle<Core>>

/** One lock, for all who use it. */
export class StagedLock {
  readonly theatre: Theatre
  readonly object: number
  readonly options: Options
  readonly place: number
  readonly title: string
  /** Changes whenever something was done with it. */
  version = 0
  readonly #cores = new Map<Player, Core>()

  constructor(theatre: Theatre, object: number, options: Options) {
    this.theatre = theatre
    this.object = object
    this.options = options
    this.place = theatre.newPlace()
    this.title = `${options.name.toLowerCase()} ${theatre.number(options.name)}`
  }

  /** The local side of the simulated isolate that runs now. */
  core(): Core {
    const { player } = this.theatre
    let core = this.#cores.get(player)
    if (core === undefined) {
      const real = new this.options.Core(this.theatre.hereOf(player), this.object)
      core = this.#watched(real)
      this.#cores.set(player, core)
    }
    return core
  }

  /** A handle that belongs to whichever simulated isolate uses it. */
  handle(): SyncHandle<Core> {
    const handle = new this.options.Handle(this.core())
    Object.defineProperty(handle, "core", { get: () => this.core() })
    return handle
  }

  /** What is done to a core is a step. */
  #watched(real: Core): Core {
    const methods = new Map<PropertyKey, unknown>()
    return new Proxy(real, {
      get: (target, name) => {
        if (name === "mayOvertake") return false
        const value = Reflect.get(target, name, target)
        if (typeof value !== "function" || name === "ended") {
          if (name === "isLocked") this.theatre.looked(this.place)
          return value
        }
        let method = methods.get(name)
        if (method === undefined) {
          method = (...args: unknown[]) => this.#done(String(name), () => value.apply(target, args))
          methods.set(name, method)
        }
        return method
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    })
  }

  #done(name: string, act: () => unknown): unknown {
    const { theatre } = this
    theatre.touched(this.place, this.title, name, undefined)
    const result = act()
    if (!LOOKS.has(name)) this.version++
    theatre.answered(result)
    return result
  }
}

const LOOKS = new Set(["look", "hadTurn"])

/** An operation that waits for a lock. */
export class LockWait implements Deed {
  readonly label
  readonly operation: Operation
  readonly #lock: StagedLock
  #tried = -1

  constructor(lock: StagedLock, operation: Operation) {
    this.#lock = lock
    this.operation = operation
    this.label = { object: lock.title, operation: "wait" }
  }

  ready(): boolean {
    return this.#tried !== this.#lock.version
  }

  attempt(): boolean {
    const before = this.#lock.version
    const done = this.operation.attempt()
    // An attempt that failed has changed nothing, whatever its core counted.
    if (!done) {
      this.#lock.version = before
      this.#tried = before
    }
    return done
  }

  touch(into: Footprint): void {
    into.add(this.#lock.place, true)
  }
}

/** The operations of one simulated isolate that wait in one place of a lock. */
export class StagedLine {
  readonly #lock: StagedLock
  readonly #waiting = new Map<Operation, LockWait>()

  constructor(lock: StagedLock) {
    this.#lock = lock
  }

  /** Nothing is tried at once: when it is tried is what is explored. */
  get length(): number {
    return 1
  }

  wait(operation: Operation): void {
    const deed = new LockWait(this.#lock, operation)
    this.#waiting.set(operation, deed)
    this.#lock.theatre.enter(deed, () => this.#waiting.delete(operation))
  }

  waitInTurn(operation: Operation): void {
    this.wait(operation)
  }

  giveUp(operation: Operation): boolean {
    const deed = this.#waiting.get(operation)
    return deed !== undefined && this.#lock.theatre.withdraw(deed)
  }

  block(operation: Operation, timeoutMs: number): boolean {
    return this.#lock.theatre.block(new LockWait(this.#lock, operation), timeoutMs)
  }

  serve(): void {}

  dispose(): void {}
}

/** What a core sees of its simulated isolate. */
export function hereOver(words: Words, me: number): Here {
  return { words, me } as unknown as Here
}

export type { Line }
