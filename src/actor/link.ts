/** Links, monitors and names. */
import { type ActorStoppedError, NameTakenError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { checkFunction } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import type { ExitReason } from "./exit.ts"
import { bind, running } from "./living.ts"
import { goneError } from "./post.ts"
import { ActorRef, reviveRef } from "./ref.ts"
import { enterName, findName, unregister } from "./registry.ts"
import { stage } from "./stage.ts"
import { linkTo, watchExits } from "./watch.ts"

/** What a monitor hears. */
export interface ActorExit {
  readonly ref: ActorRef<unknown>
  readonly reason: ExitReason
  /** False when its supervisor may start it again: the reference stays valid. */
  readonly final: boolean
}

function check(ref: unknown, place = ""): ActorRef<unknown> {
  if (ref instanceof ActorRef) return ref
  throw new TypeError(`an actor of this runtime is needed, received ${shown(ref)}${place}`)
}

/**
 * Links two actors: when one exits abnormally (it failed, was killed, or its isolate died), the
 * other exits, too, with the same reason. An exit that is `normal` or `shutdown` is not passed on.
 *
 * @throws {TypeError} when one is no reference
 */
export function link(a: ActorRef<unknown>, b: ActorRef<unknown>): void {
  const [one, other] = [check(a, " as the first"), check(b, " as the second")]
  if (one.id === other.id) return
  const played = stage()
  if (played !== undefined) {
    played.link(one.id, other.id)
    played.link(other.id, one.id)
    return
  }
  const at = here()
  linkTo(at, one.id, other.id)
  linkTo(at, other.id, one.id)
}

/**
 * Calls `listener` at each exit of an actor: again after it was restarted, and last when it is gone
 * for good; soon when it is gone already. Returns what ends the monitor. One that an actor's code
 * begins ends with that actor's life; of itself, it hears that end. A monitor does not keep the
 * program alive.
 *
 * @throws {TypeError} when it is no reference, or the listener no function
 */
export function monitor(ref: ActorRef<unknown>, listener: (exit: ActorExit) => void): () => void {
  const actor = check(ref)
  checkFunction(listener, "monitor")
  const owner = ownerNow()
  const stop = watchExits(here(), actor, (reason, final) => {
    if (owner?.id === actor.id) stop()
    listener({ ref: actor, reason, final })
  })
  return owner === undefined || owner.id === actor.id ? stop : endWith(owner, stop)
}

/** The actor whose code runs. */
export function ownerNow(): ActorRef<unknown> | undefined {
  const played = stage()
  return played === undefined ? running.get()?.self : played.self()
}

/** Calls `stop` when the life of the actor ends whose code runs; or when what this returns is. */
function endWith(owner: ActorRef<unknown>, stop: () => void): () => void {
  const life = stage() === undefined ? running.get() : undefined
  if (life === undefined) {
    const unwatch = watchExits(here(), owner, () => end())
    const end = (): void => {
      unwatch()
      stop()
    }
    return end
  }
  return bind(life, { stop })
}

/**
 * Gives an actor a name, the same in all isolates. It is free again when the actor is gone for
 * good.
 *
 * @throws {NameTakenError} when another actor has it, or this one has a name
 * @throws {ActorStoppedError} when the actor is gone
 * @throws {TypeError} when the name is no string; {RangeError} when it is empty or longer than 200
 * bytes
 */
export function register(name: string, ref: ActorRef<unknown>): void {
  const actor = check(ref)
  const played = stage()
  const at = here()
  const answer = enterName(at, name, actor.id)
  if (answer === "taken") throw new NameTakenError(name, "another actor has it")
  if (answer === "named") throw new NameTakenError(name, `${actor.name} has a name already`)
  if (answer === "gone" && played !== undefined) throw played.goneError(actor.id)
  if (played !== undefined || mailbox.stateHint(at.words, actor.id) !== mailbox.GONE) return
  unregister(at, actor.id)
  throw goneError(at, actor.id) satisfies ActorStoppedError
}

/** The actor with a name, from whichever isolate; undefined when nobody has it. */
export function whereis<C = unknown>(name: string): ActorRef<C> | undefined {
  const played = stage()
  if (played !== undefined) return played.whereis(name) as ActorRef<C> | undefined
  const object = findName(here(), name)
  return object === 0 ? undefined : (reviveRef(object) as ActorRef<C>)
}
