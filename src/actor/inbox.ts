/** The inbox of a function actor: it takes its messages itself, in the order it wants. */
import { after, type Timer } from "#platform/clock"
import { ActorStoppedError, TimeoutError } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { checkFunction, checkLimits } from "../internal/wire/given.ts"
import { type ExitReason, NORMAL } from "./exit.ts"
import type { Living } from "./living.ts"
import * as message from "./message.ts"
import { PLAIN } from "./method.ts"
import { labelOf, whenFull } from "./object.ts"
import { answer, refuse } from "./outcome.ts"
import { passRoom } from "./post.ts"
import type { ActorRef, Takes } from "./ref.ts"
import { enterTaken, takeIn } from "./take-in.ts"

/** How a wait for a message is limited. */
export interface InboxOptions {
  /** Milliseconds after which it rejects with `TimeoutError`. */
  readonly timeoutMs?: number
  /** Rejects it with its reason when it aborts. */
  readonly signal?: AbortSignal
}

type Match = (message: unknown) => boolean

interface Receiver {
  readonly match: Match | undefined
  /** The last message it did not want, 0 before the first: it looks at those behind it. */
  passed: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** It waits no more, and hears nothing. */
  readonly drop: () => void
}

/**
 * The messages of a function actor.
 *
 * The message received last is in hand until the next is received or `reply` answers it: a question
 * that was not answered by then is answered with undefined.
 */
export class ActorInbox<M> {
  readonly #at: Here
  readonly #actor: Living
  /** Nobody else takes messages out of the mailbox. */
  readonly #stays: boolean
  /** Messages that were looked at and not wanted yet, by record. */
  readonly #seen = new Map<number, unknown>()
  /** Messages whose moved buffers are lost, by record. */
  readonly #lost = new Map<number, unknown>()
  /** The message whose moved buffers are waited for, or 0. */
  #awaited = 0
  #receivers: Receiver[] = []
  #stopped: ExitReason | undefined
  #isDone = false

  constructor(at: Here, actor: Living) {
    this.#at = at
    this.#actor = actor
    this.#stays = whenFull(at, actor.object) !== "drop-oldest"
  }

  /** The reference to this actor. */
  get self(): ActorRef<Takes<M>> {
    return this.#actor.self as ActorRef<Takes<M>>
  }

  /**
   * Takes the next message, or the first that `match` wants: the others stay in the mailbox, in
   * order. Waits while there is none.
   *
   * Rejects with `ActorStoppedError` when the actor is asked to stop; let that end the function.
   */
  receive<T extends M>(match: (message: M) => message is T, options?: InboxOptions): Promise<T>
  receive(match?: (message: M) => boolean, options?: InboxOptions): Promise<M>
  receive(match?: (message: M) => boolean, options: InboxOptions = {}): Promise<M> {
    const { timeoutMs, signal } = checkedWait(match, options)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.#actor.ended) return this.#late()
    answer(this.#at, this.#actor, undefined)
    let timer: Timer | undefined
    const drop = (): void => {
      timer?.stop()
      signal?.removeEventListener("abort", abort)
      this.#receivers = this.#receivers.filter((one) => one !== receiver)
    }
    const receiver: Receiver = {
      match: match as Match | undefined,
      passed: 0,
      resolve: (value) => {
        drop()
        resolve(value)
      },
      reject: (error) => {
        drop()
        reject(error)
      },
      drop,
    }
    const abort = (): void => receiver.reject(signal?.reason)
    signal?.addEventListener("abort", abort, { once: true })
    if (timeoutMs !== undefined)
      timer = after(timeoutMs, () => receiver.reject(new TimeoutError("receive", timeoutMs)))
    this.#receivers.push(receiver)
    this.serve()
    return promise as Promise<M>
  }

  /** Answers the question in hand; nothing happens when it was told, or answered already. */
  reply(value: unknown): void {
    answer(this.#at, this.#actor, value)
  }

  /** All messages, until the actor is asked to stop. */
  async *[Symbol.asyncIterator](): AsyncGenerator<M, void, undefined> {
    while (this.#stopped === undefined) {
      let next: M
      try {
        next = await this.receive()
      } catch (error) {
        if (this.#stopped !== undefined) return
        throw error
      }
      yield next
    }
  }

  /** @internal Gives waiting receivers what has arrived. */
  serve(): void {
    // One that waits for something else does not keep those behind it waiting.
    for (const receiver of [...this.#receivers]) {
      if (this.#actor.ended) return
      if (this.#stopped !== undefined) receiver.reject(this.#stoppedError(this.#stopped))
      else if (this.#receivers.includes(receiver)) this.#find(receiver)
    }
  }

  /** @internal The actor is asked to stop: waiting receivers reject, and later ones do. */
  stop(reason: ExitReason): void {
    this.#stopped ??= reason
    this.#actor.busy = false
    this.serve()
  }

  /** @internal The actor has exited: a function that was not done goes on no more. */
  end(): void {
    this.#seen.clear()
    this.#lost.clear()
    for (const receiver of [...this.#receivers]) receiver.drop()
  }

  /** @internal The function is done. */
  done(): void {
    this.#isDone = true
  }

  /**
   * Who receives after the exit: one that still runs the function is not answered, or its loop
   * would go round for ever.
   */
  #late(): Promise<never> {
    return this.#isDone
      ? Promise.reject(this.#stoppedError(this.#actor.stopping ?? NORMAL))
      : new Promise(() => {})
  }

  #stoppedError(reason: ExitReason): Error {
    return new ActorStoppedError(labelOf(this.#at, this.#actor.object), reason)
  }

  #find(receiver: Receiver): void {
    // Others may take out the oldest: then what was passed over is looked for from the front.
    let before = 0
    for (;;) {
      if (this.#stays) before = receiver.passed
      const record = this.#next(before)
      if (record === 0) return
      const found = this.#offer(receiver, record)
      if (found === "given" || found === "arrives") return
      before = found === "passed" ? record : 0
      if (found === "passed") receiver.passed = record
    }
  }

  /** Whether a receiver gets a message; `gone` when nobody will. */
  #offer(receiver: Receiver, record: number): "given" | "passed" | "arrives" | "gone" {
    const lost = this.#lostBy(record)
    if (lost !== undefined) return this.#take(receiver, record) ? this.#refuse(lost) : "gone"
    if (message.argsPending(record)) {
      this.#await(record)
      return "arrives"
    }
    const isBlind = receiver.match === undefined && !this.#seen.has(record)
    let value: unknown
    try {
      if (!isBlind) value = this.#valueOf(record)
      if (receiver.match !== undefined && !receiver.match(value)) return "passed"
    } catch (error) {
      receiver.reject(error)
      return "given"
    }
    if (!this.#take(receiver, record)) return "gone"
    const at = this.#at
    const { object } = this.#actor
    if (message.methodOf(at, record) !== PLAIN)
      return this.#refuse(new TypeError(`${labelOf(at, object)} is a function: tell(message)`))
    try {
      if (isBlind) [value] = takeIn(at, object, record)
      else enterTaken(at, object, record)
    } catch (error) {
      return this.#refuse(error)
    }
    receiver.resolve(value)
    return "given"
  }

  /** Takes a message in hand; false when somebody has dropped it. */
  #take(receiver: Receiver, record: number): boolean {
    const at = this.#at
    const hint = this.#stays ? receiver.passed : 0
    // Whoever receives again is done with what it has received before.
    answer(at, this.#actor, undefined)
    const before = mailbox.takeThis(at.words, this.#actor.object, record, at.me, hint)
    if (before < 0) return false
    for (const one of this.#receivers) if (one.passed === record) one.passed = before
    this.#seen.delete(record)
    this.#lost.delete(record)
    this.#actor.current = record
    passRoom(at, this.#actor.object)
    return true
  }

  #refuse(error: unknown): "gone" {
    refuse(this.#at, this.#actor, error)
    return "gone"
  }

  /** Order matters: nothing overtakes a message whose moved buffers are on their way. */
  #await(record: number): void {
    if (this.#awaited === record) return
    this.#awaited = record
    const goOn = (): void => {
      this.#awaited = 0
      this.serve()
    }
    void message.argsArrived(record).then(goOn, (error: unknown) => {
      message.setSeen(this.#at, record)
      this.#lost.set(record, error)
      goOn()
    })
  }

  /** Why a message that waits can never be read. */
  #lostBy(record: number): unknown {
    return message.isSeen(this.#at, record) ? this.#lost.get(record) : undefined
  }

  #next(record: number): number {
    const { words, me } = this.#at
    return mailbox.following(words, this.#actor.object, record, me, this.#stays)
  }

  #valueOf(record: number): unknown {
    if (message.isSeen(this.#at, record) && this.#seen.has(record)) return this.#seen.get(record)
    const [value] = message.keepArgs(this.#at, record)
    message.setSeen(this.#at, record)
    this.#seen.set(record, value)
    return value
  }
}

/** Checks what a wait is for and how it is limited. */
export function checkedWait(match: unknown, options: InboxOptions): InboxOptions {
  if (match !== undefined) checkFunction(match, "receive")
  checkLimits(options, "receive", ["timeoutMs", "signal"])
  return options
}
