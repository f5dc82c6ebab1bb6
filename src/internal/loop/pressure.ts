/**
 * When to collect garbage for the sake of shared memory: after many new handles, and when the
 * memory is used up. It happens between turns, because what a job has touched is kept alive to its
 * end.
 */
import { nextTurn } from "#platform/clock"
import { collectGarbage } from "#platform/heap"
import { HANDLES_PER_COLLECTION } from "#platform/limits"

let made = 0
let living = 0
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
