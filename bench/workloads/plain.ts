/** The workloads on one thread without any runtime. */
import { check, repeated, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { BLOCK_LENGTH, BLOCKS, fillBlock, sumBlock, sumOfBlock } from "./blocks.ts"
import { fib, increment } from "./functions.js"

export function measureMap(context: Context): Promise<Sample> {
  const items = Array.from({ length: context.count(1_000_000) }, (_, i) => i)
  return repeated(context, items.length, async () => {
    let mapped: number[] = []
    const duration = await timed(() => {
      mapped = items.map(increment)
    })
    check("last", mapped[items.length - 1], items.length)
    return duration
  })
}

export function measureFib(context: Context, n: number): Promise<Sample> {
  return repeated(context, 1, () =>
    timed(() => {
      check("fib", fib(n), fibonacci(n))
    }),
  )
}

/** Fibonacci by addition, to check the slow ones with. */
export function fibonacci(n: number): number {
  let [a, b] = [0, 1]
  for (let i = 0; i < n; i++) [a, b] = [b, a + b]
  return a
}

export function measureSum(context: Context, count: number): Promise<Sample> {
  const blocks = Array.from({ length: BLOCKS }, () => fillBlock(new Int32Array(BLOCK_LENGTH)))
  const passes = count / BLOCK_LENGTH
  return repeated(context, count, () =>
    timed(() => {
      let sum = 0
      for (let i = 0; i < passes; i++) sum += sumBlock(blocks[i % BLOCKS])
      check("sum", sum, passes * sumOfBlock)
    }),
  )
}
