/** Why a task was cancelled: a cell in a block of its own, which the task's record names. */
import { cells } from "../internal/loop/cell.ts"
import { acquire, type Here } from "../internal/loop/here.ts"
import { fromFailure, toFailure } from "../internal/wire/failure.ts"
import * as record from "./record.ts"

const REASON_BYTES = 64

/** A block with the reason; 0 when no memory is left for it. */
export function putReason(at: Here, error: unknown): number {
  const reason = toFailure(error)
  let block = 0
  try {
    block = acquire(at, REASON_BYTES)
    const tag = cells().prepare(reason, "reason")
    cells().put(block, tag, reason)
    cells().commit(tag)
    return block
  } catch {
    if (block !== 0) at.arena.release(block)
    return 0
  }
}

/** Why the task in this record was cancelled; undefined when nobody can say, or has said it. */
export function takeReason(at: Here, task: number): unknown {
  const block = record.takeReason(at.words, task)
  if (block === 0) return undefined
  try {
    return fromFailure(cells().take(block))
  } catch (unreadable) {
    return unreadable
  } finally {
    at.arena.release(block)
  }
}

/** Drops the reason that nobody has taken. */
export function dropReason(at: Here, task: number): void {
  const block = record.takeReason(at.words, task)
  if (block === 0) return
  cells().drop(block)
  at.arena.release(block)
}
