/** Places for threads: isolates that run tasks and interpreters of Python share them. */
import { ISOLATES_MAX } from "#platform/limits"
import { NoFreeIsolateError } from "../errors.ts"
import { living, ownerOf, slotOf } from "../internal/memory/owners.ts"
import { isolatesWanted } from "../isolate/roster.ts"

/** The highest place that is free and not kept for an isolate that runs tasks; 0: there is none. */
export function freeSlot(words: Int32Array): number {
  for (let slot = ISOLATES_MAX - 1; slot > isolatesWanted(); slot--)
    if (ownerOf(words, slot) === 0) return slot
  return 0
}

/** What is said where there is none. */
export function noFreeIsolate(words: Int32Array): NoFreeIsolateError {
  const isolates = isolatesWanted()
  const interpreters = living(words).filter((token) => slotOf(token) > isolates).length
  return new NoFreeIsolateError(ISOLATES_MAX - 1, isolates, interpreters)
}
