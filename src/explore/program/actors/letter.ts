/** What comes into the mailbox of an explored actor: messages, questions, and orders to end. */

import type { ExitReason } from "../../../actor/exit.ts"
import { fromFailure, toFailure } from "../../../internal/wire/failure.ts"
import type { Footprint } from "../../operation.ts"
import { type Deed, type Label, labelOf } from "../entry.ts"
import type { Player } from "../player.ts"
import type { Theatre } from "../theatre.ts"
import { type Parcel, pack, unpack } from "../values.ts"
import type { Box } from "./box.ts"
import type { Mail, Wanted } from "./mail.ts"

/** A message. */
export interface Letter {
  /** The method; empty for a message of a function actor. */
  readonly method: string
  readonly args: Parcel
  readonly sender: Box | undefined
  readonly question: Question | undefined
  /** Which of all that were posted. */
  nth: number
}

/** An order of the system lane. */
export interface Signal {
  readonly kind: "stop" | "kill" | "linked exit"
  /** What was given to `stop`, or the reason of the one that exited. */
  readonly parcel: Parcel | undefined
}

/** How a question was answered. */
export interface Answer {
  readonly failed: boolean
  readonly parcel: Parcel
}

/** A question, as the one who answers sees it. */
export class Question implements Wanted {
  readonly theatre: Theatre
  readonly place: number
  /** What is asked of whom, as reports say it. */
  readonly label: Label
  /** The mail of its asker. */
  readonly mail: Mail
  #isAnswered = false
  #isGivenUp = false

  constructor(theatre: Theatre, mail: Mail, label: Label) {
    this.theatre = theatre
    this.place = theatre.newPlace()
    this.mail = mail
    this.label = label
  }

  /** Answers it, as a part of the current step. */
  settle(answer: Answer): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.theatre.changed()
    if (this.#isGivenUp) return
    const value = (): unknown => (answer.failed ? unpackError : unpack)(answer.parcel)
    this.mail.answer(this, answer, { label: this.label, value })
  }

  /** Nobody waits any more, as part of a step. */
  giveUp(): void {
    this.#isGivenUp = true
    this.mail.forget(this)
  }

  /** With a value that may not be able to cross. */
  resolve(value: unknown, by: Player): void {
    try {
      this.settle({ failed: false, parcel: pack(value, "result") })
    } catch (error) {
      this.reject(error, by)
    }
  }

  reject(error: unknown, by: Player): void {
    this.settle({ failed: true, parcel: packError(error, by) })
  }
}

/** An error as it travels. */
function packError(error: unknown, by: Player): Parcel {
  return pack(toFailure(error, `isolate ${by.isolate}`), "error")
}

/** An error as it arrives. */
export function unpackError(parcel: Parcel): unknown {
  return fromFailure(unpack(parcel))
}

/** Why an actor exited, as it travels. */
export function packReason({ reason, error, detail }: ExitReason, by: Player): Parcel {
  const failure = error === undefined ? undefined : toFailure(error, `isolate ${by.isolate}`)
  try {
    return pack({ reason, failure, detail }, "reason")
  } catch {
    return pack({ reason, failure, detail: undefined }, "reason")
  }
}

/** Why an actor exited. */
export function unpackReason(parcel: Parcel): ExitReason {
  const { reason, failure, detail } = unpack(parcel) as {
    readonly reason: ExitReason["reason"]
    readonly failure: unknown
    readonly detail: unknown
  }
  return {
    reason,
    ...(failure === undefined ? {} : { error: fromFailure(failure) }),
    ...(detail === undefined ? {} : { detail }),
  }
}

/** Something done at once, and all that it touches. */
export class Act implements Deed {
  readonly label: Label
  looks: boolean
  readonly #places: readonly Access[]

  constructor(object: string, operation: string, places: readonly Access[]) {
    this.label = labelOf(object, operation)
    this.#places = places
    this.looks = places.every(([, writes]) => !writes)
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    for (const [place, writes] of this.#places) into.add(place, writes)
  }
}

/** A place, and whether it is written. */
export type Access = readonly [place: number, writes: boolean]
