/** Who plays what: each part of the runtime, in an explored program. */
import type { Part } from "#platform/simulation"
import { Channel } from "../../channel/channel.ts"
import { Receiver } from "../../channel/ends.ts"
import type { Here } from "../../internal/loop/here.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { ARENA } from "../../internal/memory/layout.ts"
import { bury, newToken, settle } from "../../internal/memory/owners.ts"
import { kindById, registerKind } from "../../internal/wire/shareable.ts"
import { noteShared } from "../../internal/wire/shared-values.ts"
import type { Core, SyncHandle } from "../../sync/shared.ts"
import type { TaskOptions } from "../../task/task.ts"
import type { Footprint } from "../operation.ts"
import { Queue, StagedChannel } from "./channel.ts"
import { startTask } from "./go.ts"
import { type LockOptions, StagedLine, StagedLock } from "./lock.ts"
import { StagedArray } from "./memory.ts"
import type { Player } from "./player.ts"
import type { Cast, Finding, Theatre } from "./theatre.ts"

/** Handles of simulated objects have numbers that no real one reaches. */
const FIRST_HANDLE = 2 ** 40

/** Words that locks lie in, past what describes isolates. */
const LOCK_WORDS = 1 << 17

/** The properties of the play: what a program has made in this execution. */
export class Stagehands implements Cast {
  readonly #words = new Int32Array(new SharedArrayBuffer((ARENA + LOCK_WORDS) * 4))
  #free = ARENA
  #channels = 0
  #arrays = 0
  readonly #objects = new Map<number, Queue | StagedLock | StagedArray>()
  readonly #heres = new Map<Player, Here>()
  readonly #locks = new Map<string, number>()

  /** Back to the beginning of an execution. */
  strike(): void {
    this.#words.fill(0, 0, 64)
    this.#words.fill(0, ARENA, this.#free)
    this.#free = ARENA
    this.#channels = 0
    this.#arrays = 0
    this.#objects.clear()
    this.#heres.clear()
    this.#locks.clear()
  }

  play(theatre: Theatre, part: Part, args: readonly unknown[]): unknown {
    switch (part) {
      case "channel":
        return this.#channel(theatre, args[0] as number, args[1] as Queue["meta"])
      case "lock":
        return this.#lock(theatre, args[0] as LockOptions, args[1] as Found)
      case "line":
        return new StagedLine(this.#objects.get(args[0] as number) as StagedLock)
      case "go":
        return startTask(theatre, args[0], args[1] as unknown[], args[2] as TaskOptions)
      case "yield":
        return pause(theatre)
      case "memory":
        return this.#memory(theatre, args[0] as ArrayClass, args[1] as number)
      case "mayBlock":
        return theatre.player.isolate !== 0
      default:
        throw new Error(`${part} is not explored yet`)
    }
  }

  died(_theatre: Theatre, player: Player): void {
    const here = this.#heres.get(player)
    if (here !== undefined) bury(this.#words, here.me)
  }

  mourns(_theatre: Theatre, _player: Player, _into: Footprint): void {}

  left(): Finding | null {
    return null
  }

  /** The handle that arrives in a message. */
  revive(kind: number, object: number): object {
    const found = this.#objects.get(object)
    if (found instanceof StagedLock) return found.handle()
    if (found instanceof StagedArray) return found.proxy
    const channel = new StagedChannel(found as Queue)
    return kind === KIND.RECEIVER ? new Receiver(channel) : new Channel(channel)
  }

  #channel(theatre: Theatre, capacity: number, meta: Queue["meta"]): StagedChannel {
    const queue = theatre.operate("channel", () => {
      const made = new Queue(theatre, ++this.#channels, capacity, meta)
      this.#objects.set(made.object, made)
      return made
    })
    return new StagedChannel(queue)
  }

  #lock(theatre: Theatre, options: LockOptions, found: Found): SyncHandle<Core> {
    const lock = theatre.operate("lock", () => {
      const object = this.#free
      this.#free += Math.ceil(options.bytes / 64) * 16
      if (this.#free > this.#words.length) throw new RangeError("the program has too many locks")
      found(this.#words, object)
      const nth = (this.#locks.get(options.name) ?? 0) + 1
      this.#locks.set(options.name, nth)
      const make = (player: Player) => new options.Core(this.#hereOf(player), object)
      const made = new StagedLock(theatre, object, nth, options, make)
      this.#objects.set(object, made)
      return made
    })
    return lock.handle()
  }

  #memory(theatre: Theatre, Class: ArrayClass, length: number): object {
    const array = theatre.operate("shared memory", () => {
      theatre.ordering = true
      const real = new Class(new ArrayBuffer(length * Class.BYTES_PER_ELEMENT))
      const nth = ++this.#arrays
      const made = new StagedArray(theatre, nth === 1 ? "shared" : `shared ${nth}`, real as never)
      const object = this.#free
      this.#free += 16
      this.#objects.set(object, made)
      noteShared(made.proxy, KIND.SHARED_VALUE, FIRST_HANDLE + object)
      return made
    })
    return array.proxy
  }

  #hereOf(player: Player): Here {
    let here = this.#heres.get(player)
    if (here === undefined) {
      const me = newToken(this.#words, player.isolate)
      settle(this.#words, me)
      // Cores of locks use nothing else of where they are.
      here = { words: this.#words, me } as unknown as Here
      this.#heres.set(player, here)
    }
    return here
  }
}

/** A class of typed arrays. */
interface ArrayClass {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer): object
}

type Found = (words: Int32Array, object: number) => void

function pause(theatre: Theatre): Promise<void> {
  return new Promise((resolve) => {
    theatre.enter({
      label: { object: "turn", operation: "yield" },
      ready: () => true,
      attempt: () => {
        resolve()
        return true
      },
      touch: () => {},
    })
  })
}

/** Whose program runs now: handles that arrive are made by it. */
let onStage: { readonly theatre: Theatre; readonly hands: Stagehands } | undefined

const adopted = new Set<number>()

/** From here on messages carry simulated handles beside real ones. */
export function raise(theatre: Theatre, hands: Stagehands): void {
  onStage = { theatre, hands }
  for (const id of Object.values(KIND)) if (!adopted.has(id)) adopt(id)
}

/** No program runs. */
export function lower(): void {
  onStage = undefined
}

function adopt(id: number): void {
  const real = kindById(id)
  if (real === undefined) return
  adopted.add(id)
  const simulates = (handle: number): boolean => handle >= FIRST_HANDLE
  registerKind<object>({
    ...real,
    handleOf: (value) => {
      const number = real.handleOf(value)
      const own = number > 0 && number < FIRST_HANDLE && onStage?.theatre.inside === true
      return own ? FIRST_HANDLE + number : number
    },
    retain: (handle) => {
      if (!simulates(handle)) real.retain(handle)
    },
    revive: (handle) =>
      simulates(handle)
        ? (onStage?.hands.revive(id, handle - FIRST_HANDLE) as object)
        : real.revive(handle),
    release: (handle) => {
      if (!simulates(handle)) real.release(handle)
    },
  })
}
