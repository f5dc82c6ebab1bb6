/** Records of tasks, kept at hand by each isolate. */
import { TASK_RECORDS_KEPT } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { KeptBlocks } from "../internal/loop/kept.ts"
import { PAGE } from "../internal/memory/layout.ts"
import { dropReason } from "./reason.ts"
import * as record from "./record.ts"

const kept = new KeptBlocks(PAGE.TASK_RECORDS, record.RECORD_BYTES, TASK_RECORDS_KEPT)

/**
 * A record for a task.
 *
 * @throws {OutOfSharedMemoryError} when there is none
 */
export function acquireRecord(at: Here): number {
  return kept.acquire(at)
}

/** Gives back a record that was never filled. */
export function giveBackRecord(at: Here, task: number): void {
  kept.release(at, task)
}

/** Frees a task's record, and the reason that nobody has taken. */
export function releaseRecord(at: Here, task: number): void {
  dropReason(at, task)
  kept.release(at, task)
}
