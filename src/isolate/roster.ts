/**
 * The isolates of this runtime, as main starts, watches and replaces them.
 *
 * States: starting -> running -> ended, and a successor in the same slot starts. Only main starts threads:
 * a thread that another one starts would end with it. Which entry an isolate loads is told by whoever
 * gives it work, as a URL.
 */
import { store, write } from "#platform/atomics"
import { ISOLATE_HEAP_MB, ISOLATES_MAX, START_FAILURES_MAX } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import {
  cores,
  environment,
  startThread,
  type Thread,
  type ThreadExit,
  warn,
} from "#platform/thread"
import { RuntimeStoppedError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { condemn } from "../internal/memory/guard.ts"
import { PAGE, pageOf } from "../internal/memory/layout.ts"
import { newToken, settle, slotOf } from "../internal/memory/owners.ts"
import { type ExitReason, exitReason } from "./exit.ts"
import { linkTo, type MeshLink, unlinkFrom } from "./mesh.ts"
import { reap } from "./reap.ts"

/** What a new isolate is told. */
export interface StartData {
  readonly buffer: SharedArrayBuffer
  readonly token: number
  readonly entry: string
  readonly isolates: number
  readonly links: readonly MeshLink[]
}

/** One isolate, as main knows it. */
export interface Member {
  readonly slot: number
  token: number
  thread: Thread
  state: "starting" | "running" | "ended"
  asked: boolean
}

const members = new Map<number, Member>()
let wanted = 0
let entryUrl: URL | undefined
let running = 0
let failures = 0
let lastError: unknown
const waiters: { resolve: () => void; reject: (error: Error) => void }[] = []
let stopped = false
const endListeners = new Set<(slot: number, reason: ExitReason) => void>()

/** How many isolates beside main run when work comes. */
export function isolatesWanted(): number {
  if (wanted === 0) {
    const setting = environment("HEDDLE_ISOLATES")
    wantIsolates(setting === undefined ? Math.min(cores, ISOLATES_MAX - 1) : Number(setting))
  }
  return wanted
}

/**
 * Sets how many isolates run beside main.
 *
 * @throws {RangeError} when it is no whole number from 1 to ISOLATES_MAX - 1
 */
export function wantIsolates(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count >= ISOLATES_MAX) {
    throw new RangeError(
      `isolates must be a whole number from 1 to ${ISOLATES_MAX - 1}, received ${count}`,
    )
  }
  wanted = count
}

/** Tells what every isolate loads. */
export function useEntry(entry: URL): void {
  entryUrl = entry
}

/** Makes sure that the isolates run. Cheap when they do. */
export function startIsolates(): void {
  if (running === isolatesWanted()) return
  if (stopped) throw new RuntimeStoppedError("a task was started")
  if (failures >= START_FAILURES_MAX) throw startError()
  for (let slot = 1; slot <= wanted; slot++) {
    if (!members.has(slot)) members.set(slot, startMember(slot))
  }
  running = wanted
}

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

function bootstrapUrl(): URL {
  return new URL(
    import.meta.url.endsWith(".ts") ? "./bootstrap.ts" : "./bootstrap.js",
    import.meta.url,
  )
}

function startMember(slot: number): Member {
  const at = here()
  const token = newToken(at.words, slot)
  clearPage(at, slot)
  settle(at.words, token)
  const links = linkTo(slot, members.values())
  const data: StartData = {
    buffer: at.memory.buffer as SharedArrayBuffer,
    token,
    entry: (entryUrl as URL).href,
    isolates: isolatesWanted(),
    links,
  }
  const member: Partial<Member> = { slot, token, state: "starting", asked: false }
  member.thread = startThread({
    entry: bootstrapUrl(),
    name: `heddle ${slot}`,
    data,
    transfer: links.map(({ port }) => port),
    heapMb: ISOLATE_HEAP_MB,
    onMessage: (message) => heard(member as Member, message),
    onExit: (exit) => ended(member as Member, exit),
  })
  member.thread.ref(false)
  return member as Member
}

function clearPage(at: Here, slot: number): void {
  const page = pageOf(slot)
  write(at.words, page + PAGE.CONDEMNED, 0)
  write(at.words, page + PAGE.GUARDED, 0)
  store(at.words, page + PAGE.SLEEPING, 0)
}

/** An isolate tells its starter one thing: that it runs. */
function heard(member: Member, message: unknown): void {
  if (message !== "running") return
  failures = 0
  member.state = "running"
  if ([...members.values()].every(({ state }) => state === "running")) settleWaiters(undefined)
}

function settleWaiters(error: Error | undefined): void {
  for (const { resolve, reject } of waiters.splice(0))
    error === undefined ? resolve() : reject(error)
}

function ended(member: Member, exit: ThreadExit): void {
  const reason = exitReason(exit, member.asked)
  if (member.state === "starting" && !member.asked) failures++
  member.state = "ended"
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

/** No isolate can be started: whoever waits for one is told. */
function giveUp(): void {
  running = 0
  settleWaiters(startError())
}

function startError(): Error {
  return new Error(`No isolate could be started: ${START_FAILURES_MAX} ended while loading`, {
    cause: lastError,
  })
}

/** Ends an isolate at once, whatever it does; its successor starts when it has ended. */
export function killIsolate(token: number): void {
  const member = members.get(slotOf(token))
  if (member === undefined || member.token !== token || member.asked) return
  member.asked = true
  condemn(here().words, token)
  member.thread.terminate()
}

/** Ends all isolates; none is started any more. Resolves when they have ended. */
export async function stopIsolates(): Promise<void> {
  stopped = true
  running = 0
  const ends = [...members.values()].map(
    (member) => new Promise<void>((resolve) => onEnd((slot) => slot === member.slot && resolve())),
  )
  for (const member of members.values()) {
    member.thread.ref(true)
    killIsolate(member.token)
  }
  await Promise.all(ends)
}
