/**
 * Tasks on their way back: from an ended record to a settled promise, and what becomes of the tasks
 * of an isolate that died.
 */
import { load, write } from "#platform/atomics"
import { letGo } from "#platform/park"
import { IsolateDiedError, RuntimeStoppedError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onDeath } from "../internal/loop/pump.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { isAlive, isReaped, slotOf } from "../internal/memory/owners.ts"
import { contains, NEXT } from "../internal/queue/inbox.ts"
import { append, forksOf, listOf, settle } from "../internal/queue/task-list.ts"
import { deathOf } from "../isolate/reap.ts"
import { onDefeat } from "../isolate/roster.ts"
import { onShutdown } from "../isolate/runtime.ts"
import type { TaskPromise } from "./handle.ts"
import * as record from "./record.ts"
import { releaseRecord } from "./records.ts"
import { pending, queue } from "./submit.ts"
import { dropValues, resultCell, takeFailure } from "./values.ts"

/**
 * Forks whose results name buffers that are not here yet; who waits for one is blocked, and asks.
 */
const arriving = new Set<TaskPromise<unknown>>()

/** Looks whether what a fork's result names has come, or never will. */
export function askFor(task: TaskPromise<unknown>): void {
  if (!arriving.delete(task)) return
  const at = here()
  const holder = record.holderOf(at.words, task.record)
  const lives = isAlive(at.words, holder)
  completed(task.record)
  if (lives || !arriving.delete(task)) return
  cells().drop(resultCell(task.record))
  task.failHere(deathError(at, holder))
  forget(at, task)
}

/** A task of this isolate has ended: its record came back. */
export function completed(block: number): void {
  const at = here()
  const task = pending.get(record.cookieOf(at.words, block))
  const state = record.stateOf(at.words, block)
  if (task.settled !== "") cells().drop(resultCell(block))
  else if (state === record.FAILED) task.fail(takeFailure(at, block, task.submittedAt.stack))
  else if (cells().pending(resultCell(block))) {
    if (record.isFork(at.words, block)) arriving.add(task)
    else completeLater(at, task, block)
    return
  } else complete(task, block)
  forget(at, task)
}

function complete(task: TaskPromise<unknown>, block: number): void {
  try {
    const value = cells().take(resultCell(block))
    task.settled = "completed"
    task.resolve(value)
  } catch (error) {
    task.fail(error)
  }
}

/** A result with moved buffers is complete when they are here, whatever becomes of its runner. */
async function completeLater(at: Here, task: TaskPromise<unknown>, block: number): Promise<void> {
  record.setHolder(at.words, block, at.me)
  try {
    await cells().arrived(resultCell(block))
    if (task.settled === "") complete(task, block)
    else cells().drop(resultCell(block))
  } catch (error) {
    cells().drop(resultCell(block))
    if (task.settled === "") task.fail(error)
  }
  forget(at, task)
}

/** The task has ended, and nobody needs its record any more. */
export function forget(at: Here, task: TaskPromise<unknown>): void {
  releaseRecord(at, task.record)
  part(at, task)
}

/** The task has ended here, whatever becomes of its record. */
function part(at: Here, task: TaskPromise<unknown>): void {
  task.record = 0
  pending.remove(task)
  count(at.words, at.me, COUNTER.TASKS_PENDING, -1)
  letGo()
  task.end()
}

/** After a death: tasks that ran there are lost, tasks that waited there are queued again. */
function recheck(): void {
  const at = here()
  for (let slot = load(at.words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    settle(at.words, listOf(slot), at.me)
    settle(at.words, forksOf(slot), at.me)
  }
  for (const task of pending.all()) {
    if (task.record === 0) continue
    const holder = record.holderOf(at.words, task.record)
    if (!isReaped(at.words, holder)) continue
    // Main may have taken it over a moment ago.
    if (record.holderOf(at.words, task.record) === holder) bringBack(at, task, holder)
  }
}

function bringBack(at: Here, task: TaskPromise<unknown>, holder: number): void {
  const state = record.stateOf(at.words, task.record)
  if (state === record.DONE || state === record.FAILED) {
    // What the dead isolate has told this one after the inbox was taken comes with the next turn.
    if (!contains(at.words, at.me, task.record)) completed(task.record)
    return
  }
  if (state === record.QUEUED && !record.isPinned(at.words, task.record)) {
    record.setHolder(at.words, task.record, at.me)
    write(at.words, task.record + NEXT, 0)
    if (record.isFork(at.words, task.record)) appendFork(at, task.record)
    else queue(at, task.record)
    return
  }
  if (task.settled === "") task.failHere(deathError(at, holder))
  if (task.adrift) part(at, task)
  else {
    dropValues(at, task.record)
    forget(at, task)
  }
}

/** Whether a task has gone with its isolate, although this isolate has not dealt with that yet. */
function isLost({ words }: Here, { record: block, settled }: TaskPromise<unknown>): boolean {
  if (block === 0 || isAlive(words, record.holderOf(words, block))) return false
  return settled !== "" || record.stateOf(words, block) !== record.QUEUED
}

function deathError(at: Here, holder: number): IsolateDiedError {
  const { reason, exitCode, error } = deathOf(at, holder)
  return new IsolateDiedError(slotOf(holder), reason, { exitCode, cause: error })
}

/** A fork goes where this isolate, which waits for it, looks itself. */
function appendFork(at: Here, block: number): void {
  append(at.words, forksOf(slotOf(at.me)), block, block, 1, at.me)
}

/** No isolate will ever run what waits; the records stay in their lists. */
function abandon(error: Error): void {
  const at = here()
  for (const task of pending.all()) {
    const waits = record.stateOf(at.words, task.record) === record.QUEUED
    if (!waits || record.isPinned(at.words, task.record)) continue
    record.cancelRecord(at.words, task.record, 0)
    if (task.settled === "") task.fail(error)
    part(at, task)
  }
}

onDeath(recheck)
onDefeat(abandon)
onShutdown({
  busy: () =>
    pending
      .all()
      .filter((task) => !isLost(here(), task))
      .map(({ name, id }) => (name === "" ? `task ${id}` : name)),
  cancel: () => {
    for (const task of pending.all()) {
      task.cancel(task.traced(new RuntimeStoppedError("a task was running")))
    }
  },
})
