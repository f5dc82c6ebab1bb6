/** Who plays what: each part of the runtime, in an explored program. */
import type { Part } from "#platform/simulation"
import { Channel } from "../../channel/channel.ts"
import { Receiver, Sender } from "../../channel/ends.ts"
import { Broadcast, Subscription } from "../../channel/flavors/broadcast.ts"
import type { SenderEnds } from "../../channel/sender-object.ts"
import type { Here } from "../../internal/loop/here.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { ARENA } from "../../internal/memory/layout.ts"
import { bury, newToken, settle } from "../../internal/memory/owners.ts"
import { noteShared } from "../../internal/wire/shared-values.ts"
import type { IsolateInfo } from "../../isolate/runtime.ts"
import type { Core, SyncHandle } from "../../sync/shared.ts"
import type { TaskOptions } from "../../task/options.ts"
import type { Loop } from "../../task/parallel-loop.ts"
import type { Footprint } from "../operation.ts"
import type { Box } from "./actors/box.ts"
import type { StagedTable } from "./actors/bus.ts"
import type { Room } from "./actors/room.ts"
import { type Position, StagedBroadcast, StagedSubscription } from "./broadcast.ts"
import { StagedChannel } from "./channel.ts"
import { die } from "./ending.ts"
import { labelOf } from "./entry.ts"
import type { Finding, TheatreBounds } from "./finding.ts"
import { startTask } from "./go.ts"
import { runJoin } from "./join.ts"
import { LEAVE } from "./leave.ts"
import { type LockOptions, StagedLine, StagedLock } from "./lock.ts"
import { runLoop } from "./loops.ts"
import { Memory } from "./memory.ts"
import { FIRST_HANDLE, type Hands } from "./on-stage.ts"
import { OnceCore, OnceState } from "./once.ts"
import type { Player } from "./player.ts"
import { Queue } from "./queue.ts"
import { Ends } from "./senders.ts"
import type { Cast, Theatre } from "./theatre.ts"
import { type ArrayClass, View, Whole } from "./view.ts"

/** The room that plays actors, once it was wanted. */
let actors: { readonly Room: typeof Room } | undefined

/** Views of shared memory have numbers past the words of locks. */
const FIRST_VIEW = 2 ** 24

/** Words that locks lie in, past what describes isolates. */
const LOCK_WORDS = 1 << 17

/** The properties of the play: what a program has made in this execution. */
export class Stagehands implements Cast, Hands {
  readonly #words = new Int32Array(new SharedArrayBuffer((ARENA + LOCK_WORDS) * 4))
  #free = ARENA
  #channels = 0
  #arrays = 0
  #views = 0
  readonly #memories: Whole[] = []
  #broadcasts = 0
  #objects = new Map<number, Property>()
  #heres = new Map<Player, Here>()
  #locks = new Map<string, number>()
  #room: Room | undefined

  /** Back to the beginning of an execution. */
  strike(): void {
    this.#words.fill(0, 0, 64)
    this.#words.fill(0, ARENA, this.#free)
    this.#free = ARENA
    this.#channels = 0
    this.#arrays = 0
    this.#views = 0
    this.#broadcasts = 0
    this.#objects = new Map()
    this.#heres = new Map()
    this.#locks = new Map()
    this.#room = undefined
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
      case "senders":
        return this.#senders(theatre, args[0] as StagedChannel)
      case "broadcast":
        return this.#broadcast(theatre, args[0] as number, args[1] as string)
      case "subscription":
        return this.#subscription(theatre, args[0] as StagedBroadcast)
      case "parallel":
        return runLoop(theatre, args[0] as Loop<unknown>)
      case "join":
        return runJoin(theatre, args)
      case "isolates":
        return theatre.operate("isolates", () => isolatesOf(theatre))
      case "memory":
        return this.#memory(theatre, args[0] as ArrayClass, args[1] as number)
      case "mayBlock":
        return theatre.player.isolate !== 0
      case "actor":
        return this.#stage(theatre)
      case "shutdown":
        return this.#room?.shutdown(args[0] as number) ?? Promise.resolve()
      default:
        return part satisfies never
    }
  }

  died(theatre: Theatre, player: Player): void {
    const here = this.#heres.get(player)
    if (here !== undefined) bury(this.#words, here.me)
    die(theatre, player)
    this.#room?.died(player)
    for (const object of this.#objects.values()) {
      if (object instanceof StagedLock && object.isUsedBy(player)) {
        theatre.touched(object.place, true)
        object.changed()
      } else if (object instanceof Ends || object instanceof Queue) object.bury(player)
    }
  }

  mourns(player: Player, into: Footprint): void {
    this.#room?.mourns(player, into)
    for (const object of this.#objects.values()) {
      if (object instanceof StagedLock && object.isUsedBy(player)) into.add(object.place, true)
      if (object instanceof Ends) object.mourn(player, into)
      if (object instanceof Queue && object.claims?.has(player)) into.add(object.head, true)
    }
  }

  left(leaks: TheatreBounds["leaks"]): Finding | null {
    const found = this.#room?.left(leaks === "all")
    if (found) return found
    if (leaks === "none") return null
    for (const object of this.#objects.values()) {
      const left = object instanceof StagedLock ? heldAtEnd(object) : undefined
      const unread = leaks === "all" && object instanceof Queue ? unreadAtEnd(object) : undefined
      const message = left ?? unread
      if (message !== undefined) return { kind: "leak", message }
    }
    return null
  }

  /** A handle leaves in a message. */
  retain(object: number): void {
    const found = this.#objects.get(object)
    if (found instanceof Ends) found.flying++
  }

  /** The handle that arrives in a message. */
  revive(kind: number, object: number): object {
    const found = this.#objects.get(object)
    if (found instanceof StagedLock) return found.handle()
    if (kind === KIND.ACTOR || kind === KIND.ACTOR_BUS) return (found as Box | StagedTable).ref
    if (found instanceof View) return found.proxy
    if (found instanceof Memory) return found.buffer
    if (found instanceof StagedBroadcast) return new Broadcast(found.core())
    if (found instanceof Ends) return new Sender(found.channel, found.arrive())
    if (!(found instanceof Queue)) {
      return new Subscription(new StagedSubscription(found as Position).core())
    }
    const channel = new StagedChannel(found)
    return kind === KIND.RECEIVER ? new Receiver(channel) : new Channel(channel)
  }

  /** The actors of this execution; their room is loaded when the first is wanted. */
  #stage(theatre: Theatre): Room {
    if (actors === undefined) {
      theatre.wanted = async () => {
        actors = await import("./actors/room.ts")
      }
      throw LEAVE
    }
    this.#room ??= new actors.Room(theatre, (make) => this.#add(make))
    return this.#room
  }

  #channel(theatre: Theatre, capacity: number, meta: Queue["meta"]): StagedChannel {
    const queue = theatre.operate("channel", () => {
      const made = new Queue(theatre, ++this.#channels, capacity, meta)
      this.#objects.set(made.object, made)
      return made
    })
    return new StagedChannel(queue)
  }

  #add<T extends Property>(make: (object: number) => T): T {
    const object = this.#free
    this.#free += 16
    const made = make(object)
    this.#objects.set(object, made)
    return made
  }

  #senders(theatre: Theatre, channel: StagedChannel): SenderEnds | undefined {
    const { queue } = channel
    const ends = theatre.operate("senders", () => {
      queue.ends ??= this.#add((object) => new Ends(object, new StagedChannel(queue)))
      return queue.ends as Ends
    })
    return ends.join()
  }

  #broadcast(theatre: Theatre, capacity: number, name: string): unknown {
    return theatre.operate("broadcast", () =>
      this.#add(
        (object) => new StagedBroadcast(theatre, object, ++this.#broadcasts, capacity, name),
      ),
    )
  }

  #subscription(theatre: Theatre, broadcast: StagedBroadcast): unknown {
    const position = theatre.operate("subscription", () => {
      theatre.touched(broadcast.place, true)
      const next = broadcast.first + broadcast.values.length
      return this.#add((object): Position => ({ object, broadcast, next, late: broadcast.last }))
    })
    return new StagedSubscription(position)
  }

  #lock(theatre: Theatre, options: LockOptions, found: Found): SyncHandle<Core> {
    const lock = theatre.operate("lock", () => {
      const object = this.#free
      this.#free += Math.ceil(options.bytes / 64) * 16
      if (this.#free > this.#words.length) throw new RangeError("the program has too many locks")
      if (options.id !== KIND.ONCE) found(this.#words, object)
      const nth = (this.#locks.get(options.name) ?? 0) + 1
      this.#locks.set(options.name, nth)
      const state = new OnceState()
      const make = (player: Player): Core =>
        options.id === KIND.ONCE
          ? (new OnceCore(made, state, new StagedLine(made), player) as unknown as Core)
          : new options.Core(this.#hereOf(player), object)
      const made: StagedLock = new StagedLock(theatre, object, nth, options, make)
      this.#objects.set(object, made)
      return made
    })
    return lock.handle()
  }

  #memory(theatre: Theatre, Class: ArrayClass, length: number): object {
    return theatre.operate("shared memory", () => {
      theatre.order.isKept = true
      const nth = this.#arrays++
      // Making memory anew for every execution costs more than many an execution.
      const before = this.#memories[nth]
      if (before?.fits(Class, length) === true) return before.again()
      const title = nth === 0 ? "shared" : `shared ${nth + 1}`
      const made = new Whole(theatre, title, Class, length, (value, found) => {
        const object = FIRST_VIEW + this.#views++
        this.#objects.set(object, found)
        noteShared(value, KIND.SHARED_VALUE, FIRST_HANDLE + object)
      })
      this.#memories[nth] = made
      return made.again()
    })
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

type Found = (words: Int32Array, object: number) => void

type Property =
  | Box
  | StagedTable
  | Queue
  | StagedLock
  | View
  | Memory
  | StagedBroadcast
  | Ends
  | Position

function heldAtEnd(lock: StagedLock): string | undefined {
  const holder = lock.holders().find(({ ending }) => ending?.state !== "died")
  return holder && `${lock.title} is held by ${holder.title} at the end: nobody else can have it`
}

function unreadAtEnd({ title, parcels }: Queue): string | undefined {
  if (parcels.length === 0) return undefined
  return `${title} holds ${parcels.length} at the end: what was sent was never received`
}

function isolatesOf(theatre: Theatre): IsolateInfo[] {
  return theatre.all.map(({ isolate, begun, ending }) => ({
    id: isolate,
    state: ending?.state === "died" ? "ended" : "running",
    running: begun && ending === undefined ? 1 : 0,
    queued: begun ? 0 : 1,
    ended: ending === undefined ? 0 : 1,
    utilization: undefined,
    heapBytes: 0,
  }))
}

function pause(theatre: Theatre): Promise<void> {
  return new Promise((resolve) => {
    theatre.enter({
      label: labelOf("turn", "yield"),
      yields: true,
      later: true,
      ready: () => true,
      attempt: () => {
        theatre.looked()
        resolve()
        return true
      },
      touch: () => {},
    })
  })
}
