/** Programs of the Savina suite that others are compared with. */
import { start } from "heddle"
import { nanoseconds, repeated } from "../harness/measure.ts"
import { BIG_ACTORS, RING_ACTORS } from "../harness/savina.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { type Program, Stage } from "../savina/kit.ts"
import * as big from "../savina/programs/big.ts"
import * as threadring from "../savina/programs/threadring.ts"

/** A token goes round a ring: `full` hops in a full run. */
export function measureRing(context: Context, full: number, isolates: number): Promise<Sample> {
  const hops = context.count(full)
  return measure(context, hops, threadring.program, { actors: RING_ACTORS, hops }, isolates)
}

/** Everybody pings somebody, again and again: `full` pings each in a full run. */
export function measureBig(context: Context, full: number, isolates: number): Promise<Sample> {
  const pings = context.count(full)
  const messages = 2 * pings * BIG_ACTORS
  return measure(context, messages, big.program, { actors: BIG_ACTORS, pings }, isolates)
}

async function measure<S>(
  context: Context,
  messages: number,
  program: Program<S>,
  sizes: S,
  isolates: number,
): Promise<Sample> {
  await start({ isolates })
  return repeated(context, messages, async () => {
    const begin = nanoseconds()
    await new Stage().run(program, sizes)
    return (nanoseconds() - begin) / 1e9
  })
}
