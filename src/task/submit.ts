/**
 * The submitter's side of tasks: out to the lists, back through the inbox.
 *
 * Submitted tasks are chained here and appended to this isolate's list in groups: when a group is full,
 * and at the end of the turn at the latest. Idle isolates are woken, one per task.
 */
import { and, load, or, write } from "#platform/atomics"
import { SUBMIT_GROUP } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import {
  HeddleError,
  IsolateDiedError,
  RuntimeStoppedError,
  TaskCancelledError,
} from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import { flushLater, onDeath } from "../internal/loop/pump.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { HEAD_IDLE, HEAD_SLOTS } from "../internal/memory/layout.ts"
import { isAlive, ownerOf, slotOf } from "../internal/memory/owners.ts"
import { NEXT, ring, tell } from "../internal/queue/inbox.ts"
import { append, listOf, settle } from "../internal/queue/task-list.ts"
import { fromFailure } from "../internal/wire/failure.ts"
import { deathOf } from "../isolate/reap.ts"
import { onShutdown } from "../isolate/runtime.ts"
import { codeOf, whereSubmitted } from "./code.ts"
import { Pending, setTaskEvents, TaskPromise } from "./handle.ts"
import * as record from "./record.ts"
import { dropValues, resultCell, writeValues } from "./values.ts"

/** Bytes of the node that carries a request to cancel. */
const CANCEL_BYTES = 64
/** Words of that node: the task's record and its id, which tells whether the record is still its. */
export const CANCEL_RECORD = 2
export const CANCEL_ID = 3

const pending = new Pending()
let lastId = 0

/** Tasks submitted and not yet in the list. */
let first = 0
let last = 0
let held = 0
const publisher = { flush: publish }

/** How many tasks of this isolate have not ended. */
export function pendingCount(): number {
  return pending.count
}

/** Where a task may run: anywhere, or in the isolate with this token only. */
export type Place = number

/** Anywhere. */
export const ANYWHERE: Place = 0

/** Submits a call. What cannot be sent rejects the task. */
export function submit<R>(
  fn: unknown,
  args: readonly unknown[],
  name: string | undefined,
  place: Place,
): TaskPromise<R> {
  const at = here()
  const { code, captures } = codeOf(fn)
  const task = new TaskPromise<R>()
  task.id = slotOf(at.me) * 2 ** 32 + ++lastId
  task.name = name ?? code.name
  task.submittedAt = whereSubmitted(code)
  const block = acquire(at, record.RECORD_BYTES)
  try {
    writeValues(at, block, captures, args)
  } catch (error) {
    at.arena.release(block)
    task.settled = "failed"
    task.reject(error)
    task.end()
    return task
  }
  pending.add(task as TaskPromise<unknown>)
  count(at.words, at.me, COUNTER.TASKS_PENDING, 1)
  hold()
  task.record = block
  record.fill(at.words, block, at.me, {
    submitter: at.me,
    cookie: task.cookie,
    code: code.id,
    id: lastId | 0,
  })
  if (place === ANYWHERE) queue(at, block)
  else send(at, block, place)
  return task
}

/** A task for one isolate goes straight into its inbox. */
function send(at: Here, block: number, place: Place): void {
  record.pin(at.words, block)
  record.setHolder(at.words, block, place)
  tell(at.words, place, block, block)
  flushLater(publisher)
}

function queue(at: Here, block: number): void {
  if (first === 0) {
    first = block
    flushLater(publisher)
  } else write(at.words, last + NEXT, block)
  last = block
  if (++held >= SUBMIT_GROUP) publish()
}

function publish(): void {
  if (first === 0) return
  const at = here()
  append(at.words, listOf(slotOf(at.me)), first, last, held, at.me)
  const published = held
  first = 0
  held = 0
  wakeIdle(at, published)
}

/** Wakes up to `most` isolates that found no work. */
export function wakeIdle(at: Here, most: number): void {
  let woken = 0
  for (let half = 0; half < 2; half++) {
    for (let idle = load(at.words, HEAD_IDLE + half); idle !== 0; ) {
      const bit = idle & -idle
      if ((and(at.words, HEAD_IDLE + half, ~bit) & bit) !== 0) {
        const token = ownerOf(at.words, half * 32 + 31 - Math.clz32(bit))
        if (token !== 0) ring(at.words, token)
        if (++woken >= most) return
      }
      idle = load(at.words, HEAD_IDLE + half)
    }
  }
}

/** This isolate looks for work and finds none; whoever brings some rings. */
export function announceIdle(at: Here, idle: boolean): void {
  const slot = slotOf(at.me)
  const bit = 1 << (slot & 31)
  if (idle) or(at.words, HEAD_IDLE + (slot >>> 5), bit)
  else and(at.words, HEAD_IDLE + (slot >>> 5), ~bit)
}

/** A task of this isolate has ended: its record came back. */
export function completed(block: number): void {
  const at = here()
  const task = pending.get(record.cookieOf(at.words, block))
  const state = record.stateOf(at.words, block)
  if (task.settled !== "") {
    if (state === record.QUEUED) dropValues(at, block)
    else cells().drop(resultCell(block))
  } else if (state === record.DONE) {
    settleWith(task, block)
  } else {
    task.settled = "failed"
    task.reject(
      fromFailure(cells().take(resultCell(block)), { awaitedStack: task.submittedAt.stack }),
    )
  }
  forget(at, task)
}

function settleWith(task: TaskPromise<unknown>, block: number): void {
  if (cells().pending(resultCell(block))) {
    settleLater(task, block)
    return
  }
  try {
    const value = cells().take(resultCell(block))
    task.settled = "completed"
    task.resolve(value)
  } catch (error) {
    task.settled = "failed"
    task.reject(error)
  }
}

function forget(at: Here, task: TaskPromise<unknown>): void {
  at.arena.release(task.record)
  task.record = 0
  pending.remove(task)
  count(at.words, at.me, COUNTER.TASKS_PENDING, -1)
  letGo()
  task.end()
}

function cancel(task: TaskPromise<unknown>, reason: unknown): void {
  if (task.settled !== "") return
  const at = here()
  task.settled = "cancelled"
  task.reject(reason instanceof HeddleError ? reason : new TaskCancelledError(reason, task.name))
  publish()
  record.cancelRecord(at.words, task.record)
  const node = acquire(at, CANCEL_BYTES)
  write(at.words, node, KIND.CANCEL)
  write(at.words, node + CANCEL_RECORD, task.record)
  write(at.words, node + CANCEL_ID, record.idOf(at.words, task.record))
  const holder = record.holderOf(at.words, task.record)
  if (isAlive(at.words, holder)) tell(at.words, holder, node, node)
  else at.arena.release(node)
}

function settleLater(task: TaskPromise<unknown>, block: number): void {
  throw new Error(`task ${task.id}: a result at ${block} that arrives later`)
}

/** After a death: tasks that ran there are lost, tasks that waited there are queued again. */
function recheck(): void {
  const at = here()
  for (let slot = load(at.words, HEAD_SLOTS) - 1; slot >= 0; slot--)
    settle(at.words, listOf(slot), at.me)
  for (const task of pending.all()) {
    const holder = record.holderOf(at.words, task.record)
    if (!isAlive(at.words, holder)) bringBack(at, task, holder)
  }
}

function bringBack(at: Here, task: TaskPromise<unknown>, holder: number): void {
  const state = record.stateOf(at.words, task.record)
  if (state === record.DONE || state === record.FAILED) {
    completed(task.record)
    return
  }
  if (state === record.QUEUED && !record.isPinned(at.words, task.record)) {
    record.setHolder(at.words, task.record, at.me)
    write(at.words, task.record + NEXT, 0)
    queue(at, task.record)
    return
  }
  if (task.settled === "") {
    const death = deathOf(at, holder)
    task.settled = "failed"
    task.reject(
      new IsolateDiedError(slotOf(holder), death.reason, {
        exitCode: death.exitCode,
        ...(death.error === undefined ? {} : { cause: death.error }),
      }),
    )
  }
  forget(at, task)
}

onDeath(recheck)
onShutdown({
  busy: () => pending.all().map(({ name, id }) => (name === "" ? `task ${id}` : name)),
  cancel: () => {
    for (const task of pending.all()) task.cancel(new RuntimeStoppedError("a task was running"))
  },
})
setTaskEvents({ cancel })
