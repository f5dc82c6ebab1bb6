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
import { type AnyHit, type Entry, entriesOf, type Hit, type SelectCase } from "./cases.ts"
import { Meeting, type Wish } from "./flavors/meeting.ts"
import { MeetingWaits } from "./flavors/meeting-waits.ts"
import { checkWait, type WaitOptions } from "./options.ts"

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

  /** Calls it off, unless it is decided already. */
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
   *   channel was closed with an error
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
