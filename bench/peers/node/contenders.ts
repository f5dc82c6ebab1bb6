/** Makes contenders of the pools: opens one and measures a way of calling on it. */
import type { Contender, Context, Sample } from "../../harness/scenario.ts"
import type { Run } from "../../workloads/calls.ts"
import { openPool, POOLS, type PoolName, type TaskName } from "./pools.ts"

/** A contender for each of `pools` that measures `way` on the named task. */
export function poolContenders(
  name: TaskName,
  way: (context: Context, run: Run) => Promise<Sample>,
  pools: readonly PoolName[] = POOLS,
): Record<string, Contender> {
  return Object.fromEntries(
    pools.map((pool) => [
      pool,
      async (context: Context) => way(context, await openPool(pool, name)),
    ]),
  )
}
