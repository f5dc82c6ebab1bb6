/** Bare workers: their weight and how soon they answer. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { check } from "../../harness/measure.ts"
import { mebibytesOf, WORKERS } from "../../harness/memory.ts"
import type { Context, Sample } from "../../harness/scenario.ts"

export function measureMemory(context: Context): Promise<Sample> {
  return mebibytesOf(context, () => Promise.all(Array.from({ length: WORKERS }, answered)))
}

export async function measureFirstMessage(): Promise<Sample> {
  const start = performance.now()
  await answered()
  return { value: performance.now() - start }
}

async function answered(): Promise<void> {
  const worker = new Worker(new URL("./idle-worker.js", import.meta.url))
  const answer = once(worker, "message")
  worker.postMessage(1)
  check("answer", (await answer)[0], 2)
}
