/** Parallel loops. */
import { parallel, task } from "heddle"
import { check, repeated, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"

export const addOne = task(import.meta.url, "addOne", (value: number): number => value + 1)

export function measureMap(context: Context): Promise<Sample> {
  const items = Array.from({ length: context.count(1_000_000) }, (_, i) => i)
  return repeated(context, items.length, async () => {
    let mapped: number[] = []
    const duration = await timed(async () => {
      mapped = await parallel.map(items, addOne)
    })
    check("length", mapped.length, items.length)
    check("first", mapped[0], 1)
    check("last", mapped[items.length - 1], items.length)
    return duration
  })
}
