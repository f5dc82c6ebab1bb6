/**
 * The machine the model threads run on: memory, waiting, spinning, dying, and their order.
 *
 * `perform` does the pending operation of one thread and says what it touched. Nothing here
 * chooses.
 *
 * Memory is sequentially consistent, as JavaScript's atomics are. Plain accesses are performed in
 * order too: where that would make a difference, `races.ts` reports it.
 */
import * as real from "../internal/platform/atomics.ts"
import { type Location, Locations } from "./location.ts"
import * as op from "./operation.ts"
import * as races from "./races.ts"
import type { ModelThread } from "./thread.ts"
import * as status from "./thread.ts"
import type { TraceEntry } from "./trace.ts"

/** A data race as found. */
export interface Race {
  readonly location: Location
  readonly thread: number
  readonly access: number
  readonly other: races.Conflict
}

/** Memory and threads of one execution. */
export class Machine {
  readonly threads: readonly ModelThread[]
  readonly locations: Locations
  /** What the step just performed has touched. */
  readonly footprint = new op.Footprint()
  /** Threads that the step just performed has let go on. */
  enables = 0
  race: Race | null = null
  trace: TraceEntry[] | null = null
  /** Virtual time: it passes when nothing can run. */
  timeMs = 0

  constructor(threads: readonly ModelThread[]) {
    this.threads = threads
    this.locations = new Locations(threads.length)
  }

  /** Back to the beginning. */
  reset(traced: boolean): void {
    this.locations.clear()
    for (const thread of this.threads) thread.reset()
    this.race = null
    this.trace = traced ? [] : null
    this.timeMs = 0
  }

  /** Answers an operation that is no step. */
  immediate(
    thread: ModelThread,
    kind: number,
    words: real.Words,
    index: number,
    a: number,
  ): number {
    if (kind === op.NOW) return Math.max(this.timeMs, thread.timeMs)
    if (kind === op.CHANCE) return below(thread, a)
    if (kind === op.PAUSE) return 0
    checkIndex(words, index)
    const location = this.locations.at(words, index)
    this.#access(thread, location, races.PLAIN_READ)
    thread.look(location)
    return real.read(words, index)
  }

  /** Performs the pending operation. A result that counts, unless `takesTwo(kind)` and it is -1. */
  perform(thread: ModelThread, expires: boolean): number {
    this.footprint.clear()
    this.enables = 0
    switch (thread.kind) {
      case op.SPIN:
        thread.kind = op.PAUSE
        thread.state = status.PAUSED
        thread.mortal = false
        return -1
      case op.PAUSE:
        return this.#pause(thread)
      case op.WAIT:
        return this.#wait(thread, expires)
      case op.WAKE:
      case op.TIMEOUT:
        return this.#wake(thread)
      case op.NOTIFY:
        return this.#notify(thread)
      default:
        return this.#access32(thread)
    }
  }

  /** Ends a thread where it stands; its heir knows all that it did. */
  kill(thread: ModelThread, heir: ModelThread | undefined): void {
    this.footprint.clear()
    this.enables = heir === undefined ? 0 : 1 << heir.number
    if (heir !== undefined) races.acquire(heir, thread.clock)
    this.trace?.push({ ...NOWHERE, thread: thread.number, kind: op.KILL, stack: thread.stack })
    leaveList(thread)
    thread.state = status.KILLED
  }

  /** What performing the pending operation of `thread` would touch now. */
  pending(thread: ModelThread, into: op.Footprint): void {
    into.clear()
    const { location } = thread
    if (thread.kind === op.PAUSE) {
      for (const seen of thread.seen) into.add(seen.id * 2, false)
    } else if (location !== null) {
      const { kind, words, index, a } = thread
      const place = location.id * 2
      if (kind === op.NOTIFY) into.add(place + 1, location.waiters.length > 0)
      else if (kind === op.TIMEOUT) into.add(place + 1, true)
      else if (kind === op.WAIT) {
        into.add(place, false)
        into.add(place + 1, true)
      } else if (kind !== op.WAKE) {
        const fails = kind === op.COMPARE_EXCHANGE && (words as real.Words)[index] !== (a | 0)
        into.add(place, !fails && kind !== op.LOAD && kind !== op.PEEK)
      }
    }
  }

  #access32(thread: ModelThread): number {
    const { kind, index, a, b } = thread
    const words = thread.words as real.Words
    const location = thread.location as Location
    const before = words[index]
    const result = apply(kind, words, index, a, b)
    const writes =
      kind !== op.LOAD && kind !== op.PEEK && (kind !== op.COMPARE_EXCHANGE || before === (a | 0))
    this.#order(thread, location, kind, writes)
    if (words[index] !== before) location.version++
    this.footprint.add(location.id * 2, writes)
    thread.look(location)
    thread.mortal = writes
    return result
  }

  /** What the memory model makes of an access. */
  #order(thread: ModelThread, location: Location, kind: number, writes: boolean): void {
    if (kind === op.PEEK) return
    if (kind === op.POKE || kind === op.WRITE) {
      this.#access(thread, location, kind === op.POKE ? races.POKED : races.PLAIN_WRITE)
      return
    }
    if (kind !== op.STORE) races.acquire(thread, location.released)
    this.#access(thread, location, writes ? races.ATOMIC_WRITE : races.ATOMIC_READ)
    if (writes) races.release(thread, location.released)
  }

  #access(thread: ModelThread, location: Location, kind: number): void {
    const entry = this.trace === null ? 0 : this.trace.length
    const other = races.access(thread, location, kind, entry)
    if (other === null || this.race !== null) return
    this.race = { location, thread: thread.number, access: kind, other }
  }

  #pause(thread: ModelThread): number {
    for (const seen of thread.seen) this.footprint.add(seen.id * 2, false)
    thread.fruitless = thread.isOvertaken() ? 0 : thread.fruitless + 1
    thread.seen.length = 0
    thread.mortal = false
    return 0
  }

  #wait(thread: ModelThread, expires: boolean): number {
    const location = thread.location as Location
    const words = thread.words as real.Words
    const place = location.id * 2
    this.footprint.add(place, false)
    races.acquire(thread, location.released)
    races.acquire(thread, location.listed)
    this.#access(thread, location, races.ATOMIC_READ)
    races.release(thread, location.listed)
    thread.look(location)
    thread.mortal = false
    if (words[thread.index] !== (thread.a | 0)) return op.NOT_EQUAL
    this.footprint.add(place + 1, true)
    location.waiters.push(thread)
    thread.deadlineMs = Math.max(this.timeMs, thread.timeMs) + thread.b
    thread.mortal = true
    thread.state = expires ? status.READY : status.WAITING
    thread.kind = expires ? op.TIMEOUT : op.WAKE
    return -1
  }

  #wake(thread: ModelThread): number {
    const location = thread.location as Location
    thread.mortal = thread.kind === op.TIMEOUT
    if (thread.kind === op.TIMEOUT) this.footprint.add(location.id * 2 + 1, true)
    if (!leaveList(thread)) return op.WOKEN
    thread.timeMs = thread.deadlineMs
    thread.mortal = true
    return op.TIMED_OUT
  }

  #notify(thread: ModelThread): number {
    const location = thread.location as Location
    const { waiters } = location
    const woken = Math.min(waiters.length, Math.max(thread.a, 0))
    this.footprint.add(location.id * 2 + 1, waiters.length > 0)
    races.acquire(thread, location.listed)
    for (const waiter of waiters.splice(0, woken)) {
      waiter.state = status.READY
      this.enables |= 1 << waiter.number
      races.acquire(waiter, thread.clock)
    }
    races.release(thread, location.listed)
    thread.mortal = woken > 0
    return woken
  }
}

const NOWHERE = { location: null, a: 0, b: 0, result: 0 }

/** The same numbers in every execution; not spread evenly, which no structure may rely on. */
function below(thread: ModelThread, bound: number): number {
  const mixed = Math.imul(thread.number * 7919 + thread.logged + 1, 0x9e3779b1)
  return (mixed >>> 8) % bound
}

function leaveList(thread: ModelThread): boolean {
  const waiters = thread.location?.waiters ?? []
  const at = waiters.indexOf(thread)
  if (at >= 0) waiters.splice(at, 1)
  return at >= 0
}

/** Refuses what a plain access would silently ignore. */
export function checkIndex(words: real.Words, index: number): void {
  if (!(index >= 0 && index < words.length && Number.isInteger(index))) {
    throw new RangeError(`word ${index} is outside of an array of ${words.length} words`)
  }
}

function apply(kind: number, words: real.Words, index: number, a: number, b: number): number {
  switch (kind) {
    case op.LOAD:
      return real.load(words, index)
    case op.STORE:
      return real.store(words, index, a)
    case op.ADD:
      return real.add(words, index, a)
    case op.SUBTRACT:
      return real.subtract(words, index, a)
    case op.OR:
      return real.or(words, index, a)
    case op.AND:
      return real.and(words, index, a)
    case op.EXCHANGE:
      return real.exchange(words, index, a)
    case op.COMPARE_EXCHANGE:
      return real.compareExchange(words, index, a, b)
    case op.PEEK:
      return real.peek(words, index)
    default:
      real.write(words, index, a)
      return 0
  }
}
