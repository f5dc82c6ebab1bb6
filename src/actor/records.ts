/**
 * Blocks for messages, kept at hand by each isolate: a sender and a receiver in one isolate pass
 * the same ones to and fro without touching the arena.
 *
 * Death   the chain lies in the isolate's page, and the next isolate in this place has it; one
 *         block is lost when death comes between taking it out and using it
 */
import { read, write } from "#platform/atomics"
import { RECORDS_KEPT } from "#platform/limits"
import { acquire, type Here } from "../internal/loop/here.ts"
import { PAGE, pageOf } from "../internal/memory/layout.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { NEXT } from "../internal/queue/inbox.ts"

/** Bytes of a message. */
const RECORD_BYTES = 64

/** Word with the first free record of this isolate; 0 until it is known. */
let chain = 0
/** How many this life has put there more than it has taken. */
let kept = 0

/** A block for a message, with whatever it held before. */
export function acquireRecord(at: Here): number {
  if (chain === 0) chain = pageOf(slotOf(at.me)) + PAGE.RECORDS
  const record = read(at.words, chain)
  if (record === 0) return acquire(at, RECORD_BYTES)
  kept--
  write(at.words, chain, read(at.words, record + NEXT))
  return record
}

/** Gives one back, from whichever isolate. */
export function releaseRecord(at: Here, record: number): void {
  if (chain === 0) chain = pageOf(slotOf(at.me)) + PAGE.RECORDS
  if (kept >= RECORDS_KEPT) {
    at.arena.release(record)
    return
  }
  kept++
  write(at.words, record + NEXT, read(at.words, chain))
  write(at.words, chain, record)
}
