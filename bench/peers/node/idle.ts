/** Bare workers: their weight and how soon they answer. */
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { setTimeout as rest } from "node:timers/promises"
import { Worker } from "node:worker_threads"
import { check } from "../../harness/measure.ts"
import type { Sample } from "../../harness/scenario.ts"

export const WORKERS = 8

/** Anonymous resident memory of this process in MiB. */
export function anonymousMebibytes(): number {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))
  if (line === null) throw new Error("/proc/self/status does not tell RssAnon")
  return Number(line[1]) / 1024
}

/** MiB per worker that `start` brings, once it has settled. */
export async function mebibytesOf(start: () => Promise<unknown>): Promise<Sample> {
  const before = anonymousMebibytes()
  await start()
  await rest(500)
  return { value: (anonymousMebibytes() - before) / WORKERS }
}

export function measureMemory(): Promise<Sample> {
  return mebibytesOf(() => Promise.all(Array.from({ length: WORKERS }, answered)))
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
