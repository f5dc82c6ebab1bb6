/** Timing inside a contender: warm-up, repetitions, median, and a clock all threads agree on. */
import type { Context, Sample, Size } from "./scenario.ts"

const SHARE: Record<Size, number> = { full: 1, quick: 0.1, smoke: 0.002 }
const REPEATS: Record<Size, number> = { full: 3, quick: 2, smoke: 1 }

/** The context of a run of this size. */
export function contextOf(size: Size): Context {
  return {
    size,
    repeats: REPEATS[size],
    count(full, least = 1) {
      return Math.max(least, Math.floor((full * SHARE[size]) / least) * least)
    },
  }
}

/** Nanoseconds on the monotonic clock that all threads of a process share. */
export function nanoseconds(): number {
  return Number(process.hrtime.bigint())
}

/** Middle value of a list that is not empty; the mean of the two middle ones when it is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Seconds that `work` took. */
export async function timed(work: () => unknown): Promise<number> {
  const start = nanoseconds()
  await work()
  return (nanoseconds() - start) / 1e9
}

/**
 * Runs `work` once as warm-up, then `context.repeats` times, or both `times` as often; `work`
 * returns the seconds of its own timed region. The median is the sample.
 */
export async function repeated(
  context: Context,
  count: number,
  work: () => Promise<number>,
  times = 1,
): Promise<Sample> {
  for (let i = 0; i < times; i++) await work()
  const all: number[] = []
  for (let i = 0; i < context.repeats * times; i++) all.push(await work())
  return { seconds: median(all), count }
}

/** Fails loudly when a contender's result is not the one the workload has. */
export function check(what: string, actual: number | bigint, expected: number | bigint): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, expected ${expected}`)
}

/** Sum of 0 … count - 1. */
export function sumBelow(count: number): number {
  return (count * (count - 1)) / 2
}
