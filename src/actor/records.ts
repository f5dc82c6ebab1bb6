/**
 * Blocks for messages, kept at hand by each isolate: a sender and a receiver in one isolate pass
 * the same ones to and fro without touching the arena.
 */
import { RECORDS_KEPT } from "#platform/limits"
import type { Here } from "../internal/loop/here.ts"
import { KeptBlocks } from "../internal/loop/kept.ts"
import { PAGE } from "../internal/memory/layout.ts"

/** Bytes of a message. */
const RECORD_BYTES = 64

const kept = new KeptBlocks(PAGE.RECORDS, RECORD_BYTES, RECORDS_KEPT)

/** A block for a message, with whatever it held before. */
export function acquireRecord(at: Here): number {
  return kept.acquire(at)
}

/** Gives one back, from whichever isolate. */
export function releaseRecord(at: Here, record: number): void {
  kept.release(at, record)
}
