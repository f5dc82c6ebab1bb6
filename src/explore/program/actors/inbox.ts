/** The inbox of an explored function actor: it takes its messages itself, in the order it wants. */

import { type ExitReason, NORMAL } from "../../../actor/exit.ts"
import { checkedWait, type InboxOptions } from "../../../actor/inbox.ts"
import type { ActorRef } from "../../../actor/ref.ts"
import { ActorStoppedError, TimeoutError } from "../../../errors.ts"
import { type Deed, labelOf } from "../entry.ts"
import { unpack } from "../values.ts"
import type { Home } from "./home.ts"
import type { Letter } from "./letter.ts"

type Match = (message: unknown) => boolean

interface Receiver {
  readonly match: Match | undefined
  /** What it has looked at: each message once. */
  readonly looked: Map<Letter, Found>
  readonly deed: Deed
  reject(error: unknown): void
}

/** What a receiver does next. */
type Found = { readonly letter: Letter } | { readonly error: unknown } | undefined

/** As `ActorInbox`. */
export class StagedInbox {
  readonly #home: Home
  #receivers: Receiver[] = []
  #stopped: ExitReason | undefined
  #isDone = false

  constructor(home: Home) {
    this.#home = home
  }

  get self(): ActorRef<unknown> {
    return this.#home.box.ref
  }

  /** Whether the actor waits for a message. */
  get isWaiting(): boolean {
    return this.#receivers.length > 0
  }

  receive(match?: Match, options: InboxOptions = {}): Promise<unknown> {
    const { timeoutMs, signal } = checkedWait(match, options)
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const home = this.#home
    const { theatre } = home
    if (home.ended) return this.#late()
    home.answer(undefined)
    if (this.#stopped !== undefined) return Promise.reject(this.#stoppedError(this.#stopped))
    return new Promise((resolve, reject) => {
      const end = (): void => {
        timer?.stop()
        signal?.removeEventListener("abort", abort)
        this.#receivers = this.#receivers.filter((one) => one !== receiver)
      }
      const receiver: Receiver = {
        match,
        looked: new Map(),
        deed: this.#taking(
          (value) => {
            end()
            resolve(value)
          },
          (error) => {
            end()
            reject(error)
          },
        ),
        reject: (error) => {
          end()
          theatre.withdraw(receiver.deed)
          reject(error)
        },
      }
      const abort = (): void => receiver.reject(signal?.reason)
      signal?.addEventListener("abort", abort, { once: true })
      this.#receivers.push(receiver)
      theatre.enter(receiver.deed)
      const timer =
        timeoutMs === undefined || timeoutMs === Infinity
          ? undefined
          : theatre.after(timeoutMs, () => receiver.reject(new TimeoutError("receive", timeoutMs)))
    })
  }

  #taking(resolve: (value: unknown) => void, reject: (error: unknown) => void): Deed {
    const { box, theatre } = this.#home
    const deed: Deed = {
      label: labelOf(box.title, "receive"),
      later: true,
      ready: () => this.#foundFor(deed) !== undefined,
      attempt: () => {
        const taken = theatre.operate("receive", () => {
          const one = this.#foundFor(deed)
          box.touchTakes()
          if (one !== undefined && "letter" in one) {
            box.take(one.letter)
            if (theatre.traced) theatre.row(box.title, "receive", valueIn(one.letter), undefined)
          }
          return one
        })
        if (taken === undefined) return false
        if ("error" in taken) {
          reject(taken.error)
          return true
        }
        return this.#taken(taken.letter, resolve)
      },
      touch: (into) => {
        for (const [place, writes] of box.takes) into.add(place, writes)
      },
    }
    return deed
  }

  /** A message is in hand; false when it is not for a function. */
  #taken(letter: Letter, resolve: (value: unknown) => void): boolean {
    const home = this.#home
    home.current = letter
    if (letter.method === "") {
      resolve(valueIn(letter))
      return true
    }
    home.refuse(new TypeError(`${home.title} is a function: tell(message)`))
    return false
  }

  /** What a receiver can take, after those before it have taken theirs. */
  #foundFor(deed: Deed): Found {
    const { box } = this.#home
    if (box.signals.length > 0) return undefined
    const left = [...box.letters]
    for (const receiver of this.#receivers) {
      const one = find(left, receiver)
      if (receiver.deed === deed) return one
      if (one !== undefined && "letter" in one) left.splice(left.indexOf(one.letter), 1)
    }
    return undefined
  }

  reply(value: unknown): void {
    this.#home.answer(value)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    while (this.#stopped === undefined) {
      let next: unknown
      try {
        next = await this.receive()
      } catch (error) {
        if (this.#stopped !== undefined) return
        throw error
      }
      yield next
    }
  }

  /** The actor is asked to stop: waiting receivers reject, and later ones do. */
  stop(reason: ExitReason): void {
    this.#stopped ??= reason
    const error = this.#stoppedError(this.#stopped)
    for (const receiver of [...this.#receivers]) receiver.reject(error)
  }

  /** The actor has exited: nobody waits any more. */
  end(): void {
    const { theatre } = this.#home
    for (const { deed } of this.#receivers) theatre.drop(deed)
    this.#receivers = []
  }

  /** The function is done. */
  done(): void {
    this.#isDone = true
  }

  /** As of a real inbox: a function that still runs goes on no more. */
  #late(): Promise<never> {
    return this.#isDone
      ? Promise.reject(this.#stoppedError(this.#home.stopping ?? NORMAL))
      : new Promise(() => {})
  }

  #stoppedError(reason: ExitReason): ActorStoppedError {
    return new ActorStoppedError(this.#home.title, reason)
  }
}

/** The first message that is wanted, or why that cannot be said. */
function find(letters: readonly Letter[], { match, looked }: Receiver): Found {
  for (const letter of letters) {
    if (!looked.has(letter)) looked.set(letter, look(letter, match))
    const found = looked.get(letter)
    if (found !== undefined) return found
  }
  return undefined
}

function look(letter: Letter, match: Match | undefined): Found {
  try {
    const isWanted = match === undefined || letter.method !== "" || match(valueIn(letter))
    return isWanted ? { letter } : undefined
  } catch (error) {
    return { error }
  }
}

function valueIn({ args }: Letter): unknown {
  return (unpack(args) as unknown[])[0]
}
