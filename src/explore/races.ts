/**
 * Data races, by the rules of ECMAScript's memory model.
 *
 * An atomic read is ordered after the atomic write it reads from, and after all that the writer
 * did before. Two accesses of one word that are not so ordered, of which one writes and one is
 * plain, are a data race: real processors and compilers may show either thread anything. `peek`
 * and `poke` say that they race with each other and with atomics on purpose.
 */
import type { Location } from "./location.ts"
import type { ModelThread } from "./thread.ts"

/** Classes of access: index into the stamps of a location. */
export const PLAIN_WRITE = 0
export const PLAIN_READ = 1
export const ATOMIC_WRITE = 2
export const ATOMIC_READ = 3
export const POKED = 4

/** For each class, the classes it must be ordered with. */
const CONFLICTS: readonly (readonly number[])[] = [
  [PLAIN_WRITE, PLAIN_READ, ATOMIC_WRITE, ATOMIC_READ, POKED],
  [PLAIN_WRITE, ATOMIC_WRITE, POKED],
  [PLAIN_WRITE, PLAIN_READ],
  [PLAIN_WRITE],
  [PLAIN_WRITE, PLAIN_READ],
]

/** How reports name a class. */
export const CLASS_NAMES = ["write", "read", "atomic write", "atomic read", "poke"] as const

/** The other side of a race: which thread, how it touched the word, and where in the trace. */
export interface Conflict {
  readonly thread: number
  readonly access: number
  readonly entry: number
}

/** Records an access; returns the earlier one it races with, if any. */
export function access(
  thread: ModelThread,
  location: Location,
  kind: number,
  entry: number,
): Conflict | null {
  const { clock, number: me } = thread
  const { stamps, entries } = location
  const threads = clock.length
  const conflicts = CONFLICTS[kind]
  for (let c = 0; c < conflicts.length; c++) {
    const other = conflicts[c]
    for (let t = 0; t < threads; t++) {
      const at = other * threads + t
      if (t !== me && stamps[at] > clock[t]) {
        return { thread: t, access: other, entry: entries[at] }
      }
    }
  }
  stamps[kind * threads + me] = clock[me]
  entries[kind * threads + me] = entry
  return null
}

/** `thread` receives all that was released into `from`. */
export function acquire(thread: ModelThread, from: Int32Array): void {
  const { clock } = thread
  for (let t = 0; t < clock.length; t++) {
    if (from[t] > clock[t]) clock[t] = from[t]
  }
}

/** Whoever receives `into` knows all that `thread` did up to now. */
export function release(thread: ModelThread, into: Int32Array): void {
  const { clock, number: me } = thread
  for (let t = 0; t < clock.length; t++) into[t] = clock[t]
  clock[me]++
}
