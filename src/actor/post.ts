/** Bringing a message to an actor, whatever its mailbox says: wait, fail, drop. */
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { ActorStoppedError, MailboxFullError } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import { Line, type Operation, wakeFirst } from "../internal/loop/line.ts"
import { schedule } from "../internal/loop/pump.ts"
import { ring } from "../internal/queue/inbox.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { isWaiting } from "../internal/queue/wait-queue.ts"
import { letterOf } from "./dead-letters.ts"
import { copyReason } from "./exit.ts"
import * as message from "./message.ts"
import { labelOf, VALUE, WAITERS, whenFull } from "./object.ts"

/** Where this isolate waits for room, by actor. */
const lines = new Map<number, Line>()

/** Rings the isolate that a mailbox operation answered; 0 rings nobody. */
export function ringFor(at: Here, token: number): void {
  if (token === at.me) schedule()
  else if (token > 0) ring(at.words, token)
}

/** The error for a message to an actor that is gone for good. */
export function goneError(at: Here, object: number): ActorStoppedError {
  return new ActorStoppedError(labelOf(at, object), copyReason(at, object + VALUE))
}

/** A message that waits for room, and may be given up. */
export interface Waiting {
  readonly taken: Promise<void>
  /** True when it was not taken yet, and will not be. */
  giveUp(): boolean
}

/**
 * Posts a message. Undefined when the mailbox has taken it, or dropped it as told to.
 *
 * @throws {ActorStoppedError} when the actor is gone for good; {MailboxFullError} when it is full
 * and says so. The message is the caller's then
 */
export function post(at: Here, object: number, record: number): Waiting | undefined {
  const line = lines.get(object)
  if (line !== undefined && line.length > 0) return wait(at, object, record, line)
  const answer = mailbox.post(at.words, object, record, at.me)
  if (answer >= 0) ringFor(at, answer)
  else if (answer === mailbox.CLOSED) throw goneError(at, object)
  else return full(at, object, record)
  return undefined
}

function full(at: Here, object: number, record: number): Waiting | undefined {
  const policy = whenFull(at, object)
  if (policy === "wait") return wait(at, object, record, lineOf(at, object))
  if (policy === "fail") throw fullError(at, object)
  if (policy === "drop-newest") refuse(at, object, record)
  else {
    const oldest = mailbox.dropOldest(at.words, object, at.me)
    if (oldest !== 0) refuse(at, object, oldest)
    return post(at, object, record)
  }
  return undefined
}

function fullError(at: Here, object: number): MailboxFullError {
  return new MailboxFullError(labelOf(at, object), mailbox.capacityOf(at.words, object))
}

/** A message is dropped because the mailbox is full. */
function refuse(at: Here, object: number, record: number): void {
  discard(at, object, record, fullError(at, object))
}

/** Nobody will handle a message: its asker is told, a told one becomes a dead letter. */
export function discard(at: Here, object: number, record: number, error: Error): void {
  if (message.askerOf(at, record) !== 0) {
    message.putFailure(at, record, error)
    message.sendBack(at, record)
    return
  }
  letterOf(at, labelOf(at, object), record, error)
  message.endMessage(at, record)
}

function lineOf(at: Here, object: number): Line {
  let line = lines.get(object)
  if (line === undefined) {
    line = new Line(at, object + WAITERS, () => hasRoom(at, object))
    lines.set(object, line)
  }
  return line
}

function hasRoom({ words }: Here, object: number): boolean {
  return (
    mailbox.stateHint(words, object) === mailbox.GONE ||
    mailbox.depthHint(words, object) < mailbox.capacityOf(words, object)
  )
}

function wait(at: Here, object: number, record: number, line: Line): Waiting {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const operation: Operation = {
    attempt() {
      const answer = mailbox.post(at.words, object, record, at.me)
      if (answer === mailbox.FULL) return false
      ringFor(at, answer)
      if (answer === mailbox.CLOSED) reject(goneError(at, object))
      else resolve()
      return true
    },
  }
  line.wait(operation)
  return { taken: promise, giveUp: () => line.giveUp(operation) }
}

/** This isolate knows the actor no more. */
export function forgetLine(object: number): void {
  lines.get(object)?.dispose()
  lines.delete(object)
}

/** There is room in a mailbox: wakes the first who waits for it. */
export function passRoom(at: Here, object: number): void {
  if (isWaiting(at.words, object + WAITERS)) wakeFirst(at, object + WAITERS)
}

/**
 * Posts to the system lane; false when the actor is gone for good. When no memory is left for the
 * message, again a little later.
 */
export function signal(
  at: Here,
  object: number,
  method: number,
  args: readonly unknown[],
  sender = 0,
): void {
  let record: number
  try {
    record = message.makeMessage(at, method, args, sender)
  } catch {
    after(RETRY_MS, () => signal(at, object, method, args, sender))
    return
  }
  const answer = mailbox.postUrgent(at.words, object, record, at.me)
  if (answer === mailbox.CLOSED) message.endMessage(at, record)
  else ringFor(at, answer)
}
