/** Ways of calling a task, given only `run`: the same code measures every pool and us. */
import { availableParallelism } from "node:os"
import { check, nanoseconds, repeated, sumBelow, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { factorial, spin } from "./functions.js"
import { load, type Shape } from "./load.ts"

/** Runs a task somewhere else. */
export type Run = (value: number) => PromiseLike<number | bigint>

const IN_FLIGHT = 10_000

/** Each call is awaited before the next begins. */
export function oneByOne(context: Context, run: Run): Promise<Sample> {
  const count = context.count(20_000)
  return repeated(context, count, async () => {
    let sum = 0
    const duration = await timed(async () => {
      for (let i = 0; i < count; i++) sum += Number(await run(i))
    })
    check("sum", sum, sumBelow(count) + count)
    return duration
  })
}

/** Calls go out in waves of 10,000; a wave is awaited as a whole. */
export function inFlight(context: Context, run: Run): Promise<Sample> {
  const wave = Math.min(IN_FLIGHT, context.count(200_000))
  const waves = Math.max(1, context.count(200_000) / wave)
  return repeated(context, wave * waves, async () => {
    let sum = 0
    const duration = await timed(async () => {
      for (let i = 0; i < waves; i++) {
        const calls: PromiseLike<number | bigint>[] = []
        for (let k = 0; k < wave; k++) calls.push(run(k))
        for (const value of await Promise.all(calls)) sum += Number(value)
      }
    })
    check("sum", sum, waves * (sumBelow(wave) + wave))
    return duration
  })
}

/** The whole unequal load at once, as a share of what the cores could do with it. */
export async function unequalLoad(context: Context, shape: Shape, run: Run): Promise<Sample> {
  const rounds = load(shape, context.size === "smoke" ? 0.02 : 1)
  let expected = 0
  const oneThread = await repeated(context, 1, () => {
    expected = 0
    return timed(() => {
      for (const task of rounds) expected += spin(task)
    })
  })
  const pooled = await repeated(context, 1, async () => {
    let sum = 0
    const duration = await timed(async () => {
      for (const value of await Promise.all(rounds.map(run))) sum += Number(value)
    })
    check("sum", sum, expected)
    return duration
  })
  const ideal = secondsOf(oneThread) / availableParallelism()
  return { value: (100 * ideal) / secondsOf(pooled) }
}

function secondsOf(sample: Sample): number {
  if ("value" in sample) throw new TypeError("a sample with a value has no seconds")
  return sample.seconds
}

const FACTORIAL_OF = 1000

/** Many factorials at once, every result brought back; one timed pass after a short warm-up. */
export async function factorials(context: Context, run: Run): Promise<Sample> {
  const expected = factorial(FACTORIAL_OF)
  const count = context.count(100_000)
  await allFactorials(Math.ceil(count / 20), run, expected)
  return { seconds: await allFactorials(count, run, expected), count }
}

async function allFactorials(count: number, run: Run, expected: bigint): Promise<number> {
  const start = nanoseconds()
  const calls: PromiseLike<number | bigint>[] = []
  for (let i = 0; i < count; i++) calls.push(run(FACTORIAL_OF))
  let right = 0
  for (const value of await Promise.all(calls)) if (value === expected) right++
  check("right results", right, count)
  return (nanoseconds() - start) / 1e9
}

/** The same factorials on one thread, without any pool. */
export async function factorialsOnOneThread(context: Context): Promise<Sample> {
  const expected = factorial(FACTORIAL_OF)
  const count = context.count(100_000)
  const seconds = await timed(() => {
    let right = 0
    for (let i = 0; i < count; i++) if (factorial(FACTORIAL_OF) === expected) right++
    check("right results", right, count)
  })
  return { seconds, count }
}
