/**
 * How many numbers a second `parallel.map` of a no-op takes.
 * `node --conditions=source bench/micro/parallel.ts`
 */
import { isMainThread } from "node:worker_threads"
import { parallel, task } from "heddle"

export const addOne = task(import.meta.url, "addOne", (value: number): number => value + 1)

const COUNT = 1_000_000
const PASSES = 12

async function measure(name: string, items: readonly number[] | Float64Array): Promise<void> {
  const rates: number[] = []
  for (let pass = 0; pass < PASSES; pass++) {
    const begin = performance.now()
    const mapped = await parallel.map(items, addOne)
    rates.push(COUNT / (performance.now() - begin) / 1000)
    if (mapped.length !== COUNT || mapped[7] !== items[7] + 1) throw new Error("wrong result")
  }
  const sorted = rates.toSorted((a, b) => a - b)
  const [median, best] = [sorted[PASSES >> 1], sorted[PASSES - 1]].map((rate) => rate.toFixed(1))
  const all = rates.map((rate) => rate.toFixed(0)).join(" ")
  console.log(`${name}: median ${median} M/s, best ${best}, all ${all}`)
}

if (isMainThread) {
  await measure(
    "ints",
    Array.from({ length: COUNT }, (_, i) => i),
  )
  await measure(
    "doubles",
    Array.from({ length: COUNT }, (_, i) => i + 0.5),
  )
  await measure(
    "float64array",
    Float64Array.from({ length: COUNT }, (_, i) => i),
  )
}
