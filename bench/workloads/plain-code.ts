/** An ordinary mix of computation: recursion, JSON, sorting, maps. */
import { check, repeated, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { fib, spin } from "./functions.js"
import { message, totalWeight, weight } from "./message.ts"

/**
 * Passes for each of a usual measurement. The heap grows for four or five passes, and a pass costs
 * a tenth more or less as collections fall into it: which ones, an import before decides.
 */
const PASSES = 5

export function measurePlainCode(context: Context): Promise<Sample> {
  const count = context.count(100_000)
  const pass = () => timed(() => mix(count, context.size === "full" ? 30 : 20))
  return repeated(context, 1, pass, context.size === "smoke" ? 1 : PASSES)
}

function mix(count: number, depth: number): void {
  fib(depth)
  spin(count * 100)
  const messages = Array.from({ length: count }, (_, i) => message((i * 7919) % count))
  const copies = messages.map((one) => JSON.parse(JSON.stringify(one)) as typeof one)
  copies.sort((a, b) => a.id - b.id)
  const byId = new Map(copies.map((one) => [one.id, one]))
  let sum = 0
  for (const one of byId.values()) sum += weight(one)
  check("weight", sum, totalWeight(byId.size))
}
