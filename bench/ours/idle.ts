/** Heddle at rest, and its first task. */
import { go, start } from "heddle"
import { mebibytesOf, WORKERS } from "../harness/memory.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { firstTask } from "../workloads/idle.ts"
import { increment } from "./functions.js"

/** Starts as many isolates as the memory question asks for; each runs a task. */
export function measureMemory(context: Context): Promise<Sample> {
  return mebibytesOf(context, async () => {
    await start({ isolates: WORKERS })
    await Promise.all(
      Array.from({ length: WORKERS }, (_, i) => go.with({ on: i + 1 })(increment, i)),
    )
  })
}

export function measureFirstTask(): Promise<Sample> {
  return firstTask(async () => (value) => go(increment, value))
}

/** Isolates that have run something and now have nothing to do. */
export async function startIdle(): Promise<void> {
  await Promise.all([go(increment, 1), go(increment, 2)])
}
