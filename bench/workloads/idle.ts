/** Idle cost and start-up, the same for every pool and for us. */
import { availableParallelism } from "node:os"
import { setTimeout as rest } from "node:timers/promises"
import { check } from "../harness/measure.ts"
import type { Contender, Context, Sample, Size } from "../harness/scenario.ts"
import { openPool, POOLS, type PoolName } from "../peers/node/pools.ts"
import type { Run } from "./calls.ts"

const IDLE_MS: Record<Size, number> = { full: 5_000, quick: 1_000, smoke: 50 }

/** Percent of a core per worker, over some seconds in which nothing happens. */
export async function idleCpu(context: Context, run: Run): Promise<Sample> {
  await Promise.all(Array.from({ length: 100 }, (_, i) => run(i)))
  await rest(IDLE_MS[context.size] / 10)
  const before = process.cpuUsage()
  const start = performance.now()
  await rest(IDLE_MS[context.size])
  const elapsedMs = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { value: (100 * (user + system)) / 1000 / elapsedMs / availableParallelism() }
}

/** Milliseconds from `open` to the first result. */
export async function firstTask(open: () => Promise<Run>): Promise<Sample> {
  const start = performance.now()
  const run = await open()
  check("result", await run(1), 2)
  return { value: performance.now() - start }
}

/** Ours with the price of loading the package. */
export function measureFirstTaskWithImport(): Promise<Sample> {
  return firstTask(async () => (await import("../ours/tasks.ts")).run)
}

const pools: readonly PoolName[] = POOLS.filter((pool) => pool !== "piscina, 64 a worker")

export const idleCpuContenders: Record<string, Contender> = {
  heddle: async (context) => idleCpu(context, (await import("../ours/tasks.ts")).run),
  ...Object.fromEntries(
    pools.map((pool) => [
      pool,
      async (context: Context) => idleCpu(context, await openPool(pool, "increment")),
    ]),
  ),
}

export const firstTaskContenders: Record<string, Contender> = Object.fromEntries(
  pools.map((pool) => [
    `${pool}, import included`,
    () => firstTask(() => openPool(pool, "increment")),
  ]),
)
