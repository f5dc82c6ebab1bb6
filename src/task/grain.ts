/** How many items of a parallel loop go into one chunk: a function of what the last chunks took. */
import {
  CHUNK_GROWTH,
  CHUNK_ITEMS_ASYNC,
  CHUNK_ITEMS_MAX,
  CHUNK_MS,
  CHUNKS_PER_ISOLATE,
} from "#platform/limits"

/** What a chunk took. */
export interface Measured {
  readonly items: number
  readonly ms: number
  readonly isAsync: boolean
}

/** The most items a chunk may have so that every isolate gets its share. */
export function largestGrain(total: number | undefined, isolates: number): number {
  if (total === undefined) return CHUNK_ITEMS_MAX
  const share = Math.ceil(total / (isolates * CHUNKS_PER_ISOLATE))
  return Math.max(1, Math.min(CHUNK_ITEMS_MAX, share))
}

/** The size of the next chunk: CHUNK_MS of work, reached in steps, and at most `largest` items. */
export function nextGrain(measured: Measured, largest: number): number {
  const { items, ms, isAsync } = measured
  const steps = items * CHUNK_GROWTH
  const aim = ms > 0 ? Math.floor((items / ms) * CHUNK_MS) : steps
  const most = isAsync ? Math.min(largest, CHUNK_ITEMS_ASYNC) : largest
  return Math.max(1, Math.min(aim, steps, most))
}
