/**
 * The lives of an actor: it is started, exits, is started again elsewhere or is gone for good.
 *
 * ```
 * DOWN --start--> LIVES --exit--> DOWN (when supervised: mailbox and references stay)
 *                       --exit--> GONE (mailbox emptied, askers told, name free again)
 * DOWN --retire--> GONE
 * ```
 * Death   while an actor is made GONE, main does it again: every step may be repeated
 */
import { ActorStoppedError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { onDestroy } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { isWaiting, wakeAll } from "../internal/queue/wait-queue.ts"
import { isWatched } from "../internal/queue/watchers.ts"
import { copyReason, type ExitReason, putReason } from "./exit.ts"
import type { Living } from "./living.ts"
import { endMessage } from "./message.ts"
import { isSupervised, labelOf, supervisorOf, VALUE, WAITERS } from "./object.ts"
import { discard, goneError } from "./post.ts"
import { unregister } from "./registry.ts"
import { stage } from "./stage.ts"
import { dropWatchers, fire } from "./watch.ts"

/** Lives that begin here, by actor: what is done when one ends before it has begun. */
const beginnings = new Map<number, { readonly life: number; readonly overtaken: () => void }>()

/** A life begins: `overtaken` is called should it end before that is done. */
export function beginLife({ object, life }: Living, overtaken: () => void): void {
  beginnings.set(object, { life, overtaken })
}

/** The life has begun, or failed to; false when its end came before. */
export function hasBegun({ object, life }: Living): boolean {
  return beginnings.get(object)?.life === life && beginnings.delete(object)
}

/** A life has ended. */
export function conclude(at: Here, object: number, life: number, reason: ExitReason): void {
  if (!isSupervised(at, object)) finish(at, object, life, reason)
  else if (mailbox.close(at.words, object, life, mailbox.DOWN, at.me)) {
    endSignals(at, object, reason)
    retellExit(at, object, life, reason)
  }
  const beginning = beginnings.size === 0 ? undefined : beginnings.get(object)
  if (beginning?.life !== life) return
  beginnings.delete(object)
  beginning.overtaken()
}

/** Tells of the end of a life after which the actor is down; gone when its supervisor has died. */
export function retellExit(at: Here, object: number, life: number, reason: ExitReason): void {
  fire(at, object, life, reason, false)
  if (mailbox.vacate(at.words, object, life, at.me, supervisorOf(at, object)))
    finish(at, object, life, reason)
}

/** What the system lane held was meant for the life that is over. */
function endSignals(at: Here, object: number, reason: ExitReason): void {
  while (mailbox.isUrgent(at.words, object)) {
    const record = mailbox.drainUrgent(at.words, object, at.me)
    if (record === 0) return
    discard(at, object, record, () => new ActorStoppedError(labelOf(at, object), reason))
  }
}

/** An actor that is down is gone for good: nobody will start it again. */
export function retire(at: Here, object: number, reason: ExitReason): void {
  const played = stage()
  if (played !== undefined) {
    played.retire(object, reason)
    return
  }
  mailbox.claim(at.words, object, at.me, true)
  finish(at, object, mailbox.livesHint(at.words, object), reason)
}

function finish(at: Here, object: number, life: number, reason: ExitReason): void {
  const { words, me } = at
  if (!mailbox.isIn(words, object, life)) return
  cells().empty(object + VALUE)
  putReason(at, object + VALUE, reason)
  if (!mailbox.close(words, object, life, mailbox.GONE, me)) return
  sweep(at, object)
}

/** Makes an error when it is needed first, and once. */
function once(make: () => Error): () => Error {
  let made: Error | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Deals with what is left of an actor that is gone. */
export function sweep(at: Here, object: number): void {
  const { words, me } = at
  const why = once(() => goneError(at, object))
  for (let record = mailbox.drain(words, object, me); record !== 0; ) {
    discard(at, object, record, why)
    record = mailbox.drain(words, object, me)
  }
  if (isWaiting(words, object + WAITERS)) wakeAll(words, object + WAITERS, me)
  unregister(at, object)
  const life = mailbox.livesHint(words, object)
  if (isWatched(words, object)) fire(at, object, life, copyReason(at, object + VALUE), true)
  mailbox.vacate(words, object, life, me)
}

// Nobody else knows it any more: what a look finds empty stays so.
onDestroy(KIND.ACTOR, (at, object) => {
  while (!mailbox.isEmpty(at.words, object)) endMessage(at, mailbox.drain(at.words, object, at.me))
  unregister(at, object)
  if (isWatched(at.words, object)) dropWatchers(at, object)
  cells().drop(object + VALUE)
})
