/** The actors that live in this isolate, and which one the running code belongs to. */

import type { Timer } from "#platform/clock"
import { CallLocal } from "#platform/context"
import type { Actor } from "./actor.ts"
import type { ExitReason } from "./exit.ts"
import type { ActorInbox } from "./inbox.ts"
import type { ActorRef } from "./ref.ts"

/** One life of an actor in this isolate. */
export interface Living {
  readonly object: number
  readonly self: ActorRef<unknown>
  readonly life: number
  instance: Actor | undefined
  /** Of a function actor. */
  inbox: ActorInbox<unknown> | undefined
  /** The message in hand, or 0. */
  current: number
  /** It starts, handles a message or stops, and goes on after this turn. */
  busy: boolean
  /** It is to exit when the message in hand is done. */
  stopping: ExitReason | undefined
  ended: boolean
  readonly timers: Set<Timer>
}

/** By object. */
export const living = new Map<number, Living>()

/** References kept until their object has left this isolate's inbox. */
export const lingering = new Map<number, ActorRef<unknown>>()

/** The actor that the running code belongs to. */
export const running: CallLocal<Living> = new CallLocal()

/** The object of the actor that the running code belongs to, or 0. */
export function senderNow(): number {
  const now = running.get()
  return now === undefined || now.ended ? 0 : now.object
}
