/**
 * When to collect garbage for the sake of shared memory: after many new handles or bytes, and when
 * the memory is used up. It happens between turns, because what a job has touched is kept alive to
 * its end.
 */
import { nextTurn } from "#platform/clock"
import { collectGarbage, heapBytes } from "#platform/heap"
import { HANDLES_PER_COLLECTION, SHARED_BYTES_PER_COLLECTION } from "#platform/limits"

let made = 0
let living = 0
let sharedBytes = 0
let scheduled = false

/** A handle was made here. */
export function handleMade(): void {
  living++
  if (++made >= Math.max(HANDLES_PER_COLLECTION, living)) collectSoon()
}

/** A handle was collected, or disposed of. */
export function handleGone(): void {
  living--
}

/**
 * Shared buffers of so many bytes came to be here. The engine does not see them, so a program that
 * makes and drops many would fill the memory. True when it is time to collect: for every
 * SHARED_BYTES_PER_COLLECTION, or less often in a heap that is larger, which takes longer.
 */
export function isTooMuchShared(bytes: number): boolean {
  sharedBytes += bytes
  if (sharedBytes < SHARED_BYTES_PER_COLLECTION || sharedBytes < heapBytes()) return false
  sharedBytes = 0
  return true
}

/** Collects before the next turn. */
export function collectSoon(): void {
  if (scheduled) return
  scheduled = true
  nextTurn(() => {
    scheduled = false
    made = 0
    collectGarbage()
  })
}
