/** Ended tasks on their way back to who submitted them: told in groups, one for each submitter. */
import { read, write } from "#platform/atomics"
import { COMPLETION_GROUP } from "#platform/limits"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { flushLater } from "../internal/loop/pump.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { NEXT, tell } from "../internal/queue/inbox.ts"
import * as record from "./record.ts"
import { releaseRecord } from "./records.ts"
import { dropValues, resultCell } from "./values.ts"

/** Ended tasks of one submitter, chained. */
interface Report {
  first: number
  last: number
  count: number
}

/** By the submitter's token. */
const reports = new Map<number, Report>()

const flushable = { flush: flushReports }

/** A task has ended here in `state`; its submitter hears of it by the end of the turn. */
export function giveBack(at: Here, block: number, state: number): void {
  count(at.words, at.me, COUNTER.TASKS_ENDED, 1)
  record.setState(at.words, block, state)
  const submitter = record.submitterOf(at.words, block)
  const open = reports.get(submitter)
  if (open === undefined) {
    write(at.words, block + NEXT, 0)
    reports.set(submitter, { first: block, last: block, count: 1 })
    flushLater(flushable)
    return
  }
  write(at.words, block + NEXT, open.first)
  open.first = block
  if (++open.count >= COMPLETION_GROUP) flushReports()
}

/** Tells all submitters what has ended, now. */
export function flushReports(): void {
  if (reports.size === 0) return
  const at = here()
  for (const [token, { first, last }] of reports) deliver(at, token, first, last)
  reports.clear()
}

function deliver(at: Here, token: number, first: number, last: number): void {
  if (isAlive(at.words, token)) {
    tell(at.words, token, first, last)
    return
  }
  for (let block = first; block !== 0; ) {
    const following = read(at.words, block + NEXT)
    dropRecord(at, block)
    block = following
  }
}

/**
 * Frees a record that nobody waits for. What has not run has values and no result: that cell holds
 * what another task left there.
 */
export function dropRecord(at: Here, block: number): void {
  if (record.stateOf(at.words, block) === record.QUEUED) dropValues(at, block)
  else cells().drop(resultCell(block))
  releaseRecord(at, block)
}
