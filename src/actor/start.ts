/**
 * The beginning of a life: find the code, make the instance, run `onStart`, answer whoever started
 * it.
 */
import type { CallFrame } from "#platform/context"
import { ActorStoppedError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import { retain } from "../internal/memory/objects.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { type Callback, functionOf } from "../task/code.ts"
import { type Actor, construct, type Facility, hasOnStart } from "./actor.ts"
import type { ExitReason } from "./exit.ts"
import { ActorInbox } from "./inbox.ts"
import { beginLife, hasBegun } from "./lifecycle.ts"
import { type Living, type Methods, type Stoppable, within } from "./living.ts"
import * as message from "./message.ts"
import { codeNumberOf, isFunctionActor, labelOf, VALUE } from "./object.ts"
import { crash, leave, returned, threw } from "./outcome.ts"
import { giveBack } from "./post.ts"
import { type ActorRef, reviveRef } from "./ref.ts"
import { settleIn } from "./residents.ts"
import { tellAfter, tellEvery } from "./timers.ts"

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
  const actor = enliven(at, object, self, life)
  // A function has started when it was called: how it ends, be it at once, is its exit.
  beginLife(actor, () => {
    if (actor.inbox === undefined) message.putFailure(at, record, endedError(at, actor))
    else message.putResult(at, record, undefined)
    giveBack(at, record)
  })
  try {
    await awake(at, actor)
  } catch (error) {
    if (!hasBegun(actor)) return undefined
    message.putFailure(at, record, error)
    // Whoever hears that it did not start finds its name free.
    crash(at, actor, error)
    giveBack(at, record)
    return undefined
  }
  if (!hasBegun(actor)) return undefined
  message.putResult(at, record, undefined)
  giveBack(at, record)
  actor.busy = false
  if (actor.stopping !== undefined && actor.inbox === undefined) leave(at, actor, actor.stopping)
  return actor.ended ? undefined : actor
}

/** The error of a start that the end of the actor overtook. */
export function endedError(at: Here, { object, stopping }: Living): ActorStoppedError {
  return new ActorStoppedError(labelOf(at, object), stopping)
}

async function awake(at: Here, actor: Life): Promise<void> {
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

/** One more life begins here. */
export function enliven(at: Here, object: number, self: ActorRef<unknown>, life: number): Life {
  const actor = new Life(object, self, life)
  settleIn(actor)
  self.living = actor
  count(at.words, at.me, COUNTER.ACTORS, 1)
  return actor
}

/** Makes the instance and runs `onStart`, whose result it answers. */
export function beginHere(
  actor: Life,
  Class: new (...values: unknown[]) => Actor,
  args: readonly unknown[],
): unknown {
  startArgs = args
  return within(here(), actor, make, Class)
}

/** What the next life is made with, for a moment. */
let startArgs: readonly unknown[] = []

function make(_at: Here, actor: Living, Class: new (...values: unknown[]) => Actor): unknown {
  const instance = construct(Class, startArgs as unknown[], actor as Life)
  actor.instance = instance
  return hasOnStart(instance) ? instance.onStart() : undefined
}

function runFunction(at: Here, actor: Living, fn: Callback, args: readonly unknown[]): void {
  actor.inbox = new ActorInbox(at, actor)
  const values = [actor.inbox, ...args] as never[]
  const result = within(at, actor, async () => await fn(...values), undefined)
  void result.then(
    () => returned(at, actor),
    (error: unknown) => threw(at, actor, error),
  )
}

/** A life, which is what an actor's instance knows of itself. */
class Life implements Living, Facility {
  readonly object: number
  readonly self: ActorRef<unknown>
  readonly life: number
  instance: Actor | undefined = undefined
  methods: Methods | undefined = undefined
  inbox: ActorInbox<unknown> | undefined = undefined
  current = 0
  busy = true
  next: Living | undefined = undefined
  stopping: ExitReason | undefined = undefined
  ended = false
  bound: Set<Stoppable> | undefined = undefined
  seasoned = false
  frame: CallFrame | undefined = undefined

  constructor(object: number, self: ActorRef<unknown>, life: number) {
    this.object = object
    this.self = self
    this.life = life
  }

  get sender(): ActorRef<unknown> | undefined {
    const at = here()
    const { current } = this
    const sender = current === 0 ? 0 : message.senderOf(at, current)
    if (sender === 0) return undefined
    retain(at.words, sender)
    return reviveRef(sender)
  }

  after(ms: number, method: string, args: unknown[]): () => void {
    return tellAfter(this, ms, method, args)
  }

  every(ms: number, method: string, args: unknown[]): () => void {
    return tellEvery(this, ms, method, args)
  }
}
