/** What the contenders of actors have in common. */
import { getHeapStatistics } from "node:v8"
import type { Context, Sample } from "./scenario.ts"

/** Messages told before the teller waits until they were taken. */
export const TELL_BATCH = 256

/** Times as many runs of starts as of others: one takes a tenth of a second. */
export const SPAWN_TIMES = 3

/** Collects what has ended, and lets it be finalized; where --expose-gc was given. */
export async function collect(): Promise<void> {
  globalThis.gc?.()
  await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Actors that are started to be weighed. */
const WEIGHED = 50_000

/** Bytes of one actor: `start` starts as many as it is told. Run with --expose-gc. */
export async function bytesOf(
  context: Context,
  start: (count: number) => Promise<void>,
): Promise<Sample> {
  const count = context.count(WEIGHED)
  // What the first ones bring is code.
  await start(Math.ceil(count / 10))
  const before = await residentBytes()
  await start(count)
  return { value: ((await residentBytes()) - before) / count }
}

/** Resident memory, less what the engine's heap keeps free. */
async function residentBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) await collect()
  // Of what the heap has reserved, only what it has touched is resident.
  const { total_physical_size: touched, used_heap_size: used } = getHeapStatistics()
  return process.memoryUsage.rss() - touched + used
}
