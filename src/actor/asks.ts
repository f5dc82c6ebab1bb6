/**
 * Questions of this isolate that have not been answered.
 *
 * Invariant   a question is in the table until its record came back or its holder died, even when
 *             nobody waits for it any more: so a cookie never names two records
 */
import { whenSettled } from "#platform/clock"
import { hold, letGo } from "#platform/park"
import { isMainThread } from "#platform/thread"
import { IsolateDiedError } from "../errors.ts"
import { CalledFrom } from "../internal/loop/called-from.ts"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onDeath, onNode, schedule } from "../internal/loop/pump.ts"
import { COUNTER, counted, setCounter } from "../internal/memory/counters.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isReaped, members, slotOf } from "../internal/memory/owners.ts"
import { contains } from "../internal/queue/inbox.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { deathOf, onUnheard } from "../isolate/reap.ts"
import { onShutdown } from "../isolate/runtime.ts"
import { senderNow } from "./living.ts"
import * as message from "./message.ts"
import { releaseRecord } from "./records.ts"
import type { ActorRef } from "./ref.ts"

/** A question on its way. */
export interface Ask {
  /** What the answer is given to: the promise's, or of whoever cannot wait for a promise. */
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** The actor asked, whose local object must not be collected meanwhile. */
  readonly ref: ActorRef<unknown>
  readonly stack: { readonly stack?: string }
  readonly record: number
  readonly cookie: number
  settled: boolean
  /** Undoes what limits the wait. */
  ended: (() => void) | undefined
  /** While it waits for room: takes it back; false when it was taken. */
  waiting: (() => boolean) | undefined
}

const asks: (Ask | undefined)[] = []
const free: number[] = []

/** Questions that have not come back: for statistics and tests. */
export function openAsks(): number {
  return asks.length - free.length
}

/** Questions that somebody waits for. */
let waitedFor = 0
let isHeld = false
let isLettingGo = false

/** Somebody waits: the program goes on. */
function holdOn({ words, me }: Here): void {
  waitedFor++
  if (isHeld) return
  isHeld = true
  setCounter(words, me, COUNTER.ASKS, 1)
  hold()
}

/** Questions in quick succession take hold once: it is let go when the microtasks have run. */
function letGoLater(): void {
  if (--waitedFor > 0 || isLettingGo) return
  isLettingGo = true
  whenSettled(letGoNow)
}

function letGoNow(): void {
  isLettingGo = false
  if (waitedFor > 0) return
  isHeld = false
  const { words, me } = here()
  setCounter(words, me, COUNTER.ASKS, 0)
  letGo()
}

/** Actors that main waits for, and who else waits for some: what `shutdown` waits for, too. */
function askedNow(): string[] {
  const at = here()
  const actors = asks.filter(isAwaited).map(({ ref }) => ref.name)
  const others = members(at.words)
    .filter((token) => token !== at.me && counted(at.words, slotOf(token), COUNTER.ASKS) > 0)
    .map((token) => `a question of isolate ${slotOf(token)}`)
  return [...new Set([...actors, ...others])]
}

/** The actor whose code shuts down: what it was asked is answered afterwards. */
let closer = 0

function isAwaited(ask: Ask | undefined): ask is Ask {
  return ask?.settled === false && ask.ref.id !== closer
}

function begin(): void {
  closer = senderNow()
}

if (isMainThread) onShutdown({ begin, busy: askedNow, cancel: () => {} })

/** A question about to be posted; `callee` is the function that the stack begins above. */
export function openAsk(
  at: Here,
  record: number,
  ref: ActorRef<unknown>,
  method: number,
  callee: (...args: never[]) => unknown,
): { promise: Promise<unknown>; ask: Ask } {
  const cookie = free.pop() ?? asks.length
  const stack = placeOf(method).note(callee)
  const promise = new Promise<unknown>((resolve, reject) => {
    asks[cookie] = {
      resolve,
      reject,
      ref,
      stack,
      record,
      cookie,
      settled: false,
      ended: undefined,
      waiting: undefined,
    }
  })
  message.setAsker(at, record, at.me, cookie)
  holdOn(at)
  // The answer wakes an isolate that has parked: the turn does.
  if (ref.living === undefined) schedule()
  return { promise, ask: asks[cookie] as Ask }
}

/** Where each method was asked. */
const places = new Map<number, CalledFrom>()
let lastMethod = 0
let lastPlace: CalledFrom | undefined

function placeOf(method: number): CalledFrom {
  if (method === lastMethod && lastPlace !== undefined) return lastPlace
  let place = places.get(method)
  if (place === undefined) {
    place = new CalledFrom()
    places.set(method, place)
  }
  lastMethod = method
  lastPlace = place
  return place
}

/** Nobody waits for the answer any more. */
function giveUp(ask: Ask, error: unknown): void {
  if (settle(ask)) ask.reject(error)
}

function settle(ask: Ask): boolean {
  if (ask.settled) return false
  ask.settled = true
  ask.ended?.()
  letGoLater()
  return true
}

/** The question's record is not under way any more. */
function closeAsk(ask: Ask): void {
  asks[ask.cookie] = undefined
  free.push(ask.cookie)
}

/** A question was not taken: its record ends. */
export function failAsk(at: Here, record: number, error: unknown): void {
  const ask = asks[message.cookieOf(at, record)]
  if (ask?.record === record) {
    giveUp(ask, error)
    closeAsk(ask)
  }
  message.endMessage(at, record)
}

/** A question waits for room until `giveUp` takes it back, or was taken. */
export function noteWaiting(at: Here, record: number, giveUp: (() => boolean) | undefined): void {
  const ask = asks[message.cookieOf(at, record)]
  if (ask !== undefined) ask.waiting = giveUp
}

/** The wait for an answer has reached its limit. */
export function cancelAsk(at: Here, ask: Ask, error: unknown): void {
  if (ask.waiting?.() === true) failAsk(at, ask.record, error)
  else giveUp(ask, error)
}

/** An actor of this isolate has answered a question of this isolate, with what needs no copy. */
export function resolveHere(at: Here, record: number, value: unknown): void {
  const ask = asks[message.cookieOf(at, record)]
  if (ask?.record === record) {
    if (settle(ask)) ask.resolve(value)
    closeAsk(ask)
  }
  message.endMessage(at, record)
}

/** A record with its answer has come back. */
export function returnHere(at: Here, record: number): void {
  const ask = asks[message.cookieOf(at, record)]
  const cell = message.resultCell(record)
  if (ask?.record !== record || ask.settled) cells().drop(cell)
  else if (message.stateOf(at, record) === message.FAILED) {
    const error = message.takeError(at, cell, ask.stack.stack)
    giveUp(ask, error)
  } else if (cells().pending(cell)) {
    void answerLater(at, ask, cell)
    return
  } else take(ask, cell)
  if (ask?.record === record) closeAsk(ask)
  releaseRecord(at, record)
}

function take(ask: Ask, cell: number): void {
  try {
    const value = cells().take(cell)
    if (settle(ask)) ask.resolve(value)
  } catch (error) {
    giveUp(ask, error)
  }
}

async function answerLater(at: Here, ask: Ask, cell: number): Promise<void> {
  const { record } = ask
  message.setSeen(at, record)
  try {
    await cells().arrived(cell)
    if (ask.settled) cells().drop(cell)
    else take(ask, cell)
  } catch (error) {
    cells().drop(cell)
    giveUp(ask, error)
  }
  closeAsk(ask)
  releaseRecord(at, record)
}

onNode(KIND.ACTOR_MESSAGE, (record) => returnHere(here(), record))
onUnheard(KIND.ACTOR_MESSAGE, message.dropAnswer)

/** After a death: what the dead had in hand is answered by it, or by nobody. */
onDeath(() => {
  const at = here()
  for (const ask of [...asks]) if (ask !== undefined) recheck(at, ask)
})

function recheck(at: Here, ask: Ask): void {
  const { record } = ask
  const holder = message.holderOf(at, record)
  if (holder === 0 || !isReaped(at.words, holder)) return
  const state = message.stateOf(at, record)
  // Main may have put it back a moment ago.
  if (state < mailbox.TAKEN || message.holderOf(at, record) !== holder) return
  // What the dead isolate has answered after the inbox was taken comes with the next turn.
  if (contains(at.words, at.me, record)) return
  if (state !== mailbox.TAKEN) {
    returnHere(at, record)
    return
  }
  if (mailbox.isListed(at.words, ask.ref.id, record, at.me)) return
  const { reason, exitCode, error } = deathOf(at, holder)
  failAsk(at, record, new IsolateDiedError(slotOf(holder), reason, { exitCode, cause: error }))
}
