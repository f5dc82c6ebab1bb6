/** Real threads for stress tests: each runs one of the jobs in stress-jobs.ts over shared words. */
import { Worker } from "node:worker_threads"
import { newToken, settle } from "../../src/internal/memory/owners.ts"
import type { JobName } from "./stress-jobs.ts"

/** What a thread is told: its job, the memory, its token, and numbers that the job knows. */
export interface Order {
  readonly job: JobName
  readonly words: Int32Array
  readonly token: number
  readonly numbers: readonly number[]
}

/** A running thread and its token. */
export interface Hand {
  readonly token: number
  /** Rejects when the thread fails. */
  readonly ended: Promise<void>
  terminate(): Promise<unknown>
}

/** Starts a thread that lives in `slot` and does `job`. */
export function start(
  job: JobName,
  words: Int32Array,
  slot: number,
  numbers: readonly number[],
): Hand {
  const token = newToken(words, slot)
  settle(words, token)
  const order: Order = { job, words, token, numbers }
  const worker = new Worker(new URL("./stress-jobs.ts", import.meta.url), {
    workerData: order,
    execArgv: ["--conditions=source"],
  })
  const ended = new Promise<void>((resolve, reject) => {
    worker.on("error", reject)
    worker.on("exit", () => resolve())
  })
  return { token, ended, terminate: () => worker.terminate() }
}
