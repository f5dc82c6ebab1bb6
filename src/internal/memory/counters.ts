/**
 * What each isolate counts: words of its own page, written by it alone, read by anyone.
 *
 * Publication   poked and peeked: a reader may be a moment behind, never torn
 */
import { peek, poke, type Words } from "#platform/atomics"
import { PAGE, pageOf } from "./layout.ts"
import { slotOf } from "./owners.ts"

/** The counters of an isolate. */
export const COUNTER = {
  /** Tasks that began here. */
  TASKS_BEGUN: 0,
  /** Tasks that ended here. */
  TASKS_ENDED: 1,
  /** Tasks submitted from here that have not ended. */
  TASKS_PENDING: 2,
  /** Tasks taken from other isolates. */
  TASKS_STOLEN: 3,
  /** Actors that live here. */
  ACTORS: 4,
  /** 1 once actors can live here. */
  HOSTS_ACTORS: 5,
  /** The object of the actor whose code runs, 0 when none does, as far as that is known. */
  ACTOR_RUNS: 6,
  /** KiB of its heap in use, as of a moment ago; never 0 once it has loaded what it runs. */
  HEAP_KIB: 7,
  /** 1 while it runs tasks one after the other that are too small to wake anybody for. */
  BRISK: 8,
  /** 1 while somebody there waits for an actor's answer. */
  ASKS: 9,
} as const

/** Adds to a counter of the isolate `me`. */
export function count(words: Words, me: number, counter: number, change: number): void {
  const word = pageOf(slotOf(me)) + PAGE.COUNTERS + counter
  poke(words, word, peek(words, word) + change)
}

/** Sets a counter of the isolate `me`. */
export function setCounter(words: Words, me: number, counter: number, value: number): void {
  poke(words, pageOf(slotOf(me)) + PAGE.COUNTERS + counter, value)
}

/** The value of a counter of the isolate in `slot`. */
export function counted(words: Words, slot: number, counter: number): number {
  return peek(words, pageOf(slot) + PAGE.COUNTERS + counter)
}

/** Starts the counters of a slot anew, for the next isolate there. */
export function resetCounters(words: Words, slot: number): void {
  for (const counter of Object.values(COUNTER))
    poke(words, pageOf(slot) + PAGE.COUNTERS + counter, 0)
}
