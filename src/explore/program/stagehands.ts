/** Who plays what: each part of the runtime, in an explored program. */
import type { Part } from "#platform/simulation"
import { Channel } from "../../channel/channel.ts"
import { Receiver } from "../../channel/ends.ts"
import { BlockingNotAllowedError } from "../../errors.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { ARENA, HEAD_SLOTS } from "../../internal/memory/layout.ts"
import { newToken, settle } from "../../internal/memory/owners.ts"
import { kindById, registerKind } from "../../internal/wire/shareable.ts"
import type { Core, FamilyOptions, SyncHandle } from "../../sync/shared.ts"
import { Queue, StagedChannel } from "./channel.ts"
import { startTask } from "./go.ts"
import { StagedLine, StagedLock } from "./lock.ts"
import type { Theatre } from "./theatre.ts"

/** Handles of simulated objects have numbers that no real one reaches. */
const FIRST_HANDLE = 2 ** 40

/** Words that locks lie in, past what describes isolates. */
const LOCK_WORDS = 1 << 14

/** What one execution has made. */
class Properties {
  readonly words = new Int32Array(new SharedArrayBuffer((ARENA + LOCK_WORDS) * 4))
  free = ARENA
  readonly objects = new Map<number, Queue | StagedLock>()
  readonly heres = new Map<unknown, { words: Int32Array; me: number }>()
}

const properties = new WeakMap<Theatre, Properties>()

function of(theatre: Theatre): Properties {
  let found = properties.get(theatre)
  if (found === undefined) {
    found = new Properties()
    properties.set(theatre, found)
  }
  return found
}

/** Back to the beginning of an execution. */
export function strike(theatre: Theatre): void {
  const made = of(theatre)
  made.words.fill(0, 0, 64)
  made.words.fill(0, ARENA, made.free)
  made.free = ARENA
  made.objects.clear()
  made.heres.clear()
}

/** The theatre whose program runs now; handles that arrive are made by it. */
let onStage: Theatre | undefined

/** Sets it. */
export function raise(theatre: Theatre | undefined): void {
  onStage = theatre
  if (theatre !== undefined) adoptKinds()
}

const adopted = new Set<number>()

/** From here on messages may carry simulated handles beside real ones. */
function adoptKinds(): void {
  for (const id of Object.values(KIND)) {
    const real = kindById(id)
    if (real === undefined || adopted.has(id)) continue
    adopted.add(id)
    registerKind({
      ...real,
      id,
      name: real.name,
      handleOf: (value) => {
        const number = real.handleOf(value)
        return number > 0 && onStage?.inside === true && number < FIRST_HANDLE
          ? FIRST_HANDLE + number
          : number
      },
      retain: (handle) => {
        if (handle < FIRST_HANDLE) real.retain(handle)
      },
      revive: (handle) =>
        handle < FIRST_HANDLE ? real.revive(handle) : revived(id, handle - FIRST_HANDLE),
      release: (handle) => {
        if (handle < FIRST_HANDLE) real.release(handle)
      },
    })
  }
}

function revived(kind: number, object: number): object {
  const found = of(onStage as Theatre).objects.get(object)
  if (found instanceof StagedLock) return found.handle()
  const channel = new StagedChannel(found as Queue)
  return kind === KIND.RECEIVER ? new Receiver(channel) : new Channel(channel)
}

/** Plays a part. */
export function play(theatre: Theatre, part: Part, args: readonly unknown[]): unknown {
  switch (part) {
    case "channel":
      return makeChannel(theatre, args[0] as number, args[1] as Queue["meta"])
    case "lock":
      return makeLock(
        theatre,
        args[0] as FamilyOptions<Core, SyncHandle<Core>>,
        args[1] as (words: Int32Array, object: number) => void,
      )
    case "line":
      return new StagedLine(of(theatre).objects.get(args[0] as number) as StagedLock)
    case "go":
      return startTask(theatre, args[0], args[1] as unknown[], args[2] as object)
    case "yield":
      return pause(theatre)
    case "mayBlock":
      return theatre.player.isolate !== 0
    default:
      throw new Error(`${part} is not explored yet`)
  }
}

function makeChannel(theatre: Theatre, capacity: number, meta: Queue["meta"]): StagedChannel {
  const made = of(theatre)
  const queue = new Queue(theatre, theatre.newObject(), capacity, meta)
  made.objects.set(queue.object, queue)
  return new StagedChannel(queue)
}

function makeLock(
  theatre: Theatre,
  options: FamilyOptions<Core, SyncHandle<Core>>,
  found: (words: Int32Array, object: number) => void,
): SyncHandle<Core> {
  const made = of(theatre)
  const object = made.free
  made.free += Math.ceil(options.bytes / 64) * 16
  if (made.free > made.words.length) throw new RangeError("an explored program has too many locks")
  found(made.words, object)
  const lock = new StagedLock(theatre, object, options)
  made.objects.set(object, lock)
  return lock.handle()
}

/** What the cores of a simulated isolate see of it. */
export function hereOf(theatre: Theatre, player: { isolate: number }): unknown {
  const made = of(theatre)
  let here = made.heres.get(player)
  if (here === undefined) {
    const { words } = made
    if (words[HEAD_SLOTS] === undefined) throw new Error("no words")
    const me = newToken(words, player.isolate)
    settle(words, me)
    here = { words, me }
    made.heres.set(player, here)
  }
  return here
}

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

export { BlockingNotAllowedError }
