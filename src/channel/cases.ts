/** The cases of a select: what may be waited for, and how each is tried. */

import type { Operation } from "../internal/loop/line.ts"
import { isSignal } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import type { Outcome, Sink, Source, Waits } from "./flavor.ts"
import { closedError } from "./operations.ts"
import { checkCases } from "./options.ts"
import { type Selectable, SendCase, SOURCE } from "./selectable.ts"

/** One case of a select: something to receive from, a value to send, or a signal. */
export type SelectCase = Selectable<unknown> | SendCase | AbortSignal

/** What a case comes to when it is chosen. */
export type HitOf<K, C> =
  C extends Selectable<infer T>
    ? { readonly case: K; readonly value: T; readonly closed?: never } | Closed<K>
    : {
        readonly case: K
        readonly value: C extends AbortSignal ? unknown : undefined
        readonly closed?: never
      }

/** The case can give no more values: its channel is closed and drained. */
export interface Closed<K> {
  readonly case: K
  readonly closed: true
  readonly value?: never
}

/** What a select came to: the name of the case, and its value. */
export type Hit<Cases> = { [K in keyof Cases]: HitOf<K, Cases[K]> }[keyof Cases]

/** A hit, whatever the cases. */
export type AnyHit = { case: string; value: unknown } | { case: string; closed: true }

/** A case made ready to be tried. */
export interface Entry {
  readonly waits: Waits
  readonly value: unknown
  /** Undefined while it cannot be done. @throws what the select shall reject with */
  attempt(): AnyHit | undefined
}

/**
 * What takes part in one select.
 *
 * @throws {TypeError} when there is no case, or one that is none
 */
export function entriesOf(cases: Readonly<Record<string, SelectCase>>): Entry[] {
  checkCases(cases)
  const entries: Entry[] = []
  for (const [name, one] of Object.entries(cases)) {
    if (one instanceof SendCase) entries.push(sendEntry(name, one.sink, one.value))
    else if (isSignal(one)) entries.push(signalEntry(name, one))
    else if (isSelectable(one)) entries.push(receiveEntry(name, one[SOURCE]))
    else {
      throw new TypeError(
        "select takes receivers, values to send (jobs.sending(value)), timers and signals; " +
          `case ${name} is ${shown(one)}`,
      )
    }
  }
  if (entries.length === 0) throw new TypeError("select needs at least one case")
  return entries
}

function isSelectable(value: unknown): value is Selectable<unknown> {
  return typeof value === "object" && value !== null && SOURCE in value
}

function receiveEntry(name: string, source: Source): Entry {
  source.acknowledge()
  return {
    waits: source.receivers,
    value: undefined,
    attempt() {
      const outcome = source.takeAgain()
      if (outcome === "ok") return { case: name, value: source.value }
      if (outcome === "wait") return undefined
      if (source.closeFailure !== undefined) throw closedError(source, "receive")
      return { case: name, closed: true }
    },
  }
}

function sendEntry(name: string, sink: Sink, value: unknown): Entry {
  return {
    waits: sink.senders,
    value,
    attempt() {
      const outcome: Outcome = sink.offer(value)
      if (outcome === "closed") throw closedError(sink, "send", value)
      return outcome === "ok" ? { case: name, value: undefined } : undefined
    },
  }
}

function signalEntry(name: string, signal: AbortSignal): Entry {
  return {
    waits: new SignalWaits(signal),
    value: undefined,
    attempt: () => (signal.aborted ? { case: name, value: signal.reason } : undefined),
  }
}

/** Waiting for a signal. */
class SignalWaits implements Waits {
  readonly length = 0
  readonly #signal: AbortSignal
  #stop: () => void = () => {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  wait(operation: Operation): void {
    const tell = (): void => {
      operation.attempt()
    }
    this.#signal.addEventListener("abort", tell, { once: true })
    this.#stop = () => this.#signal.removeEventListener("abort", tell)
  }

  giveUp(): boolean {
    this.#stop()
    return true
  }

  block(): boolean {
    return this.#signal.aborted
  }
}
