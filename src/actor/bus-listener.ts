/** Subscribers that are code of this isolate: an actor each, whose mailbox is the bounded queue. */
import { hold, letGo } from "#platform/park"
import { here } from "../internal/loop/here.ts"
import { Actor } from "./actor.ts"
import type { ActorRef } from "./ref.ts"
import { type SpawnOptions, spawn } from "./spawn.ts"
import { watchExits } from "./watch.ts"

/** What a listener is called with. */
export type Take = (event: unknown, topic: string) => unknown

/** The one method of a listener's actor. */
export const TAKE = "take"

/** Starts an actor here that hands each event to `take`, one at a time. */
export function startListener(
  take: Take,
  mailbox: SpawnOptions["mailbox"],
): Promise<ActorRef<unknown>> {
  class Listener extends Actor {
    [TAKE](event: unknown, topic: string): unknown {
      return take(event, topic)
    }
  }
  return spawn(Listener, [], { on: "here", ...(mailbox && { mailbox }) }) as Promise<
    ActorRef<unknown>
  >
}

/** Resolves when a listener has ended, rejects with what it threw. Keeps nothing alive. */
export function endOf(ref: ActorRef<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    watchExits(here(), ref, (reason) => {
      if (reason.reason === "failed") reject(reason.error)
      else resolve()
    })
  })
}

/** Hands over what arrives to whoever pulls; holds back the next until this one is pulled. */
export class Pull<T> {
  #offered: { readonly event: T; readonly taken: () => void } | undefined
  readonly #waiting: PromiseWithResolvers<IteratorResult<T, undefined>>[] = []
  #over = false

  /** Offers an event; resolves when it was pulled. */
  offer(event: T): Promise<void> | undefined {
    const next = this.#waiting.shift()
    if (next === undefined) {
      return new Promise((taken) => {
        this.#offered = { event, taken }
      })
    }
    letGo()
    next.resolve({ value: event, done: false })
    return undefined
  }

  /** The next event; keeps the program alive while it waits. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return Promise.resolve({ value: undefined, done: true })
    const offered = this.#offered
    if (offered !== undefined) {
      this.#offered = undefined
      offered.taken()
      return Promise.resolve({ value: offered.event, done: false })
    }
    const next = Promise.withResolvers<IteratorResult<T, undefined>>()
    this.#waiting.push(next)
    hold()
    return next.promise
  }

  /** Nothing arrives any more. */
  end(): void {
    this.#over = true
    this.#offered?.taken()
    this.#offered = undefined
    for (const next of this.#waiting.splice(0)) {
      letGo()
      next.resolve({ value: undefined, done: true })
    }
  }
}
