/**
 * Tasks on their way out: from a call to a record in a list. outcome.ts has the way back.
 *
 * Submitted tasks are chained here and appended to this isolate's list in groups: when a group is
 * full, and at the end of the turn at the latest. Idle isolates are woken, one per task.
 */
import { write } from "#platform/atomics"
import { GROUPS_AHEAD, SUBMIT_GROUP } from "#platform/limits"
import { hold } from "#platform/park"
import { type Here, here } from "../internal/loop/here.ts"
import { flushLater } from "../internal/loop/pump.ts"
import { count as addTo, COUNTER } from "../internal/memory/counters.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { NEXT, tell } from "../internal/queue/inbox.ts"
import { append, lengthHint, listOf } from "../internal/queue/task-list.ts"
import { type Callback, codeOf } from "./code.ts"
import { Pending, TaskPromise } from "./handle.ts"
import { someoneIsBrisk, wakeIdle } from "./idle.ts"
import * as record from "./record.ts"
import { acquireRecord, giveBackRecord } from "./records.ts"
import { writeValues } from "./values.ts"

/** Tasks submitted here that have not ended. */
export const pending = new Pending()
let lastId = 0

/** Tasks submitted and not yet in the list. */
let first = 0
let last = 0
let held = 0
/** Tasks in the list for which nobody was woken. */
let unheard = 0
const publisher = { flush: publish }

/** Where a task may run: anywhere, or in the isolate with this token only. */
export type Place = number

/** Anywhere. */
export const ANYWHERE: Place = 0

/** Submits a call made through `callee`. What cannot be sent rejects the task. */
export function submit<R>(
  fn: unknown,
  args: readonly unknown[],
  name: string | undefined,
  place: Place,
  callee: Callback,
): TaskPromise<R> {
  const at = here()
  const { code, captures } = codeOf(fn)
  const task = new TaskPromise<R>(name ?? code.name, code.from.note(callee))
  let block: number
  try {
    block = acquireRecord(at)
    enlist(at, block, task as TaskPromise<unknown>, code.id, captures, args)
  } catch (error) {
    task.settled = "failed"
    task.reject(error)
    task.end()
    return task
  }
  if (place === ANYWHERE) queue(at, block)
  else send(at, block, place)
  return task
}

/**
 * Fills the record of a call and counts the task as pending.
 *
 * @throws {NotSendableError} when one of the values cannot cross; then the block is free again
 */
export function enlist(
  at: Here,
  block: number,
  task: TaskPromise<unknown>,
  code: number,
  captures: readonly unknown[] | undefined,
  args: readonly unknown[],
): void {
  task.id = slotOf(at.me) * 2 ** 32 + ++lastId
  try {
    writeValues(at, block, captures, args)
  } catch (error) {
    giveBackRecord(at, block)
    throw error
  }
  pending.add(task)
  addTo(at.words, at.me, COUNTER.TASKS_PENDING, 1)
  hold()
  task.record = block
  record.fill(at.words, block, at.me, task.cookie, code, lastId | 0)
}

/** A task for one isolate goes straight into its inbox. */
function send(at: Here, block: number, place: Place): void {
  record.pin(at.words, block)
  record.setHolder(at.words, block, place)
  tell(at.words, place, block, block)
  if (!isAlive(at.words, place)) pending.get(record.cookieOf(at.words, block)).adrift = true
  flushLater(publisher)
}

/** Puts a record into this isolate's list, where idle isolates find it. */
export function queue(at: Here, block: number): void {
  if (first === 0) {
    first = block
    flushLater(publisher)
  } else write(at.words, last + NEXT, block)
  last = block
  if (++held >= SUBMIT_GROUP) publishGroup()
}

/** Makes the tasks held back visible to others, and wakes an isolate for each. */
export function publish(): void {
  const count = unheard + publishList()
  unheard = 0
  wakeIdle(here(), count)
}

/**
 * In the middle of many: one isolate is woken, which wakes the next when there is more than it
 * takes. Nobody, while one is at work on small tasks and not far behind: a wake takes longer than
 * running them.
 */
function publishGroup(): void {
  const at = here()
  unheard += publishList()
  const waiting = lengthHint(at.words, listOf(slotOf(at.me)))
  if (waiting < GROUPS_AHEAD * SUBMIT_GROUP && someoneIsBrisk(at)) return
  unheard = 0
  wakeIdle(at, 1)
}

/** Returns how many tasks were held back. */
function publishList(): number {
  if (first === 0) return 0
  const at = here()
  const count = held
  append(at.words, listOf(slotOf(at.me)), first, last, count, at.me)
  first = 0
  held = 0
  return count
}
