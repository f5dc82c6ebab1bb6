/**
 * Waiting for the first of several things.
 *
 * All cases are tried in random order; when none is ready the select waits in all of them at once,
 * and the first that can be done is done, once, and withdraws the others. Cases that meet hand to
 * hand share one meeting, which a peer may decide at any time: it is withdrawn before another case
 * is tried.
 */
import { below } from "#platform/random"
import type { Operation } from "../internal/loop/line.ts"
import { isSignal } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import type { Outcome, Sink, Source, Waits } from "./flavor.ts"
import { Meeting, type Wish } from "./flavors/meeting.ts"
import { MeetingWaits } from "./flavors/rendezvous.ts"
import { closedError } from "./operations.ts"
import { checkCases, checkWait, type WaitOptions } from "./options.ts"
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

type AnyHit = { case: string; value: unknown } | { case: string; closed: true }

/** A case made ready to be tried. */
interface Entry {
  readonly name: string
  readonly waits: Waits
  readonly value: unknown
  /** Undefined while it cannot be done. @throws what the select shall reject with */
  attempt(): AnyHit | undefined
}

/** What takes part in one select. */
function entriesOf(cases: Readonly<Record<string, SelectCase>>): Entry[] {
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
    name,
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
    name,
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
    name,
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

/** The cases in random order, so that none starves. */
function shuffled(entries: readonly Entry[]): Entry[] {
  const order = [...entries]
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1)
    const other = order[j]
    order[j] = order[i]
    order[i] = other
  }
  return order
}

/** One select that waits. */
class Selecting {
  readonly promise: Promise<AnyHit>
  readonly #entries: readonly Entry[]
  readonly #queued: [Entry, Operation][] = []
  #meeting: Meeting | undefined
  #resolve!: (hit: AnyHit) => void
  #reject!: (error: unknown) => void
  #over = false

  constructor(entries: readonly Entry[]) {
    this.#entries = entries
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Waits in all cases. */
  begin(): void {
    this.#meet()
    for (const entry of this.#entries) {
      if (this.#over) return
      if (entry.waits instanceof MeetingWaits && !entry.waits.mustStay(entry.value)) continue
      const operation = { attempt: () => this.#attempt(entry) }
      this.#queued.push([entry, operation])
      entry.waits.wait(operation, entry.value)
    }
  }

  /** Waits where others are met hand to hand. */
  #meet(): void {
    const wishes: Wish[] = []
    for (const entry of this.#entries) {
      const { waits, value } = entry
      if (!(waits instanceof MeetingWaits) || waits.mustStay(value)) continue
      const operation = { attempt: () => this.#try(entry) }
      wishes.push({ core: waits.core, side: waits.side, operation, value })
    }
    if (wishes.length === 0) return
    try {
      this.#meeting = new Meeting(wishes)
    } catch (error) {
      this.#end(() => this.#reject(error))
      return
    }
    this.#meeting.begin()
  }

  /**
   * Tries a case that waits in a queue, while nobody can decide the meeting. True when all is over.
   */
  #attempt(entry: Entry): boolean {
    if (this.#over) return true
    if (this.#meeting !== undefined) {
      if (!this.#meeting.giveUp()) return this.#over
      this.#meeting = undefined
    }
    if (this.#try(entry)) return true
    this.#meet()
    return this.#over
  }

  #try(entry: Entry): boolean {
    if (this.#over) return true
    try {
      const hit = entry.attempt()
      if (hit === undefined) return false
      this.#end(() => this.#resolve(hit))
    } catch (error) {
      this.#end(() => this.#reject(error))
    }
    return true
  }

  /** Calls it off; false when it is decided already. */
  giveUp(reason: unknown): void {
    if (this.#over) return
    if (this.#meeting !== undefined && !this.#meeting.giveUp()) return
    this.#end(() => this.#reject(reason))
  }

  #end(settle: () => void): void {
    this.#over = true
    settle()
    for (const [{ waits }, operation] of this.#queued) waits.giveUp(operation)
  }
}

function tryAll(entries: readonly Entry[], overtakes: boolean): AnyHit | undefined {
  for (const entry of entries) {
    if (!overtakes && entry.waits.length > 0) continue
    const hit = entry.attempt()
    if (hit !== undefined) return hit
  }
  return undefined
}

async function selectAny(
  cases: Readonly<Record<string, SelectCase>>,
  options: WaitOptions = {},
): Promise<AnyHit> {
  checkWait(options, "select")
  const { signal } = options
  const entries = shuffled(entriesOf(cases))
  if (signal?.aborted === true) throw signal.reason
  const ready = tryAll(entries, false)
  if (ready !== undefined) return ready
  const selecting = new Selecting(entries)
  selecting.begin()
  if (signal === undefined) return selecting.promise
  const abort = (): void => selecting.giveUp(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  try {
    return await selecting.promise
  } finally {
    signal.removeEventListener("abort", abort)
  }
}

/** The two forms of select. */
export interface Select {
  /**
   * Waits for the first case that can be done, does it, and withdraws the others: exactly one value
   * is received or sent. Fair: among cases that are ready one is chosen by chance.
   *
   * A case is something to receive from (a channel, a receiver, a subscription, a timer), a value
   * to send (`jobs.sending(value)`), or an `AbortSignal`, whose value is its reason. A channel that
   * is closed and drained is ready: its hit is `{ case, closed: true }`, without a value.
   *
   * @throws {ChannelClosedError} when the chosen case sends to a closed channel, or when its
   * channel was
   *   closed with an error
   * @throws {TypeError} when there is no case, or one that is none of these
   * @example
   * const jobs = channel<number>(4)
   * const results = channel<string>(4)
   * await jobs.send(7)
   * const hit = await select({ job: jobs.receiver, late: after(1_000) })
   * if (hit.case === "job") await results.send(`got ${hit.value}`)
   * console.log(await results.receive()) // prints: got 7
   */
  <const Cases extends Readonly<Record<string, SelectCase>>>(
    cases: Cases,
    options?: WaitOptions,
  ): Promise<Hit<Cases>>
  /** As `select`, without waiting: undefined when no case can be done at once. */
  try<const Cases extends Readonly<Record<string, SelectCase>>>(
    cases: Cases,
  ): Hit<Cases> | undefined
}

/** Waits for the first of several things. */
export const select: Select = Object.assign(
  <Cases extends Readonly<Record<string, SelectCase>>>(
    cases: Cases,
    options?: WaitOptions,
  ): Promise<Hit<Cases>> => selectAny(cases, options) as Promise<Hit<Cases>>,
  {
    try<Cases extends Readonly<Record<string, SelectCase>>>(cases: Cases): Hit<Cases> | undefined {
      return tryAll(shuffled(entriesOf(cases)), true) as Hit<Cases> | undefined
    },
  },
)
