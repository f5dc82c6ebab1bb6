/**
 * Bringing a message to an actor, whatever its mailbox says: wait, fail, drop.
 *
 * What an isolate posts to its own actors goes into their hand. What it posts abroad goes at once
 * while the other side has nothing to look at; otherwise it is collected, and posted with what
 * follows when the running code is done or POST_GROUP messages are together. What is told together
 * shares one promise, so that is done only far from a full mailbox: nearer to it, some could be
 * taken while others wait, and each is posted by itself.
 */
import { write } from "#platform/atomics"
import { after } from "#platform/clock"
import { POST_GROUP, RETRY_MS } from "#platform/limits"
import { ActorStoppedError, MailboxFullError, OutOfSharedMemoryError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { Line, type Operation, wakeFirst } from "../internal/loop/line.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { schedule } from "../internal/loop/pump.ts"
import { ring } from "../internal/memory/doorbell.ts"
import { retain } from "../internal/memory/objects.ts"
import { NEXT } from "../internal/queue/inbox.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { isWaiting } from "../internal/queue/wait-queue.ts"
import { failAsk, noteWaiting, returnHere } from "./asks.ts"
import { areLettersRead, letterOf } from "./dead-letters.ts"
import { copyReason } from "./exit.ts"
import { type Living, makeReady, turnToCome } from "./living.ts"
import * as message from "./message.ts"
import { labelOf, VALUE, WAITERS, whenFull } from "./object.ts"
import type { ActorRef } from "./ref.ts"
import { residentOf } from "./residents.ts"

/** Where this isolate waits for room, by actor. */
const lines = new Map<number, Line>()

/** What a message that was taken at once resolves with. */
const TAKEN = Promise.resolve()

/** Rings the isolate that a mailbox operation answered; 0 rings nobody. */
export function ringFor(at: Here, token: number): void {
  if (token === at.me) schedule()
  else if (token > 0) ring(at.words, token)
}

/** After a post: the isolate where the actor lives is to look, which may be this one. */
function rouse(at: Here, object: number, token: number): void {
  if (token !== at.me) {
    if (token > 0) ring(at.words, token)
    return
  }
  const actor = residentOf(object)
  if (actor !== undefined) makeReady(actor)
}

/** The error for a message to an actor that is gone for good. */
export function goneError(at: Here, object: number): ActorStoppedError {
  return new ActorStoppedError(labelOf(at, object), copyReason(at, object + VALUE))
}

/** Messages to one actor that are posted together. */
export class Batch {
  readonly #ref: ActorRef<unknown>
  readonly #first: number
  #last: number
  #count = 1
  #taken: PromiseWithResolvers<void> | undefined

  constructor(ref: ActorRef<unknown>, record: number) {
    this.#ref = ref
    this.#first = record
    this.#last = record
    ref.batch = this
    queueMicrotask(() => this.post())
  }

  /** One more. */
  add(at: Here, record: number): void {
    write(at.words, this.#last + NEXT, record)
    this.#last = record
    if (++this.#count === POST_GROUP) this.post()
  }

  /** Whether some of it were told: they share `taken`. */
  get isShared(): boolean {
    return this.#taken !== undefined
  }

  /** Settles when all have been taken; for those that were told. */
  get taken(): Promise<void> {
    if (this.#taken === undefined) {
      this.#taken = Promise.withResolvers<void>()
      optional(this.#taken.promise)
    }
    return this.#taken.promise
  }

  /** Posts what was collected, once. */
  post(): void {
    if (this.#ref.batch !== this) return
    this.#ref.batch = undefined
    const at = here()
    const { id } = this.#ref
    const waits = (lines.get(id)?.length ?? 0) > 0
    const { words, me } = at
    const answer = waits
      ? mailbox.FULL
      : mailbox.post(words, id, this.#first, this.#last, this.#count, me)
    if (answer < 0) this.#postEach(at)
    else {
      rouse(at, id, answer)
      this.#taken?.resolve()
    }
  }

  #postEach(at: Here): void {
    const all: Promise<void>[] = []
    let record = this.#first
    for (let left = this.#count; left > 0; left--) {
      const next = at.words[record + NEXT] as number
      const taken = postOne(at, this.#ref, record)
      if (taken !== TAKEN) all.push(taken)
      record = next
    }
    const taken = this.#taken
    const settled = Promise.all(all)
    if (taken !== undefined) settled.then(() => taken.resolve(), taken.reject)
  }
}

/**
 * Posts a message. The promise resolves when the mailbox has taken it, or dropped it as told to; it
 * rejects with `ActorStoppedError` when the actor is gone for good, with `MailboxFullError` when
 * that is full and says so. Of a question only its asker hears.
 */
export function post(at: Here, ref: ActorRef<unknown>, record: number): Promise<void> {
  const actor = ref.living
  if (actor !== undefined) return postHere(at, ref, actor, record)
  const { batch } = ref
  const isAlone = batch === undefined
  if (isAlone && (!mailbox.isToldHint(at.words, ref.id) || whenFull(at, ref.id) !== "wait"))
    return postOne(at, ref, record)
  const isTold = message.askerOf(at, record) === 0
  if (isTold && batch?.isShared !== true && !hasPlenty(at, ref.id)) {
    batch?.post()
    return postOne(at, ref, record)
  }
  if (isAlone) {
    const fresh = new Batch(ref, record)
    return isTold ? fresh.taken : TAKEN
  }
  const taken = isTold ? batch.taken : TAKEN
  batch.add(at, record)
  return taken
}

/**
 * Whether messages may be told together: all will be taken, unless others fill half of the mailbox
 * before this isolate's code has run. Looked at once for each batch.
 */
function hasPlenty({ words }: Here, object: number): boolean {
  const half = mailbox.capacityOf(words, object) >>> 1
  return mailbox.depthHint(words, object) + POST_GROUP <= half && countWaitingFor(object) === 0
}

/** To an actor of this isolate. */
function postHere(at: Here, ref: ActorRef<unknown>, actor: Living, record: number): Promise<void> {
  ref.batch?.post()
  if ((lines.size > 0 && lines.has(ref.id)) || !mailbox.takesOwn(at.words, ref.id))
    return postOne(at, ref, record)
  mailbox.postOwn(at.words, ref.id, record)
  makeReady(actor)
  return turnToCome ?? TAKEN
}

function postOne(at: Here, ref: ActorRef<unknown>, record: number): Promise<void> {
  const object = ref.id
  const line = lines.size === 0 ? undefined : lines.get(object)
  if (line !== undefined && line.length > 0) return wait(at, ref, record, line)
  const answer = mailbox.post(at.words, object, record, record, 1, at.me)
  if (answer === mailbox.FULL) return full(at, ref, record)
  if (answer === mailbox.CLOSED) return fail(at, object, record, goneError(at, object))
  rouse(at, object, answer)
  return TAKEN
}

/** Nobody has taken a message of this isolate. */
function fail(at: Here, object: number, record: number, error: Error): Promise<void> {
  if (message.askerOf(at, record) !== 0) {
    failAsk(at, record, error)
    return TAKEN
  }
  discard(at, object, record, () => error)
  return optional(Promise.reject(error))
}

/**
 * Who tells and does not wait has sent a dead letter: that an actor has stopped meanwhile must not
 * end the sender's isolate, as an error does that nobody looks at.
 */
export function optional(taken: Promise<void>): Promise<void> {
  taken.catch(() => {})
  return taken
}

function full(at: Here, ref: ActorRef<unknown>, record: number): Promise<void> {
  const object = ref.id
  const policy = whenFull(at, object)
  if (policy === "wait") return wait(at, ref, record, lineOf(at, object))
  const error = new MailboxFullError(labelOf(at, object), mailbox.capacityOf(at.words, object))
  if (policy === "fail") return fail(at, object, record, error)
  if (policy === "drop-newest") {
    discard(at, object, record, () => error)
    return TAKEN
  }
  const oldest = mailbox.dropOldest(at.words, object, at.me)
  if (oldest !== 0) discard(at, object, oldest, () => error)
  return postOne(at, ref, record)
}

/** Nobody will handle a message: its asker is told, a told one becomes a dead letter. */
export function discard(at: Here, object: number, record: number, why: () => Error): void {
  if (message.askerOf(at, record) !== 0) {
    message.putFailure(at, record, why())
    giveBack(at, record)
    return
  }
  if (areLettersRead(at)) letterOf(at, labelOf(at, object), record, why())
  message.endMessage(at, record)
}

/** An answered message goes to whoever asked. */
export function giveBack(at: Here, record: number): void {
  if (message.askerOf(at, record) === at.me) returnHere(at, record)
  else message.sendBack(at, record)
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

/** What waits holds on to its reference: without one, this isolate would let go of the actor. */
function wait(at: Here, ref: ActorRef<unknown>, record: number, line: Line): Promise<void> {
  const isTold = message.askerOf(at, record) === 0
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const operation: Operation = {
    attempt() {
      const object = ref.id
      const answer = mailbox.post(at.words, object, record, record, 1, at.me)
      if (answer === mailbox.FULL) return false
      if (answer === mailbox.CLOSED)
        fail(at, object, record, goneError(at, object)).then(resolve, reject)
      else {
        rouse(at, object, answer)
        if (isTold) resolve()
        else noteWaiting(at, record, undefined)
      }
      return true
    },
  }
  if (!isTold) noteWaiting(at, record, () => line.giveUp(operation))
  line.wait(operation)
  return isTold ? optional(promise) : TAKEN
}

/** Messages of this isolate that wait for room in an actor's mailbox. */
export function countWaitingFor(object: number): number {
  return lines.get(object)?.length ?? 0
}

/** This isolate knows the actor no more. */
export function forgetLine(object: number): void {
  lines.get(object)?.dispose()
  lines.delete(object)
}

/** There is room in a mailbox: wakes the first who waits for it. */
export function passRoom(at: Here, object: number): void {
  mailbox.showRoom(at.words, object)
  if (isWaiting(at.words, object + WAITERS)) wakeFirst(at, object + WAITERS)
}

/**
 * Posts to the system lane, unless the actor does not live. When no memory is left for the message,
 * again a little later.
 *
 * @throws {NotSendableError} when an argument cannot be sent
 * @throws {OutOfSharedMemoryError} when it is larger than all shared memory
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
  } catch (error) {
    if (!(error instanceof OutOfSharedMemoryError) || !mayFitLater(error)) throw error
    again(at, object, () => signal(at, object, method, args, sender))
    return
  }
  posted(at, object, record, mailbox.postUrgent(at.words, object, record, at.me))
}

/** No memory is left to tell an actor something: does it a little later. */
export function again(at: Here, object: number, tell: () => void): void {
  retain(at.words, object)
  after(RETRY_MS, () => {
    tell()
    releaseObject(at, object)
  })
}

function mayFitLater({ requestedBytes, memoryBytes }: OutOfSharedMemoryError): boolean {
  return requestedBytes <= memoryBytes
}

/** After a post to the system lane, which answered so. */
export function posted(at: Here, object: number, record: number, answer: number): void {
  if (answer < 0) message.endMessage(at, record)
  else rouse(at, object, answer)
}
