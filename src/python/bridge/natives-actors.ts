/**
 * The builtins beneath Python's references to actors.
 *
 * A thread that waits for an answer runs no promises: the answer is given to the wait itself, by
 * the turn that takes the inbox.
 */
import { type Ask, cancelAsk, openAsk } from "../../actor/asks.ts"
import { makeMessage } from "../../actor/message.ts"
import { numberOf as methodNumber, PLAIN } from "../../actor/method.ts"
import { isFunctionActor, labelOf } from "../../actor/object.ts"
import { countWaitingFor, goneError, post } from "../../actor/post.ts"
import { ActorRef } from "../../actor/ref.ts"
import * as mailbox from "../../internal/queue/mailbox.ts"
import { Arguments, type Builtin } from "../builtins.ts"
import { bool, none, numberOf } from "../numbers.ts"
import type { Begin, Waiting } from "../threads/index.ts"
import type { Bridge } from "./bridge.ts"
import { deadlineAfter, Pending, PendingWait } from "./waiting.ts"

function refAt(bridge: Bridge, args: Arguments): ActorRef<unknown> {
  const handle = bridge.handle(args, 0)
  if (!(handle instanceof ActorRef)) throw new TypeError("this is no reference to an actor")
  return handle
}

/** The message of a call; of a function actor, the one argument. */
function messageOf(bridge: Bridge, ref: ActorRef<unknown>, args: Arguments): number {
  const { at } = bridge.inside
  const method = bridge.toJs.value(args.pointer(1), "method") as string
  const values = bridge.toJs.lent(args.pointer(2), "args") as unknown[]
  const plain = isFunctionActor(at, ref.id)
  return makeMessage(at, plain ? PLAIN : methodNumber(method), values, 0)
}

function postNow(bridge: Bridge, ref: ActorRef<unknown>, record: number): void {
  // Whoever waits hears of a failure by the answer; whoever tells has looked before.
  post(bridge.inside.at, ref, record).catch(() => {})
  ref.batch?.post()
}

function ask(bridge: Bridge, args: Arguments): number | Waiting {
  const { at } = bridge.inside
  const { c } = bridge
  const ref = refAt(bridge, args)
  const record = messageOf(bridge, ref, args)
  const pending = new Pending(bridge, () => "wait")
  const { ask: question, promise } = openAsk(at, record, ref, methodNumber("ask"), ask)
  promise.catch(() => {})
  question.resolve = (value) => pending.end("ok", value)
  question.reject = (error) => pending.end("failed", error)
  postNow(bridge, ref, record)
  const over = (): number => {
    if (pending.outcome === "failed") return bridge.raiseRemote(pending.value)
    return bridge.toPython.value(pending.value, "answer")
  }
  if (pending.over) return over()
  const giveUp = (): boolean => giveUpOn(bridge, question, pending)
  const ends = { over, late: () => bridge.answer("_LATE") }
  const deadline = deadlineAfter(numberOf(c, args.pointer(3)))
  return new PendingWait(bridge, pending, { giveUp }, ends, deadline)
}

function giveUpOn({ inside: { at } }: Bridge, question: Ask, pending: Pending): boolean {
  if (pending.over) return false
  question.reject = () => {}
  cancelAsk(at, question, undefined)
  return true
}

function tell(bridge: Bridge, args: Arguments): number | Waiting {
  const { at } = bridge.inside
  const { c } = bridge
  const ref = refAt(bridge, args)
  if (mailbox.stateHint(at.words, ref.id) === mailbox.GONE)
    return bridge.raiseRemote(goneError(at, ref.id))
  postNow(bridge, ref, messageOf(bridge, ref, args))
  const pending = new Pending(bridge, () => (countWaitingFor(ref.id) === 0 ? "ok" : "wait"))
  if (pending.attempt()) return none(c)
  const ends = { over: () => none(c), late: () => bridge.answer("_LATE") }
  const waits = { giveUp: () => !pending.attempt() }
  const deadline = deadlineAfter(numberOf(c, args.pointer(3)))
  return new PendingWait(bridge, pending, waits, ends, deadline, true)
}

/** The builtins that wait for an actor. */
export function blockingActorBuiltins(bridge: Bridge): Record<string, Begin> {
  const begin = (run: (bridge: Bridge, args: Arguments) => number | Waiting): Begin => {
    const args = new Arguments(bridge.c)
    return (_self, first, count) => {
      args.set(first, count)
      return bridge.guarded(() => run(bridge, args))
    }
  }
  return {
    /** `actor_ask(n, method, args, seconds)`: the answer, or `_LATE`. */
    actor_ask: begin(ask),
    /** `actor_tell(n, method, args, seconds)`: None when the mailbox has taken it, or `_LATE`. */
    actor_tell: begin(tell),
  }
}

/** The builtins on actors that do not wait. */
export function actorBuiltins(bridge: Bridge): Record<string, Builtin> {
  const { c, toPython } = bridge
  const { at } = bridge.inside
  const builtins: Record<string, Builtin> = {
    actor_stop: (args) => {
      refAt(bridge, args).stop()
      return none(c)
    },
    actor_kill: (args) => {
      refAt(bridge, args).kill()
      return none(c)
    },
    actor_name: (args) => toPython.value(labelOf(at, refAt(bridge, args).id), "name"),
    actor_gone: (args) =>
      bool(c, mailbox.stateHint(at.words, refAt(bridge, args).id) === mailbox.GONE),
  }
  for (const [name, run] of Object.entries(builtins)) builtins[name] = bridge.builtin(run)
  return builtins
}
