/**
 * Asking and telling: from a call of `ref.ask.method(…)` to the message on its way.
 */
import { after } from "#platform/clock"
import { DeadlockError, TimeoutError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { checkLimits } from "../internal/wire/given.ts"
import { type Ask, cancelAsk, openAsk } from "./asks.ts"
import { type Call, callsFor } from "./calls.ts"
import { type Living, running, senderNow, senderOf } from "./living.ts"
import { isPlain, makeMessage, makePlain } from "./message.ts"
import { nameOf, numberOf, PLAIN } from "./method.ts"
import { labelOf } from "./object.ts"
import { post } from "./post.ts"
import type { ActorRef } from "./ref.ts"

/** How a question is limited. */
export interface AskOptions {
  /**
   * Milliseconds after which the question rejects with `TimeoutError`. A late answer is dropped.
   */
  readonly timeoutMs?: number
  /** Rejects the question with its reason when it aborts. */
  readonly signal?: AbortSignal
}

const NO_LIMITS: AskOptions = {}

/** A reference, and how its questions are limited. */
interface Limited {
  readonly ref: ActorRef<unknown>
  readonly limits: AskOptions
}

/** The methods of an actor, as others ask them. */
export const asksOf = callsFor<ActorRef<unknown>>(
  (name) => {
    const method = numberOf(name)
    return (ref) => {
      const call: Call = (...args) =>
        isShort(args)
          ? askShort(ref, method, args.length, args[0], call)
          : askNow(ref, method, args, NO_LIMITS, call)
      return call
    }
  },
  { with: (ref) => (options: AskOptions) => limitedAsksOf({ ref, limits: checked(options) }) },
)

const limitedAsksOf = callsFor<Limited>((name) => {
  const method = numberOf(name)
  return ({ ref, limits }) => {
    const call: Call = (...args) => askNow(ref, method, args, limits, call)
    return call
  }
})

/** The methods of an actor, as others tell them. */
export const tellsOf = callsFor<ActorRef<unknown>>((name) => {
  const method = numberOf(name)
  return (ref) =>
    (...args) =>
      isShort(args) ? tellShort(ref, method, args.length, args[0]) : tellNow(ref, method, args)
})

/** Whether arguments can go without an array of them: the one, if any, is a number or the like. */
function isShort(args: readonly unknown[]): boolean {
  return args.length < 2 && isPlain(args[0])
}

/** Of a function actor: called with the message, it asks. */
export function plainAsks(
  ref: ActorRef<unknown>,
  limits: AskOptions = NO_LIMITS,
): Call & { with?: unknown } {
  const ask: Call & { with?: unknown } = (message) => askNow(ref, PLAIN, [message], limits, ask)
  if (limits === NO_LIMITS) ask.with = (options: AskOptions) => plainAsks(ref, checked(options))
  return ask
}

/** Of a function actor: called with the message, it tells. */
export function plainTells(ref: ActorRef<unknown>): Call {
  return (message) => tellNow(ref, PLAIN, [message])
}

/** Checks how a question is limited. */
export function checked(options: AskOptions): AskOptions {
  checkLimits(options, "ask.with", ["timeoutMs", "signal"])
  return options
}

function selfAsk(at: Here, object: number, method: number): DeadlockError {
  const waitsFor = `${callOf(at, object, method)}, which is itself`
  return new DeadlockError([{ who: labelOf(at, object), where: "", waitsFor }])
}

/** What is asked of whom, as errors say it. */
function callOf(at: Here, object: number, method: number): string {
  return `${method === PLAIN ? "a message" : nameOf(method)} of ${labelOf(at, object)}`
}

function tellShort(
  ref: ActorRef<unknown>,
  method: number,
  count: number,
  value: unknown,
): Promise<void> {
  const at = here()
  try {
    return post(at, ref, makePlain(at, method, count, value, senderNow()))
  } catch (error) {
    return Promise.reject(error)
  }
}

function tellNow(ref: ActorRef<unknown>, method: number, args: unknown[]): Promise<void> {
  const at = here()
  try {
    return post(at, ref, makeMessage(at, method, args, senderNow()))
  } catch (error) {
    return Promise.reject(error)
  }
}

function askNow(
  ref: ActorRef<unknown>,
  method: number,
  args: unknown[],
  limits: AskOptions,
  callee: Call,
): Promise<unknown> {
  const at = here()
  if (limits.signal?.aborted === true) return Promise.reject(limits.signal.reason)
  const asker = running.get()
  if (isSelf(asker, ref)) return Promise.reject(selfAsk(at, ref.id, method))
  let record: number
  try {
    record = makeMessage(at, method, args, senderOf(asker))
  } catch (error) {
    return Promise.reject(error)
  }
  const { promise, ask } = openAsk(at, record, ref, method, callee)
  if (limits !== NO_LIMITS) limit(at, ask, limits, method)
  post(at, ref, record)
  return promise
}

function askShort(
  ref: ActorRef<unknown>,
  method: number,
  count: number,
  value: unknown,
  callee: Call,
): Promise<unknown> {
  const at = here()
  const asker = running.get()
  if (isSelf(asker, ref)) return Promise.reject(selfAsk(at, ref.id, method))
  let record: number
  try {
    record = makePlain(at, method, count, value, senderOf(asker))
  } catch (error) {
    return Promise.reject(error)
  }
  const { promise } = openAsk(at, record, ref, method, callee)
  post(at, ref, record)
  return promise
}

/** Whether the asker asks itself, and is not done with what it has in hand. */
function isSelf(asker: Living | undefined, ref: ActorRef<unknown>): boolean {
  return asker !== undefined && asker.object === ref.id && isAtWork(asker)
}

/** Whether an actor takes no message: one is in hand, or its `onStart` or `onStop` runs. */
function isAtWork({ current, busy, instance, ended }: Living): boolean {
  return current !== 0 || (busy && instance !== undefined && !ended)
}

function limit(at: Here, ask: Ask, { timeoutMs, signal: abort }: AskOptions, method: number): void {
  const onAbort = (): void => cancelAsk(at, ask, abort?.reason)
  const tooLate = (ms: number): TimeoutError =>
    new TimeoutError("ask", ms, callOf(at, ask.ref.id, method))
  abort?.addEventListener("abort", onAbort, { once: true })
  const timer =
    timeoutMs !== undefined
      ? after(timeoutMs, () => cancelAsk(at, ask, tooLate(timeoutMs)))
      : undefined
  ask.ended = () => {
    timer?.stop()
    abort?.removeEventListener("abort", onAbort)
  }
}
