/**
 * The beginning of a life: find the code, make the instance, run `onStart`, answer whoever started
 * it.
 */
import { after, every, type Timer } from "#platform/clock"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import { retain } from "../internal/memory/objects.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { type Callback, functionOf } from "../task/code.ts"
import { type Actor, construct, type Facility, hasOnStart } from "./actor.ts"
import type { Call } from "./calls.ts"
import { ActorInbox } from "./inbox.ts"
import { enliven, type Living, within } from "./living.ts"
import * as message from "./message.ts"
import { codeNumberOf, isFunctionActor, VALUE } from "./object.ts"
import { crash, isThenable, leave, returned, threw } from "./outcome.ts"
import { giveBack } from "./post.ts"
import { type ActorRef, reviveRef } from "./ref.ts"

/** Code that has a meaning in this isolate alone, by actor. */
export const local = new WeakMap<ActorRef<unknown>, Callback>()

type Values = readonly [captures: readonly unknown[] | null, args: readonly unknown[]]

/**
 * Begins a life as `record` says, whose sender is the actor itself. Undefined when it did not come
 * to live.
 */
export async function begin(at: Here, object: number, record: number): Promise<Living | undefined> {
  const self = reviveRef(message.takeSender(at, record))
  const life = mailbox.livesHint(at.words, object)
  const actor = enliven(object, self, life)
  count(at.words, at.me, COUNTER.ACTORS, 1)
  try {
    await awake(at, actor)
  } catch (error) {
    message.putFailure(at, record, error)
    // Whoever hears that it did not start finds its name free.
    if (!actor.ended) crash(at, actor, error)
    giveBack(at, record)
    return undefined
  }
  if (actor.ended) message.putFailure(at, record, new Error("the actor was ended while it started"))
  else message.putResult(at, record, undefined)
  giveBack(at, record)
  actor.busy = false
  if (actor.stopping !== undefined && actor.inbox === undefined) leave(at, actor, actor.stopping)
  return actor.ended ? undefined : actor
}

async function awake(at: Here, actor: Living): Promise<void> {
  const values = actor.object + VALUE
  if (cells().pending(values)) await cells().arrived(values)
  if (actor.ended) return
  const [captures, args] = cells().copy(actor.object + VALUE) as Values
  const code = local.get(actor.self) ?? (await functionOf(codeNumberOf(at, actor.object)))
  const made = captures === null ? code : (code(...(captures as never[])) as Callback)
  if (actor.ended) return
  if (isFunctionActor(at, actor.object)) {
    runFunction(at, actor, made, args)
    return
  }
  const started = beginHere(actor, made as unknown as new (...values: unknown[]) => Actor, args)
  if (isThenable(started)) await started
}

/** Makes the instance and runs `onStart`, whose result it answers. */
export function beginHere(
  actor: Living,
  Class: new (...values: unknown[]) => Actor,
  args: readonly unknown[],
): unknown {
  return within(here(), actor, () => make(actor, Class, args))
}

function make(
  actor: Living,
  Class: new (...values: unknown[]) => Actor,
  args: readonly unknown[],
): unknown {
  const instance = construct(Class, args as unknown[], new LivingFacility(actor))
  actor.instance = instance
  return hasOnStart(instance) ? instance.onStart() : undefined
}

function runFunction(at: Here, actor: Living, fn: Callback, args: readonly unknown[]): void {
  actor.inbox = new ActorInbox(at, actor)
  const values = [actor.inbox, ...args] as never[]
  const result = within(at, actor, async () => await fn(...values))
  void result.then(
    () => returned(at, actor),
    (error: unknown) => threw(at, actor, error),
  )
}

/** What an actor's life gives its instance. */
class LivingFacility implements Facility {
  readonly #actor: Living

  constructor(actor: Living) {
    this.#actor = actor
  }

  get self(): ActorRef<unknown> {
    return this.#actor.self
  }

  get sender(): ActorRef<unknown> | undefined {
    const at = here()
    const { current } = this.#actor
    const sender = current === 0 ? 0 : message.senderOf(at, current)
    if (sender === 0) return undefined
    retain(at.words, sender)
    return reviveRef(sender)
  }

  after(ms: number, method: string, args: readonly unknown[]): () => void {
    const timer: Timer = after(ms, () => {
      this.#actor.timers?.delete(timer)
      this.#tell(method, args)
    })
    return this.#keep(timer)
  }

  every(ms: number, method: string, args: readonly unknown[]): () => void {
    return this.#keep(every(ms, () => this.#tell(method, args)))
  }

  #keep(timer: Timer): () => void {
    const actor = this.#actor
    if (actor.ended) timer.stop()
    else {
      actor.timers ??= new Set()
      actor.timers.add(timer)
    }
    return () => {
      timer.stop()
      actor.timers?.delete(timer)
    }
  }

  #tell(method: string, args: readonly unknown[]): void {
    const tell = this.#actor.self.tell as unknown as Record<string, Call>
    tell[method]?.(...args).catch(() => {})
  }
}
