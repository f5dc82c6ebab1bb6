/**
 * Running tasks: own ones first, then others' — finish what is begun, help a neighbour.
 *
 * The one place where the runtime enters a task's code, and the one catch around it, is `call`.
 */
import { load, read } from "#platform/atomics"
import { now } from "#platform/clock"
import { RUN_TASKS, STEAL_TASKS, TURN_MS } from "#platform/limits"
import { below } from "#platform/random"
import { cells } from "../internal/loop/cell.ts"
import { Fifo } from "../internal/loop/fifo.ts"
import { type Here, here, whenAttached } from "../internal/loop/here.ts"
import { onNode, schedule, setWork } from "../internal/loop/pump.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { COUNTER, count, resetCounters } from "../internal/memory/counters.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { NEXT } from "../internal/queue/inbox.ts"
import { want, wantNoMore } from "../internal/queue/steal-request.ts"
import { append, forksOf, lengthHint, listOf, steal, take } from "../internal/queue/task-list.ts"
import { onReap, onUnheard } from "../isolate/reap.ts"
import { onCancel } from "./cancel.ts"
import { functionOf } from "./code.ts"
import { amid, callWith, keepFrame, leaveFrames, TaskContext } from "./context.ts"
import { drive, isGenerator } from "./generator.ts"
import { announceIdle, forgetIdle, isWorthWaking, notePace, setBrisk, wakeIdle } from "./idle.ts"
import { leavesTasks, leaveTasks, noteGoesOn } from "./leave.ts"
import { completed } from "./outcome.ts"
import { Pace } from "./pace.ts"
import * as record from "./record.ts"
import { dropRecord, flushReports, giveBack } from "./reports.ts"
import { pending } from "./submit.ts"
import {
  boundCount,
  dropValues,
  putFailure,
  resultCell,
  takeValues,
  valuesArrived,
  valuesPending,
} from "./values.ts"

type Callback = (...values: never[]) => unknown

/** Tasks that have begun here and not ended, by record. */
const running = new Map<number, TaskContext>()

/** Tasks that only this isolate may run. */
const pinned = new Fifo<number>()

let helpsOthers = false

/** Functions that are being loaded here for a task. */
let loading = 0

/** Takes part in running everybody's tasks; main does not. */
export function helpOthers(): void {
  helpsOthers = true
  whenAttached(schedule)
}

function run(): boolean {
  const at = here()
  const begun = now()
  const pace = new Pace(begun, TURN_MS / 4)
  let ran = 0
  while (ran < RUN_TASKS) {
    const block = pinned.shift() ?? nextOfAll(at)
    if (block === 0) break
    begin(at, block)
    if (pace.isOver(++ran)) break
  }
  if (ran === 0) return false
  leaveFrames()
  flushReports()
  if (helpsOthers) notePace(at, ran, now() - begun)
  return true
}

/**
 * Whether this isolate takes tasks that others could run. While a function is loaded it takes none:
 * they would all be stuck behind the first. Except when the module that is loaded waits for tasks
 * of its own.
 */
function takesMore(): boolean {
  return helpsOthers && (loading === 0 || pending.count > 0)
}

/** The next of the tasks that others could run as well; 0 when there is none for this isolate. */
function nextOfAll(at: Here): number {
  if (!takesMore()) return 0
  if (!leavesTasks(at)) return next(at)
  if (areListed(at)) leaveTasks(at)
  return 0
}

/** The next task: from the own list, else from a neighbour's. */
function next(at: Here): number {
  const own = take(at.words, listOf(slotOf(at.me)), 1, at.me)
  return own === 0 ? stealAny(at) : own
}

function stealAny(at: Here): number {
  const slots = load(at.words, HEAD_SLOTS)
  const start = below(slots)
  for (let i = 0; i < slots; i++) {
    const slot = (start + i) % slots
    const fork = steal(at.words, forksOf(slot), 1, at.me)
    if (fork !== 0) return fork
    if (slot === slotOf(at.me)) continue
    const first = steal(at.words, listOf(slot), STEAL_TASKS, at.me)
    if (first === 0) continue
    keepRest(at, first)
    if (isWorthWaking(lengthHint(at.words, listOf(slot)))) wakeIdle(at, 1)
    return first
  }
  return 0
}

/** Of stolen tasks, all but the first go to the own list, where others may steal them again. */
function keepRest(at: Here, first: number): void {
  const second = read(at.words, first + NEXT)
  if (second === 0) return
  const [last, length] = endOf(at.words, second)
  append(at.words, listOf(slotOf(at.me)), second, last, length, at.me)
  if (isWorthWaking(length)) wakeIdle(at, 1)
}

/** Last record of a chain, and how many it has. */
function endOf(words: Int32Array, first: number): [last: number, length: number] {
  let last = first
  let length = 1
  for (let next = read(words, last + NEXT); next !== 0; next = read(words, next + NEXT)) {
    last = next
    length++
  }
  return [last, length]
}

function hasWork(at: Here): boolean {
  if (pinned.length > 0) return true
  return takesMore() && areListed(at) && !leavesTasks(at)
}

/** Whether a task or a fork waits for anybody: a hint. */
function areListed(at: Here): boolean {
  for (let slot = load(at.words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    if (lengthHint(at.words, listOf(slot)) > 0) return true
    if (lengthHint(at.words, forksOf(slot)) > 0) return true
  }
  return false
}

/** Whether a task can be run without awaiting anything first: its code and its values are here. */
export function canRunNow(at: Here, block: number): boolean {
  const fn = functionOf(record.codeOf(at.words, block))
  return typeof fn === "function" && !valuesPending(at, block)
}

/** Runs a task in the middle of another one, and reports it at once. */
export function runNow(at: Here, block: number): void {
  amid(() => begin(at, block))
  flushReports()
}

function begin(at: Here, block: number): void {
  count(at.words, at.me, COUNTER.TASKS_BEGUN, 1)
  if (record.isCancelled(at.words, block)) {
    skip(at, block)
    return
  }
  const fn = functionOf(record.codeOf(at.words, block))
  const isHere = typeof fn === "function"
  // While only its values are awaited, nothing has run: should this isolate die, another takes it.
  const waits = isHere && valuesPending(at, block)
  if (!waits) record.setState(at.words, block, record.RUNNING)
  if (isHere && !waits) call(at, block, fn)
  else callLater(at, block, fn)
}

async function callLater(at: Here, block: number, fn: Callback | Promise<Callback>): Promise<void> {
  try {
    fn = await loaded(fn)
    if (valuesPending(at, block)) {
      record.setState(at.words, block, record.QUEUED)
      await valuesArrived(block)
    }
    record.setState(at.words, block, record.RUNNING)
  } catch (error) {
    forgo(at, block)
    fail(at, block, error)
    return
  }
  if (record.isCancelled(at.words, block)) skip(at, block)
  else call(at, block, fn)
  leaveFrames()
}

async function loaded(fn: Callback | Promise<Callback>): Promise<Callback> {
  if (typeof fn === "function") return fn
  loading++
  try {
    return await fn
  } finally {
    if (--loading === 0) schedule()
  }
}

/** Nobody wants the task any more, and it has not begun. */
function skip(at: Here, block: number): void {
  forgo(at, block)
  finish(at, block, undefined)
}

/** The task will not run, neither here nor, should this isolate die now, anywhere else. */
function forgo(at: Here, block: number): void {
  record.setState(at.words, block, record.RUNNING)
  dropValues(at, block)
}

/** Enters the task's code. */
function call(at: Here, block: number, fn: Callback): void {
  const context = new TaskContext(record.idOf(at.words, block), block)
  let result: unknown
  let goesOn: boolean
  try {
    const values = takeValues(at, block)
    const bound = boundCount(at, block)
    const target = bound < 0 ? fn : (fn(...(values.splice(0, bound) as never[])) as Callback)
    result = callWith(context, target, values as never[])
    goesOn = isThenable(result) || isGenerator(result)
  } catch (error) {
    context.end()
    fail(at, block, error)
    return
  }
  if (goesOn) {
    keepFrame()
    follow(at, block, context, result)
    return
  }
  context.end()
  finish(at, block, result)
}

/** The task goes on after this turn. */
function follow(at: Here, block: number, context: TaskContext, result: unknown): void {
  running.set(block, context)
  noteGoesOn()
  // It may have been told while its code blocked this thread.
  context.look()
  const end = isGenerator(result) ? drive(result, context) : Promise.resolve(result)
  end.then(
    (value) => {
      running.delete(block)
      context.end()
      finish(at, block, value)
    },
    (error: unknown) => {
      running.delete(block)
      context.end()
      fail(at, block, error)
    },
  )
}

function finish(at: Here, block: number, value: unknown): void {
  let tag: number
  try {
    tag = cells().prepare(value, "result")
  } catch (error) {
    fail(at, block, error)
    return
  }
  cells().put(resultCell(block), tag, value)
  cells().commit(tag)
  giveBack(at, block, record.DONE)
}

function fail(at: Here, block: number, error: unknown): void {
  putFailure(at, block, error)
  giveBack(at, block, record.FAILED)
}

onNode(KIND.TASK, (block) => {
  if (record.stateOf(here().words, block) === record.QUEUED) pinned.push(block)
  else completed(block)
})

onCancel((block, id) => {
  const context = running.get(block)
  if (context?.id === id) context.look()
})

setWork({
  run,
  setIdle(idle: boolean): boolean {
    const at = here()
    if (helpsOthers) announceIdle(at, idle && takesMore())
    if (helpsOthers && idle) setBrisk(at, false)
    if (helpsOthers && idle) want(at.words, at.me)
    else if (helpsOthers) wantNoMore(at.words, at.me)
    return idle && hasWork(at)
  },
})

onReap((at, token) => {
  forgetIdle(at, token)
  adoptTasks(at, token)
  dropForks(at, token)
  resetCounters(at.words, slotOf(token))
})

/** Tasks queued in a dead isolate are queued here; whoever submitted them, others run them. */
function adoptTasks(at: Here, token: number): void {
  const first = take(at.words, listOf(slotOf(token)), Number.MAX_SAFE_INTEGER, at.me)
  if (first === 0) return
  const [last, length] = endOf(at.words, first)
  append(at.words, listOf(slotOf(at.me)), first, last, length, at.me)
  wakeIdle(at, length)
}

/** Nobody waits for the forks of a dead isolate. */
function dropForks(at: Here, token: number): void {
  const list = forksOf(slotOf(token))
  for (let block = take(at.words, list, Number.MAX_SAFE_INTEGER, at.me); block !== 0; ) {
    const following = read(at.words, block + NEXT)
    dropValues(at, block)
    at.arena.release(block)
    block = following
  }
}

// A dead isolate hears of no task: those for which nobody waits any more are dropped.
onUnheard(KIND.TASK, (at, node) => {
  if (!isAlive(at.words, record.submitterOf(at.words, node))) dropRecord(at, node)
})
for (const kind of [KIND.CANCEL, KIND.ASK]) onUnheard(kind, (at, node) => at.arena.release(node))
