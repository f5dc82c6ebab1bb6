/**
 * Where actors live: take a message, handle it, answer; one at a time per actor, system messages
 * first. The runtime enters a method in `call`, or in `handleShort` with numbers and the like.
 */
import { now } from "#platform/clock"
import { LOCAL_MESSAGES, TURN_MS } from "#platform/limits"
import { NotCallableError } from "../errors.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { isBlocked, isTurnOver, onDeath, onNode, yieldTurn } from "../internal/loop/pump.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { KIND } from "../internal/memory/kinds.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { type Actor, isMessage } from "./actor.ts"
import { type ExitReason, isAbnormal, KILLED, reasonFrom, reasonIn } from "./exit.ts"
import { conclude } from "./lifecycle.ts"
import {
  comeSoon,
  type Living,
  lastReady,
  lingering,
  type Methods,
  makeReady,
  nextReady,
  onReady,
  waitForTurn,
  within,
} from "./living.ts"
import * as message from "./message.ts"
import * as method from "./method.ts"
import { labelOf } from "./object.ts"
import { answer, crash, exit, leave, refuse } from "./outcome.ts"
import { passRoom, ringFor } from "./post.ts"
import { Refusal } from "./refusal.ts"
import { residentOf, residents } from "./residents.ts"
import { begin } from "./start.ts"
import { takeIn } from "./take-in.ts"

/** Visits of few messages before the clock is asked, which costs as much as a message. */
const VISITS_UNTIMED = 16
const MESSAGES_UNTIMED = 16
/** As many more when those took less than so long. */
const MESSAGES_QUICK = 112
const QUICK_MS = 0.05

let untimed = 0
let isQuick = false

/** Whether timers and sockets go first. */
function isTimeOver(): boolean {
  if (isQuick && ++untimed < VISITS_UNTIMED) return false
  untimed = 0
  return isTurnOver()
}

/** Messages of one actor before others have their turn. */
const MESSAGES_PER_TURN = 256

onNode(KIND.ACTOR, (object) => {
  const at = here()
  ringFor(at, mailbox.arrived(at.words, object, at.me))
  look(at, object)
})

/** What an actor was told; when code here blocks its thread, once that has returned. */
function look(at: Here, object: number): void {
  if (isBlocked()) {
    queueMicrotask(() => look(at, object))
    return
  }
  const actor = residentOf(object)
  if (actor !== undefined) visit(at, actor)
  else awaken(at, object)
  if (residentOf(object) === undefined) lingering.delete(object)
}

/** After a death: who was to be told by the dead looks for itself. */
onDeath(() => {
  const at = here()
  for (const { object } of residents()) if (mailbox.heal(at.words, object, at.me)) look(at, object)
})

/** Whether those with something to do wait until timers and sockets had their turn. */
let isLate = false

/** Those to whom this isolate has posted something; the rest after promises, or after a turn. */
onReady(() => {
  if (isLate) return
  if (!isTimeOver()) {
    visitReady()
    return
  }
  isLate = true
  const turn = yieldTurn()
  waitForTurn(turn)
  void turn.then(() => {
    isLate = false
    visitReady()
  })
})

/** Visits those who have something to do now; what they give each other to do comes later. */
function visitReady(): void {
  const at = here()
  const end = lastReady()
  let left = LOCAL_MESSAGES
  let actor: Living | undefined
  try {
    while (left > 0 && actor !== end) {
      actor = nextReady()
      if (actor !== undefined) left -= visit(at, actor)
    }
  } finally {
    // Nobody is forgotten because of somebody else's error.
    if (lastReady() !== undefined) comeSoon()
    isQuick = left > LOCAL_MESSAGES - MESSAGES_UNTIMED
  }
}

/**
 * An actor that does not live here yet: its first message says start, unless it was killed before.
 */
function awaken(at: Here, object: number): void {
  for (;;) {
    const record = mailbox.takeUrgent(at.words, object, at.me)
    if (record === 0) return
    const number = message.methodOf(at, record)
    if (number === method.START) {
      void begin(at, object, record).then((actor) => {
        if (actor !== undefined) visit(at, actor)
      })
      // What was posted behind the start is obeyed meanwhile: it may not end.
      const starting = mailbox.isUrgent(at.words, object) ? residentOf(object) : undefined
      if (starting !== undefined) visit(at, starting)
      return
    }
    message.endMessage(at, record)
    if (number === method.KILL) {
      conclude(at, object, mailbox.livesHint(at.words, object), KILLED)
      return
    }
  }
}

/** Handles what waits; how much that was. */
function visit(at: Here, actor: Living): number {
  if (actor.ended) return 0
  const handled = within(at, actor, run, undefined)
  if (handled > 0 && mailbox.mayBeFull(at.words, actor.object, handled)) passRoom(at, actor.object)
  return handled
}

/**
 * Handles what waits, until there is nothing, the actor is busy, or others are to have their turn.
 */
function run(at: Here, actor: Living): number {
  const { object } = actor
  let until = 0
  let handled = 0
  let look = MESSAGES_UNTIMED
  let looked = 0
  for (;;) {
    while (!actor.ended && mailbox.isUrgent(at.words, object)) {
      const record = mailbox.takeUrgent(at.words, object, at.me)
      if (record === 0) break
      obey(at, actor, record)
    }
    if (actor.ended || actor.busy || actor.inbox !== undefined) break
    if (handled === look) {
      const time = now()
      until ||= time + TURN_MS
      if (handled >= MESSAGES_PER_TURN || time > until) {
        makeReady(actor)
        return handled
      }
      look += time - looked < QUICK_MS ? MESSAGES_QUICK : MESSAGES_UNTIMED
      looked = time
    }
    const record = mailbox.take(at.words, object, at.me)
    if (record === 0) break
    handled++
    const short = message.shortOf(at, record)
    if (short === 0) handle(at, actor, record)
    else handleShort(at, actor, record, short)
  }
  if (!actor.ended && !actor.busy) actor.inbox?.serve()
  return handled
}

/** A system message. */
function obey(at: Here, actor: Living, record: number): void {
  const number = message.methodOf(at, record)
  const isExit = number === method.LINKED_EXIT
  const given = isExit ? reasonIn(at, record) : message.takeArgs(at, record)[0]
  message.endMessage(at, record)
  if (number === method.KILL) exit(at, actor, KILLED)
  else if (number === method.STOP) stop(at, actor, reasonFrom(given))
  else if (isExit && isAbnormal(given as ExitReason)) exit(at, actor, given as ExitReason)
}

/** Exits when the message in hand is done. */
function stop(at: Here, actor: Living, reason: ExitReason): void {
  actor.stopping ??= reason
  if (actor.inbox !== undefined) actor.inbox.stop(reason)
  else if (!actor.busy) leave(at, actor, actor.stopping)
}

function handle(at: Here, actor: Living, record: number): void {
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
  within(at, actor, go, undefined)
  if (!actor.busy && actor.stopping !== undefined && !actor.ended) leave(at, actor, actor.stopping)
  else visit(at, actor)
}

/** What the prototypes of actors' classes have shown to be messages. */
const known = new WeakMap<object, Methods>()

function methodsOf(instance: Actor): Methods {
  const prototype = Object.getPrototypeOf(instance) as object
  let methods = known.get(prototype)
  if (methods === undefined) {
    methods = { names: new Map(), last: 0, lastName: undefined }
    known.set(prototype, methods)
  }
  return methods
}

/** The name of the method that a message calls; undefined when there is none. */
function calledBy(actor: Living, number: number): string | undefined {
  const { instance } = actor
  if (instance === undefined || number === method.PLAIN) return undefined
  const methods = actor.methods ?? methodsOf(instance)
  actor.methods = methods
  if (methods.last === number) return methods.lastName
  const name = methods.names.get(number) ?? lookUp(instance, methods, number)
  // What is a message of one instance alone is looked up each time.
  if (name === undefined || !methods.names.has(number)) return name
  methods.last = number
  methods.lastName = name
  return name
}

function lookUp(instance: Actor, methods: Methods, number: number): string | undefined {
  const asked = method.nameOf(number)
  if (!isMessage(instance, asked)) return undefined
  if (!Object.hasOwn(instance, asked)) methods.names.set(number, asked)
  return asked
}

/** The name of the method that a message calls; one that there is not is refused. */
function nameFor(at: Here, actor: Living, number: number): string | undefined {
  const name = calledBy(actor, number)
  if (name !== undefined) return name
  const asked = number === method.PLAIN ? "" : method.nameOf(number)
  const what = asked === "" ? "plain messages, it is a class" : `no method ${asked}`
  refuse(at, actor, new NotCallableError(asked, `${labelOf(at, actor.object)} has ${what}`))
  return undefined
}

function call(at: Here, actor: Living, record: number): void {
  const name = nameFor(at, actor, message.methodOf(at, record))
  if (name === undefined) return
  let args: unknown[]
  try {
    args = takeIn(at, actor.object, record)
  } catch (error) {
    refuse(at, actor, error)
    return
  }
  let result: unknown
  try {
    const fn = (actor.instance as unknown as Record<string, unknown>)[name]
    result = Reflect.apply(fn as (...values: unknown[]) => unknown, actor.instance, args)
  } catch (error) {
    failed(at, actor, error)
    return
  }
  settle(at, actor, result)
}

/** As `handle`, of the most frequent kind: numbers and the like are read where they lie. */
function handleShort(at: Here, actor: Living, record: number, short: number): void {
  actor.current = record
  const name = nameFor(at, actor, message.methodIn(short))
  if (name === undefined) return
  mailbox.enterCurrent(at.words, actor.object, record)
  let result: unknown
  try {
    result = callShort(actor, name, record, message.countIn(short))
  } catch (error) {
    failed(at, actor, error)
    return
  }
  if (typeof result === "object") settle(at, actor, result)
  else if (actor.current === record && message.askerOf(at, record) === 0) {
    actor.current = 0
    mailbox.finishCurrent(at.words, actor.object)
    message.endShort(at, record)
  } else answer(at, actor, result)
}

function callShort(actor: Living, name: string, record: number, count: number): unknown {
  const methods = actor.instance as unknown as Record<string, (...values: unknown[]) => unknown>
  if (count === 1) return methods[name](message.firstOf(record))
  if (count === 0) return methods[name]()
  return methods[name](message.firstOf(record), message.secondOf(record))
}

/** The method threw: that ends the actor, unless it says otherwise. */
function failed(at: Here, actor: Living, error: unknown): void {
  if (error instanceof Refusal) refuse(at, actor, error.error)
  else crash(at, actor, error)
}

/** Answers with what the actor's code returned, now or later. */
function settle(at: Here, actor: Living, result: unknown): void {
  let isLater: boolean
  try {
    isLater = isThenable(result)
  } catch (error) {
    failed(at, actor, error)
    return
  }
  if (!isLater) {
    answer(at, actor, result)
    return
  }
  actor.busy = true
  Promise.resolve(result).then(
    (value) => resume(at, actor, () => answer(at, actor, value)),
    (error: unknown) => resume(at, actor, () => failed(at, actor, error)),
  )
}
