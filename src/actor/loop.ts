/**
 * Where actors live: take a message, handle it, answer; one at a time per actor, system messages
 * first. The one place where the runtime enters an actor's code, and the one catch around it, is
 * `enter`.
 */
import { now } from "#platform/clock"
import { TURN_MS } from "#platform/limits"
import { NotCallableError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onDeath, onNode } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { isMessage } from "./actor.ts"
import { type ExitReason, isAbnormal, KILLED, reasonFrom } from "./exit.ts"
import { type Living, lingering, living, running } from "./living.ts"
import * as message from "./message.ts"
import * as method from "./method.ts"
import { countHandled, labelOf, redelivers } from "./object.ts"
import { answer, crash, exit, isThenable, leave, refuse } from "./outcome.ts"
import { passRoom, ringFor } from "./post.ts"
import { begin } from "./start.ts"

/** Messages of one actor before others have their turn. */
const MESSAGES_PER_TURN = 256

onNode(KIND.ACTOR, (object) => {
  const at = here()
  ringFor(at, mailbox.arrived(at.words, object, at.me))
  const actor = living.get(object)
  if (actor !== undefined) run(at, actor)
  else awaken(at, object)
  if (!living.has(object)) lingering.delete(object)
})

/** After a death: who was to be told by the dead looks for itself. */
onDeath(() => {
  const at = here()
  for (const actor of [...living.values()])
    if (mailbox.heal(at.words, actor.object, at.me)) run(at, actor)
})

/**
 * An actor that does not live here yet: its first message says start, unless it was stopped before.
 */
function awaken(at: Here, object: number): void {
  for (;;) {
    const record = mailbox.take(at.words, object, at.me, true)
    if (record === 0) return
    if (message.methodOf(at, record) === method.START) {
      void begin(at, object, record).then((actor) => {
        if (actor !== undefined) run(at, actor)
      })
      return
    }
    message.endMessage(at, record)
  }
}

/**
 * Handles what waits, until there is nothing, the actor is busy, or others are to have their turn.
 */
function run(at: Here, actor: Living): void {
  const until = now() + TURN_MS
  for (let handled = 0; !actor.ended; handled++) {
    if (handled === MESSAGES_PER_TURN || ((handled & 15) === 15 && now() > until)) {
      ringFor(at, mailbox.retell(at.words, actor.object, at.me))
      return
    }
    const urgentOnly = actor.busy || actor.inbox !== undefined
    const record = mailbox.take(at.words, actor.object, at.me, urgentOnly)
    if (record === 0) break
    if (message.methodOf(at, record) < method.PLAIN) obey(at, actor, record)
    else handle(at, actor, record)
  }
  if (!actor.ended && !actor.busy) actor.inbox?.serve()
}

/** A system message. */
function obey(at: Here, actor: Living, record: number): void {
  const number = message.methodOf(at, record)
  const [given] = message.takeArgs(at, record)
  message.endMessage(at, record)
  if (number === method.KILL) exit(at, actor, KILLED)
  else if (number === method.STOP) stop(at, actor, reasonFrom(given))
  else if (number === method.LINKED_EXIT) {
    const reason = given as ExitReason
    if (isAbnormal(reason)) exit(at, actor, reason)
  }
}

/** Exits when the message in hand is done. */
function stop(at: Here, actor: Living, reason: ExitReason): void {
  actor.stopping ??= reason
  if (actor.inbox !== undefined) actor.inbox.stop(reason)
  else if (!actor.busy) leave(at, actor, actor.stopping)
}

function handle(at: Here, actor: Living, record: number): void {
  passRoom(at, actor.object)
  countHandled(at, actor.object)
  actor.current = record
  if (message.argsPending(record)) {
    actor.busy = true
    message.argsArrived(record).then(
      () => resume(at, actor, () => call(at, actor, record)),
      (error: unknown) => resume(at, actor, () => refuse(at, actor, error)),
    )
    return
  }
  call(at, actor, record)
}

/** Goes on after an await, unless the actor has exited meanwhile. */
function resume(at: Here, actor: Living, go: () => void): void {
  if (actor.ended) return
  actor.busy = false
  go()
  if (!actor.busy && actor.stopping !== undefined && !actor.ended) leave(at, actor, actor.stopping)
  else run(at, actor)
}

function call(at: Here, actor: Living, record: number): void {
  const number = message.methodOf(at, record)
  const name = number === method.PLAIN ? "" : method.nameOf(number)
  if (actor.instance === undefined || !isMessage(actor.instance, name)) {
    const what = name === "" ? "plain messages, it is a class" : `no method ${name}`
    const text = `${labelOf(at, actor.object)} has ${what}`
    refuse(at, actor, new NotCallableError(name, text))
    return
  }
  let args: unknown[]
  try {
    args = redelivers(at, actor.object) ? message.copyArgs(record) : message.takeArgs(at, record)
  } catch (error) {
    refuse(at, actor, error)
    return
  }
  enter(at, actor, name, args)
}

/** Enters the actor's code. */
function enter(at: Here, actor: Living, name: string, args: unknown[]): void {
  let result: unknown
  try {
    result = running.run(actor, invoke, [actor, name, args])
  } catch (error) {
    crash(at, actor, error)
    return
  }
  if (!isThenable(result)) {
    answer(at, actor, result)
    return
  }
  actor.busy = true
  Promise.resolve(result).then(
    (value) => resume(at, actor, () => answer(at, actor, value)),
    (error: unknown) => resume(at, actor, () => crash(at, actor, error)),
  )
}

function invoke(actor: Living, name: string, args: unknown[]): unknown {
  const fn = Reflect.get(actor.instance as object, name) as (...values: unknown[]) => unknown
  return fn.apply(actor.instance, args)
}
