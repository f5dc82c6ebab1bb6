/**
 * What a model thread can do to shared memory, as numbers, and what each touches.
 *
 * A *step* is an operation before which another thread may be chosen. `READ` is none: a plain read
 * that is not ordered after the write it sees is a data race, reported wherever it happens.
 * `WRITE` is one, because a peek may see it early and because a thread may die before it.
 */
export const LOAD = 0
export const STORE = 1
export const ADD = 2
export const SUBTRACT = 3
export const OR = 4
export const AND = 5
export const EXCHANGE = 6
export const COMPARE_EXCHANGE = 7
export const PEEK = 8
export const POKE = 9
export const READ = 10
export const WRITE = 11
export const NOTIFY = 12
export const WAIT = 13
export const PAUSE = 14
export const NOW = 15
export const CHANCE = 16
/** A waiting thread goes on because it was notified. */
export const WAKE = 17
/** A waiting thread goes on because its time is over. */
export const TIMEOUT = 18
/** A thread dies. */
export const KILL = 19

/** A thread that may die before it pauses: its pause, not yet begun. */
export const SPIN = 20

/** Results of `WAIT`. */
export const WOKEN = 0
export const NOT_EQUAL = 1
export const TIMED_OUT = 2

const NAMES = [
  "load",
  "store",
  "add",
  "subtract",
  "or",
  "and",
  "exchange",
  "compareExchange",
  "peek",
  "poke",
  "read",
  "write",
  "notify",
  "waitSync",
  "pause",
  "now",
  "below",
  "wake",
  "time out",
  "killed",
  "pause",
]

/** The name a reader of a report knows. */
export function nameOf(kind: number): string {
  return NAMES[kind] ?? `operation ${kind}`
}

/** An operation as messages show it. */
export function show(kind: number, index: number, a: number): string {
  return kind === PAUSE ? "pause()" : `${nameOf(kind)}(${index}, ${a})`
}

/** Whether a thread is chosen once to begin this operation and once more to end it. */
export function takesTwo(kind: number): boolean {
  return kind === WAIT || kind === SPIN
}

/** Whether other threads may be chosen before this operation. */
export function isStep(kind: number): boolean {
  return kind !== READ && kind !== NOW && kind !== CHANCE
}

/** The operation a body has called when its thread is about to do `kind`. */
export function askedFor(kind: number): number {
  if (kind === WAKE || kind === TIMEOUT) return WAIT
  return kind === SPIN ? PAUSE : kind
}

/** How an access counts: it may race. */
export const RACING = 0
/** It comes after earlier accesses that race; nobody comes after it, and it races with none. */
export const FOLLOWING = 1
/** It comes after earlier accesses and before later ones, and races with none. */
export const ORDERED = 2

/**
 * What one step reads and writes: places in the order of their first use in an execution.
 *
 * Two steps of different threads depend on each other when they share a place and one of them
 * writes it. A word has two places: its value, and the list of threads that wait for it.
 *
 * An access may be no more than an order: what makes a step possible comes before it, but there is
 * nothing to try the other way round.
 */
export class Footprint {
  readonly #accesses: number[] = []
  /** Number of accesses. */
  count = 0

  clear(): void {
    this.count = 0
  }

  add(place: number, writes: boolean, mode: number = RACING): void {
    this.#accesses[this.count++] = place * 8 + mode * 2 + (writes ? 1 : 0)
  }

  /** Adds all accesses of another one. */
  addAll(other: Footprint): void {
    for (let i = 0; i < other.count; i++) {
      this.add(other.place(i), other.writes(i), other.mode(i))
    }
  }

  place(access: number): number {
    return this.#accesses[access] >> 3
  }

  /** `RACING`, `FOLLOWING` or `ORDERED`. */
  mode(access: number): number {
    return (this.#accesses[access] >> 1) & 3
  }

  writes(access: number): boolean {
    return (this.#accesses[access] & 1) !== 0
  }

  /** Whether exchanging the two steps could change what happens. */
  dependsOn(other: Footprint): boolean {
    for (let i = 0; i < this.count; i++) {
      for (let j = 0; j < other.count; j++) {
        if (this.place(i) === other.place(j) && (this.writes(i) || other.writes(j))) return true
      }
    }
    return false
  }
}
