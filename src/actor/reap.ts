/**
 * What becomes of the actors of an isolate that died: supervised ones are down, the others are
 * gone.
 */
import { isMainThread } from "#platform/thread"
import { IsolateDiedError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onDeath } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { kindOf, retainLiving } from "../internal/memory/objects.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { deathOf, onReap } from "../isolate/reap.ts"
import { endCredit } from "./credit.ts"
import { type ExitReason, KILLED } from "./exit.ts"
import { conclude, retellExit, retire, sweep } from "./lifecycle.ts"
import { areArgsTaken, askerOf, endMessage, methodOf, stateOf } from "./message.ts"
import { KILL } from "./method.ts"
import { isOrphaned, isOwnedBy, isSupervised, redelivers } from "./object.ts"
import { discard, ringFor, signal } from "./post.ts"
import { reviveRef } from "./ref.ts"

/** An actor whose isolate died, until everybody was told of that death. */
interface Orphan {
  readonly object: number
  readonly state: number
  readonly reason: ExitReason
  /** Keeps the object. */
  readonly ref: object
}

const orphans: Orphan[] = []

/**
 * Takes the actors from the dead while nobody else can start them. Who watches them is told once
 * all that the dead had is in order.
 */
function adopt(at: Here, token: number): void {
  const actors: number[] = []
  at.arena.forEachObject((object) => {
    if (kindOf(at.words, object) === KIND.ACTOR) actors.push(object)
  })
  const { reason: how, exitCode, error: cause } = deathOf(at, token)
  const error = new IsolateDiedError(slotOf(token), how, { exitCode, cause })
  const reason: ExitReason = { reason: "isolate-died", error }
  for (const object of actors) {
    const concerns = mailbox.concerns(at.words, object, token) || isOwnedBy(at, object, token)
    if (!concerns || !retainLiving(at.words, object)) continue
    const ref = reviveRef(object)
    const current = mailbox.currentHint(at.words, object)
    const again = redelivers(at, object) && (current === 0 || !areArgsTaken(at, current))
    const state = mailbox.orphan(at.words, object, token, again, at.me)
    if (state >= 0) {
      endCredit(at, object)
      dropLeft(at, object, error)
    }
    orphans.push({ object, state, reason: isToBeKilled(at, object) ? KILLED : reason, ref })
  }
}

/** Whether its isolate was ended because the actor did not hear that it is killed. */
function isToBeKilled(at: Here, object: number): boolean {
  const isKill = (record: number): boolean => methodOf(at, record) === KILL
  return mailbox.hasUrgent(at.words, object, at.me, isKill)
}

/**
 * The message in hand of the dead: its asker finds it; one that nobody waits for ends here, and a
 * told one is a dead letter, since nobody can say how far its method came.
 */
function dropLeft(at: Here, object: number, error: Error): void {
  const record = mailbox.takeLeft(at.words, object)
  if (record === 0 || stateOf(at, record) !== mailbox.TAKEN) return
  const asker = askerOf(at, record)
  if (asker === 0) discard(at, object, record, () => error)
  else if (!isAlive(at.words, asker)) endMessage(at, record)
}

function settleOrphans(): void {
  const at = here()
  for (const { object, state, reason } of orphans.splice(0)) {
    ringFor(at, mailbox.retell(at.words, object, at.me))
    const life = mailbox.livesHint(at.words, object)
    if (state === mailbox.LIVES) conclude(at, object, life, reason)
    else if (state === mailbox.GONE) sweep(at, object)
    else if (state === mailbox.DOWN && life > 0) retellExit(at, object, life, reason)
    if (!isSupervised(at, object)) abandon(at, object, reason)
  }
}

/** Nobody will start an actor again: its supervisor died, or its maker before its first life. */
function abandon(at: Here, object: number, reason: ExitReason): void {
  if (mailbox.claim(at.words, object, at.me, false)) retire(at, object, reason)
  else if (mailbox.stateHint(at.words, object) === mailbox.LIVES && isOrphaned(at, object))
    signal(at, object, KILL, [])
}

if (isMainThread) {
  onReap(adopt)
  onDeath(settleOrphans)
}
