/** The runtime as a program sees it: start it, look at it, shut it down. */
import { after, now } from "#platform/clock"
import { SHUTDOWN_GRACE_MS } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import { simulated } from "#platform/simulation"
import { beforeEnd, isMainThread } from "#platform/thread"
import { ShutdownTimeoutError } from "../errors.ts"
import { noteHeap } from "../internal/loop/heap-sample.ts"
import { here, isAttached, reserve } from "../internal/loop/here.ts"
import { allowBlockingMain } from "../internal/loop/options.ts"
import { COUNTER, counted } from "../internal/memory/counters.ts"
import { living, slotOf } from "../internal/memory/owners.ts"
import { lengthHint, listOf } from "../internal/queue/task-list.ts"
import { checkBoolean } from "../internal/wire/given.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import "./parcels.ts"
import "./shared-buffers.ts"
import { flushOutput } from "./output.ts"
import {
  limitHeap,
  nameThreads,
  refuseStarts,
  roster,
  startRest,
  stopIsolates,
  wantIsolates,
  whenRunning,
} from "./roster.ts"

/** How the runtime is started. */
export interface StartOptions {
  /** Isolates beside main, 1 to 63; one per core unless given. */
  readonly isolates?: number
  /** Bytes reserved for shared memory, committed as they are used; 1 GiB unless given. */
  readonly memoryBytes?: number
  /**
   * Megabytes of each isolate's heap, from 256; unless given 4,096, or half of the memory that the
   * process may use if that is less. An isolate that needs more ends, and its tasks reject with
   * `IsolateDiedError`. One huge allocation may still end the whole process; above 768, fast growth
   * may, too.
   */
  readonly heapMb?: number
  /**
   * What the runtime's threads are called in debuggers and by the operating system; `heddle` unless
   * given.
   */
  readonly name?: string
  /**
   * Lets `…Sync` operations that wait block the main isolate too: its timers, sockets and tasks
   * stand still meanwhile. False unless given.
   */
  readonly blockMain?: boolean
}

const KNOWN_OPTIONS = ["isolates", "memoryBytes", "heapMb", "name", "blockMain"]

/**
 * Starts the runtime before its first use, with options; resolves when all isolates run. Optional:
 * the first task does it too.
 *
 * @throws {RangeError} when a number is out of range, or the memory is in use already
 * @example
 * await start({ isolates: 2 })
 * console.log(isolates().length) // prints: 3
 */
export async function start(options: StartOptions = {}): Promise<void> {
  checkNames(options, "start", KNOWN_OPTIONS)
  checkMain("start")
  const { blockMain = false } = options
  checkBoolean(blockMain, "blockMain")
  if (simulated() !== undefined) return
  if (options.heapMb !== undefined) limitHeap(options.heapMb)
  if (options.name !== undefined) nameThreads(options.name)
  if (options.memoryBytes !== undefined) reserve(options.memoryBytes)
  if (options.isolates !== undefined) wantIsolates(options.isolates)
  if (options.blockMain !== undefined) allowBlockingMain(options.blockMain)
  await whenRunning()
}

function checkMain(what: string): void {
  if (!isMainThread)
    throw new Error(`${what} belongs to the main isolate: this code runs in another one`)
}

/** One isolate, as it is now. */
export interface IsolateInfo {
  /** 0 is main. */
  readonly id: number
  /** One that is `starting` runs nothing yet; one that has `ended` has a successor soon. */
  readonly state: "starting" | "running" | "ended"
  /** Tasks that have begun there and not ended. */
  readonly running: number
  /** Tasks that wait in its list; idle isolates may take them. */
  readonly queued: number
  /** Tasks that have ended there. */
  readonly ended: number
  /**
   * Bytes of its heap in use, as it noted some tens of milliseconds ago; an isolate that computes
   * without a pause notes nothing meanwhile. 0 while it starts.
   */
  readonly heapBytes: number
  /** Part of its life that its event loop was busy, 0 to 1; only main knows it. */
  readonly utilization: number | undefined
}

/**
 * All isolates of this runtime by their ids, main first, from whichever isolate. Costs a few reads
 * each and waits for nobody.
 */
export function isolates(): IsolateInfo[] {
  noteHeap()
  if (!isMainThread) return living(here().words).map(slotOf).sort(byNumber).map(seenFromAside)
  const stand = simulated()
  if (stand !== undefined) return stand.play("isolates", []) as IsolateInfo[]
  startRest()
  const others = roster()
    .toSorted((a, b) => a.slot - b.slot)
    .map(({ slot, state, thread }) => infoOf(slot, state, thread.eventLoopUtilization()))
  return [infoOf(0, "running", undefined), ...others]
}

function byNumber(a: number, b: number): number {
  return a - b
}

/** What another isolate than main sees: who has loaded what it runs has noted its heap. */
function seenFromAside(id: number): IsolateInfo {
  const hasNoted = counted(here().words, id, COUNTER.HEAP_KIB) > 0
  return infoOf(id, id === 0 || hasNoted ? "running" : "starting", undefined)
}

function infoOf(
  id: number,
  state: IsolateInfo["state"],
  utilization: number | undefined,
): IsolateInfo {
  const { words } = here()
  const ended = counted(words, id, COUNTER.TASKS_ENDED)
  return Object.freeze({
    id,
    state,
    running: counted(words, id, COUNTER.TASKS_BEGUN) - ended,
    queued: lengthHint(words, listOf(id)),
    ended,
    heapBytes: counted(words, id, COUNTER.HEAP_KIB) * 1024,
    utilization,
  })
}

/** Something that can be busy when the runtime shall end. */
export interface Stoppable {
  /** The time of grace begins: whoever would go on for ever is to end. */
  begin?(): void
  /** Names of what has not ended. */
  busy(): string[]
  /** Asks it to end. */
  cancel(): void
}

const stoppables: Stoppable[] = []

/** Adds something that `shutdown` waits for. */
export function onShutdown(stoppable: Stoppable): void {
  stoppables.push(stoppable)
}

const POLL_MS = 5

/**
 * Ends the runtime: waits for what runs, at most `graceMs` (5,000 unless given), cancels the rest,
 * and ends all isolates. Nothing can be started afterwards.
 *
 * @throws {ShutdownTimeoutError} when something had not ended in time; it has been ended by then
 */
export async function shutdown(options: { graceMs?: number } = {}): Promise<void> {
  checkNames(options, "shutdown", ["graceMs"])
  const { graceMs = SHUTDOWN_GRACE_MS } = options
  if (!(typeof graceMs === "number" && graceMs >= 0)) {
    throw new RangeError(`graceMs must be a number from 0, received ${shown(graceMs)}`)
  }
  checkMain("shutdown")
  const stand = simulated()
  if (stand !== undefined) return stand.play("shutdown", [graceMs]) as Promise<void>
  if (!isAttached()) {
    refuseStarts()
    return
  }
  for (const stoppable of stoppables) stoppable.begin?.()
  const late = await whenQuiet(now() + graceMs)
  for (const stoppable of stoppables) stoppable.cancel()
  if (late.length === 0) await flushAll()
  await stopIsolates()
  if (late.length > 0) throw new ShutdownTimeoutError(graceMs, late)
}

async function whenQuiet(deadline: number): Promise<string[]> {
  hold()
  try {
    for (;;) {
      const busy = stoppables.flatMap((stoppable) => stoppable.busy()).concat(busyIsolates())
      if (busy.length === 0 || now() >= deadline) return busy
      await new Promise<void>((resolve) => after(POLL_MS, resolve))
    }
  } finally {
    letGo()
  }
}

function busyIsolates(): string[] {
  const { words } = here()
  return roster()
    .map(({ token }) => slotOf(token))
    .filter((slot) => counted(words, slot, COUNTER.TASKS_PENDING) > 0)
    .map((slot) => `isolate ${slot}`)
}

/**
 * Whether another isolate than main works, or waits for what it has submitted: a task that another
 * one has just taken is neither running nor queued anywhere.
 */
function othersWork(): boolean {
  if (busyIsolates().length > 0) return true
  return living(here().words).some((token) => {
    const { id, running, queued } = infoOf(slotOf(token), "running", undefined)
    return id !== 0 && running + queued > 0
  })
}

/** What the isolates have written comes out. */
function flushAll(): Promise<void> {
  return flushOutput(roster().filter(({ state }) => state === "running"))
}

// A program whose main isolate has nothing left goes on while others work on what nobody awaits,
// and until what they have written is out.
let isOut = false
if (isMainThread) {
  beforeEnd(() => {
    if (!isAttached()) return
    const wasOut = isOut
    isOut = false
    if (othersWork()) after(POLL_MS, () => {})
    else if (!wasOut) {
      void flushAll().then(() => {
        isOut = true
      })
    }
  })
}
