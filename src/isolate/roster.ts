/**
 * The isolates of this runtime, as main starts, watches and replaces them.
 *
 * States: starting -> running -> ended, and a successor in the same slot starts. Only main starts
 * threads: a thread that another one starts would end with it. Which entry an isolate loads is told
 * by whoever gives it work, as a URL.
 */
import { read, type Words } from "#platform/atomics"
import { after } from "#platform/clock"
import {
  ISOLATE_HEAP_MB,
  ISOLATE_HEAP_MB_MIN,
  ISOLATES_MAX,
  RUN_ALONE_MS,
  START_FAILURES_MAX,
  START_REST_MS,
  START_TIMEOUT_MS,
} from "#platform/limits"
import { ownUrl } from "#platform/module"
import { hold, letGo } from "#platform/park"
import {
  cores,
  environment,
  isMainThread,
  memoryMb,
  startThread,
  type Thread,
  type ThreadExit,
  warn,
} from "#platform/thread"
import { IsolateStartError, NoFreeIsolateError, RuntimeStoppedError } from "../errors.ts"
import { allEntries, onEntry } from "../internal/loop/entries.ts"
import { here, isAttached } from "../internal/loop/here.ts"
import { beforeBlocking } from "../internal/loop/pump.ts"
import { condemn } from "../internal/memory/guard.ts"
import { PAGE, pageOf } from "../internal/memory/layout.ts"
import { living, slotOf } from "../internal/memory/owners.ts"
import { shown } from "../internal/wire/shown.ts"
import { type ExitReason, exitReason } from "./exit.ts"
import { beginLife } from "./life.ts"
import { linkTo, type MeshLink, unlinkFrom } from "./mesh.ts"
import { outputCame, outputEnded, WRITTEN } from "./output.ts"
import { reap } from "./reap.ts"
import { endSpare, type Hearers, provideSpare, takeSpare } from "./spare.ts"

/** What a new isolate is told. */
export interface StartData {
  readonly buffer: SharedArrayBuffer
  readonly token: number
  readonly entries: readonly string[]
  readonly links: readonly MeshLink[]
}

/** What a running isolate is told to load. */
export interface LoadMessage {
  readonly load: string
}

/** One isolate, as main knows it. */
export interface Member {
  readonly slot: number
  readonly token: number
  readonly thread: Thread
  state: "starting" | "running" | "ended"
  /** It was ended on purpose. */
  asked: boolean
  /** It was ended because it did not come to run in time. */
  late: boolean
}

const members = new Map<number, Member>()
let wanted = 0
let heapMb: number | undefined
let runtimeName = "heddle"
let running = 0
let failures = 0
let lastError: unknown
const waiters: { resolve: () => void; reject: (error: Error) => void }[] = []
let stopped = false
let spareWanted = false
const endListeners = new Set<(slot: number, reason: ExitReason) => void>()
const defeatListeners: ((error: Error) => void)[] = []

/** How many isolates beside main run when work comes; their slots are 1 to this number. */
export function isolatesWanted(): number {
  if (wanted === 0) {
    const setting = environment("HEDDLE_ISOLATES")
    if (setting === undefined) wanted = Math.min(cores, ISOLATES_MAX - 1)
    else wanted = checkCount(Number(setting), "HEDDLE_ISOLATES", setting)
  }
  return wanted
}

/**
 * Sets how many isolates run beside main.
 *
 * @throws {RangeError} when it is no whole number from 1 to ISOLATES_MAX - 1, or more run already
 * @throws {NoFreeIsolateError} when threads that run no tasks have taken places among these
 */
export function wantIsolates(count: number): void {
  checkCount(count, "isolates", count)
  if (count < members.size) {
    throw new RangeError(`isolates was set to ${count} when ${members.size} were running already`)
  }
  const apart = isAttached() ? tokensApart(here().words) : []
  if (apart.some((token) => slotOf(token) <= count))
    throw new NoFreeIsolateError(ISOLATES_MAX - 1, count, apart.length)
  wanted = count
}

/** Tokens of the living that run no tasks. */
function tokensApart(words: Words): number[] {
  return living(words).filter((token) => read(words, pageOf(slotOf(token)) + PAGE.APART) !== 0)
}

function checkCount(count: number, name: string, given: unknown): number {
  if (Number.isInteger(count) && count >= 1 && count < ISOLATES_MAX) return count
  throw new RangeError(
    `${name} must be a whole number from 1 to ${ISOLATES_MAX - 1}, received ${shown(given)}`,
  )
}

/**
 * Sets the heap of each isolate that starts from here on, in megabytes.
 *
 * @throws {RangeError} when it is no whole number from ISOLATE_HEAP_MB_MIN on
 */
export function limitHeap(megabytes: number): void {
  if (!Number.isInteger(megabytes) || megabytes < ISOLATE_HEAP_MB_MIN) {
    throw new RangeError(
      `heapMb must be a whole number from ${ISOLATE_HEAP_MB_MIN}, received ${shown(megabytes)}`,
    )
  }
  heapMb = megabytes
}

/**
 * Names the threads that start from here on.
 *
 * @throws {TypeError} when it is no string, or an empty one
 */
export function nameThreads(name: string): void {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`name must be a string that is not empty, received ${shown(name)}`)
  }
  runtimeName = name
}

/** Makes sure that the isolates run. Cheap when they do. */
export function startIsolates(): void {
  if (running === isolatesWanted()) return
  if (stopped) throw new RuntimeStoppedError("a task or an actor was started")
  if (failures >= START_FAILURES_MAX) throw startError()
  for (let slot = 1; slot <= wanted; slot++) {
    if (!members.has(slot)) members.set(slot, startMember(slot))
  }
  running = wanted
}

/**
 * Makes sure that one more isolate runs, unless all do: one for each task that is started while
 * they start. The first answers a third sooner when the others do not start beside it, on the same
 * cores; they follow a moment after it, or when main blocks its thread.
 */
export function startNext(): void {
  if (running === isolatesWanted()) return
  if (members.size + 1 >= wanted || stopped || failures > 0) {
    startIsolates()
    return
  }
  if (members.size === 0) after(START_REST_MS, startRest, true)
  for (let slot = 1; slot <= wanted; slot++) {
    if (members.has(slot)) continue
    members.set(slot, startMember(slot))
    return
  }
}

/** Starts those that were left out for a moment: at the latest when somebody asks who is there. */
export function startRest(): void {
  if (members.size > 0 && !stopped && failures === 0) startIsolates()
}

if (isMainThread) beforeBlocking(startRest)

/** Resolves when all wanted isolates run. */
export async function whenRunning(): Promise<void> {
  startIsolates()
  const starting = [...members.values()].filter((member) => member.state === "starting")
  if (starting.length === 0) return
  hold()
  try {
    await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }))
  } finally {
    letGo()
  }
}

/** The isolates beside main. */
export function roster(): readonly Member[] {
  return [...members.values()]
}

/** `listener` learns of every isolate that ended. */
export function onEnd(listener: (slot: number, reason: ExitReason) => void): void {
  endListeners.add(listener)
}

/** `listener` learns that no isolate runs, and that none will be started any more. */
export function onDefeat(listener: (error: Error) => void): void {
  defeatListeners.push(listener)
}

function startMember(slot: number): Member {
  const at = here()
  const token = beginLife(at.words, slot, false)
  const links = linkTo(slot, members.keys())
  const data: StartData = {
    buffer: at.memory.buffer,
    token,
    entries: allEntries(),
    links,
  }
  const transfer = links.map(({ port }) => port)
  const hearers: Hearers = {
    onMessage: (message) => heard(member, message),
    onExit: (exit) => ended(member, exit),
  }
  const thread =
    takeSpare(data, transfer, hearers) ??
    startThread({ ...threadFor(slot), data, transfer, ...hearers })
  thread.ref(false)
  const member: Member = { slot, token, thread, state: "starting", asked: false, late: false }
  after(START_TIMEOUT_MS, () => endIfStarting(member), true)
  return member
}

/** How large an isolate's heap is when nobody has said so, in a process that may use so much. */
export function usualHeapMb(memory: number): number {
  return Math.max(ISOLATE_HEAP_MB_MIN, Math.min(ISOLATE_HEAP_MB, Math.floor(memory / 2)))
}

function threadFor(slot: number) {
  heapMb ??= usualHeapMb(memoryMb())
  return { entry: ownUrl("isolate/bootstrap"), name: `${runtimeName} ${slot}`, heapMb }
}

/**
 * Somebody waits for the successor of an isolate that dies. Where one runs alone, its successor is
 * kept ready from here on.
 */
export function wantSpare(): void {
  if (spareWanted || !isMainThread || isolatesWanted() !== 1) return
  spareWanted = true
  provideOne()
}

/** A spare is loaded when nobody waits for an isolate that loads. */
function provideOne(): void {
  if (spareWanted && !stopped && members.get(1)?.state === "running")
    provideSpare(threadFor(1), allEntries())
}

/** An isolate that does not come to run is ended, and counts as failed. */
function endIfStarting(member: Member): void {
  if (member.state !== "starting" || members.get(member.slot) !== member) return
  member.late = true
  condemn(here().words, member.token)
  member.thread.terminate()
}

/** An isolate tells its starter that it runs, and that what it has written is out. */
function heard(member: Member, message: unknown): void {
  if (message === WRITTEN) outputCame(member.token)
  if (message !== "running") return
  failures = 0
  member.state = "running"
  if (running !== isolatesWanted()) after(RUN_ALONE_MS, startRest, true)
  provideOne()
  if ([...members.values()].every(({ state }) => state === "running")) settleWaiters(undefined)
}

function settleWaiters(error: Error | undefined): void {
  for (const { resolve, reject } of waiters.splice(0))
    error === undefined ? resolve() : reject(error)
}

function ended(member: Member, exit: ThreadExit): void {
  const reason = member.late ? lateReason(exit) : exitReason(exit, member.asked)
  if (member.state === "starting" && !member.asked) failures++
  member.state = "ended"
  outputEnded(member.token)
  unlinkFrom(member.slot)
  members.delete(member.slot)
  reap(here(), member.token, reason)
  for (const listener of endListeners) listener(member.slot, reason)
  if (stopped) return
  if (reason.reason === "failed")
    warn(`isolate ${member.slot} ended by an uncaught error`, reason.error)
  lastError = reason.error
  if (failures < START_FAILURES_MAX) members.set(member.slot, startMember(member.slot))
  else giveUp()
}

function lateReason({ code }: ThreadExit): ExitReason {
  const error = new Error(`an isolate did not start within ${START_TIMEOUT_MS} ms`)
  return { reason: "failed", exitCode: code, error }
}

/**
 * This isolate cannot be started again: whoever waits for it is told, and all do when it was the
 * last.
 */
function giveUp(): void {
  const error = startError()
  settleWaiters(error)
  if (members.size > 0) return
  running = 0
  for (const listener of defeatListeners) listener(error)
}

function startError(): Error {
  return new IsolateStartError(START_FAILURES_MAX, { cause: lastError })
}

/** Ends an isolate at once, whatever it does; its successor starts when it has ended. */
export function killIsolate(token: number): void {
  const member = members.get(slotOf(token))
  if (member === undefined || member.token !== token || member.asked) return
  member.asked = true
  condemn(here().words, token)
  member.thread.terminate()
}

/** From here on nothing can be started any more. */
export function refuseStarts(): void {
  stopped = true
  running = 0
}

/** Ends all isolates; none is started any more. Resolves when they have ended. */
export async function stopIsolates(): Promise<void> {
  refuseStarts()
  settleWaiters(new RuntimeStoppedError("start was waiting"))
  const ends = [...members.values()].map(
    (member) => new Promise<void>((resolve) => onEnd((slot) => slot === member.slot && resolve())),
  )
  for (const member of members.values()) {
    member.thread.ref(true)
    killIsolate(member.token)
  }
  await Promise.all([...ends, endSpare()])
  // What waited with the dead came back to be run elsewhere, and there is no elsewhere.
  const error = new RuntimeStoppedError("a task was waiting")
  for (const listener of defeatListeners) listener(error)
}

// What a room needs everywhere, those that run load too.
onEntry((entry) => {
  const message: LoadMessage = { load: entry }
  for (const { thread } of members.values()) thread.post(message)
})
