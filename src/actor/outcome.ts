/** How messages end, and how lives end: answers, failures, exits. */
import { ActorStoppedError } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { hasOnStop } from "./actor.ts"
import { failAlone } from "./alone.ts"
import { resolveHere } from "./asks.ts"
import { endCredit } from "./credit.ts"
import { type ExitReason, NORMAL } from "./exit.ts"
import { conclude } from "./lifecycle.ts"
import { type Living, lingering, within } from "./living.ts"
import * as message from "./message.ts"
import { labelOf } from "./object.ts"
import { discard, giveBack } from "./post.ts"
import { keepRef } from "./ref.ts"
import { moveOut } from "./residents.ts"

/** The message in hand is handled: `value` is its answer. */
export function answer(at: Here, actor: Living, value: unknown): void {
  const record = actor.current
  actor.current = 0
  if (record === 0) return
  const asker = message.askerOf(at, record)
  if (asker === 0) {
    mailbox.finishCurrent(at.words, actor.object)
    message.endMessage(at, record)
    return
  }
  if (asker === at.me && isImmutable(value)) {
    mailbox.finishCurrent(at.words, actor.object)
    resolveHere(at, record, value)
    return
  }
  try {
    message.putResult(at, record, value)
  } catch (error) {
    message.putFailure(at, record, error)
  }
  mailbox.finishCurrent(at.words, actor.object)
  giveBack(at, record)
}

/** Whether a value is the same here and there: it needs no copy. */
export function isImmutable(value: unknown): boolean {
  const type = typeof value
  return type !== "object" && type !== "function" && type !== "symbol"
}

/** The actor's code threw: the asker gets the error, and the actor exits. */
export function crash(at: Here, actor: Living, error: unknown): void {
  // Without a message in hand it starts: whoever starts it is told.
  if (actor.current !== 0 && !failCurrent(at, actor, error)) failAlone(at, actor.object, error)
  leave(at, actor, { reason: "failed", error })
}

/** The message in hand, if there is one, has failed; whether somebody hears of it. */
function failCurrent(at: Here, actor: Living, error: unknown): boolean {
  const record = actor.current
  actor.current = 0
  if (record === 0) return false
  if (message.askerOf(at, record) === 0) {
    mailbox.finishCurrent(at.words, actor.object)
    message.endMessage(at, record)
    return false
  }
  message.putFailure(at, record, error)
  mailbox.finishCurrent(at.words, actor.object)
  giveBack(at, record)
  return true
}

/** Exits in order: `onStop` runs first. */
export function leave(at: Here, actor: Living, reason: ExitReason): void {
  if (actor.ended) return
  actor.busy = true
  if (actor.instance === undefined || !hasOnStop(actor.instance)) {
    exit(at, actor, reason)
    return
  }
  let last: unknown
  let final = reason
  try {
    last = within(at, actor, () => actor.instance?.onStop(reason), undefined)
  } catch (error) {
    final = { reason: "failed", error }
  }
  if (!isThenable(last)) {
    exit(at, actor, final)
    return
  }
  Promise.resolve(last).then(
    () => exit(at, actor, final),
    (error: unknown) => exit(at, actor, { reason: "failed", error }),
  )
}

/** Exits now. */
export function exit(at: Here, actor: Living, reason: ExitReason): void {
  if (actor.ended) return
  actor.ended = true
  actor.stopping = reason
  for (const what of actor.bound ?? []) what.stop()
  actor.inbox?.end()
  if (actor.current !== 0)
    failCurrent(at, actor, new ActorStoppedError(labelOf(at, actor.object), reason))
  moveOut(actor)
  actor.self.living = undefined
  keepRef(actor.self)
  count(at.words, at.me, COUNTER.ACTORS, -1)
  endCredit(at, actor.object)
  conclude(at, actor.object, actor.life, reason)
  if (mailbox.isInInbox(at.words, actor.object, at.me)) lingering.set(actor.object, actor.self)
}

/** A function actor has returned. */
export function returned(at: Here, actor: Living): void {
  actor.inbox?.done()
  answer(at, actor, undefined)
  exit(at, actor, actor.stopping ?? NORMAL)
}

/** A function actor has thrown. */
export function threw(at: Here, actor: Living, error: unknown): void {
  actor.inbox?.done()
  if (!failCurrent(at, actor, error)) failAlone(at, actor.object, error)
  exit(at, actor, { reason: "failed", error })
}

/** The message in hand cannot be handled; the actor goes on. */
export function refuse(at: Here, actor: Living, error: unknown): void {
  const record = actor.current
  actor.current = 0
  if (record === 0) return
  mailbox.finishCurrent(at.words, actor.object)
  const why = error instanceof Error ? error : new Error(String(error))
  discard(at, actor.object, record, () => why)
}
