/** Fork-join: every call a fork, stolen by an idle isolate or run here. */
import { go, parallel, start, task } from "heddle"
import { check, nanoseconds, repeated, sumBelow } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { fibonacci } from "../workloads/plain.ts"

export const fib = task(import.meta.url, "fib", (n: number): number => {
  if (n < 2) return n
  const [a, b] = parallel.join(fib, n - 1, fib, n - 2)
  return a + b
})

/** The leaves from `from` to `to`: halves, as a join has two sides. */
export const sumLeaves = task(import.meta.url, "sumLeaves", (from: number, to: number): number => {
  if (to - from === 1) return from
  const middle = (from + to) >>> 1
  const [left, right] = parallel.join(sumLeaves, from, middle, sumLeaves, middle, to)
  return left + right
})

/** Runs `fib(n)` in an isolate and tells how long it took there. */
export const timedFib = task(import.meta.url, "timedFib", (n: number) => {
  const begin = nanoseconds()
  const result = fib(n)
  return { result, seconds: (nanoseconds() - begin) / 1e9 }
})

export async function measureFib(context: Context, n: number, isolates: number): Promise<Sample> {
  await start({ isolates })
  return repeated(context, 1, async () => {
    const { result, seconds } = await go(timedFib, n)
    check("fib", result, fibonacci(n))
    return seconds
  })
}

/** From the call to its result, as Go and Erlang measure it. */
export function measureSkynet(context: Context, leaves: number): Promise<Sample> {
  return repeated(context, 1, async () => {
    const begin = nanoseconds()
    const sum = await go(sumLeaves, 0, leaves)
    check("sum", sum, sumBelow(leaves))
    return (nanoseconds() - begin) / 1e9
  })
}
