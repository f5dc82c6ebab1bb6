/** Starting the tasks of an explored program. */
import { TimeoutError } from "../../errors.ts"
import { isThenable } from "../../internal/loop/thenable.ts"
import { callableOf, loadCallable } from "../../internal/wire/callable.ts"
import { shown } from "../../internal/wire/shown.ts"
import { isStub } from "../../task/code.ts"
import { drive, isGenerator } from "../../task/generator.ts"
import type { TaskOptions } from "../../task/options.ts"
import { end } from "./ending.ts"
import { type Deed, labelOf } from "./entry.ts"
import { LEAVE } from "./leave.ts"
import type { Ending, Player } from "./player.ts"
import { StagedTask } from "./task.ts"
import type { Theatre } from "./theatre.ts"
import { pack, unpack } from "./values.ts"

type Callback = (...args: unknown[]) => unknown

/** Runs the program itself, as the first task. */
export function startProgram(theatre: Theatre, program: () => unknown): void {
  const main = theatre.admit("main", undefined)
  main.heard = true
  prepare(theatre, main, program, () => [])
}

/** Starts a task of the program. */
export function startTask(
  theatre: Theatre,
  fn: unknown,
  args: readonly unknown[],
  options: TaskOptions,
): StagedTask<unknown> {
  if (typeof fn !== "function")
    throw new TypeError(`a task needs a function, received ${shown(fn)}`)
  const code = codeFor(theatre, fn)
  const { take } = theatre
  const player = theatre.operate("go", () => {
    const child = theatre.admit(options.name ?? fn.name, take.player)
    theatre.row(child.label, "go", undefined, undefined)
    theatre.order.follow(child, take.player)
    theatre.meetAt(child.place, false, true)
    try {
      const parcel = args.length === 0 ? undefined : pack(args, "args")
      prepare(theatre, child, code, () =>
        parcel === undefined ? [] : (unpack(parcel) as unknown[]),
      )
    } catch (error) {
      child.ending = { state: "failed", error }
    }
    return child
  })
  const task = new StagedTask<unknown>(theatre, player)
  take.tasks.set(player, task)
  limit(theatre, task, options)
  return task
}

/** Functions of modules that only their names are known of, once they are loaded. */
const loaded = new Map<string, Callback>()

/**
 * What a task runs. A function without a name runs as it is.
 *
 * @throws {CaptureError} when it captures something that cannot cross
 */
export function codeFor(theatre: Theatre, fn: object): Callback {
  const callable = callableOf(fn as Callback)
  if (callable === undefined || !isStub(fn)) return fn as Callback
  const { url, exportName } = callable
  const key = `${url}\n${exportName}`
  const found = loaded.get(key)
  if (found !== undefined) return found
  theatre.wanted = async () => {
    loaded.set(key, (await loadCallable(url, exportName)) as Callback)
  }
  throw LEAVE
}

function limit(theatre: Theatre, task: StagedTask<unknown>, options: TaskOptions): void {
  const { signal, timeoutMs, kill } = options
  if (kill === true) task.kill = true
  if (timeoutMs !== undefined && timeoutMs !== Infinity) {
    const timer = theatre.after(timeoutMs, () =>
      task.cancel(new TimeoutError("task", timeoutMs, task.name)),
    )
    task.onEnd(() => timer.stop())
  }
  if (signal === undefined) return
  const abort = (): void => task.cancel(signal.reason)
  if (signal.aborted) abort()
  else {
    signal.addEventListener("abort", abort, { once: true })
    task.onEnd(() => signal.removeEventListener("abort", abort))
  }
}

/** Makes the task ready to begin, at a moment to be chosen. */
export function prepare(
  theatre: Theatre,
  player: Player,
  fn: Callback,
  args: () => unknown[],
): void {
  player.start = () => begin(theatre, player, fn, args)
  const deed: Deed = {
    label: labelOf(player.label, "begin"),
    ready: () => true,
    attempt: () => {
      player.log.length = 0
      player.hasWaited = false
      player.take.position = 0
      if (player.ending === undefined) player.start()
      return true
    },
    touch: () => {},
    gone: () => {
      theatre.beginning--
      admitNext(theatre)
    },
  }
  theatre.unbegun.push([player, deed])
  if (theatre.beginning < BEGINNING_MAX) admitNext(theatre)
}

/** Tasks that may begin at a time: the others wait behind them, as in the lists of isolates. */
const BEGINNING_MAX = 12

function admitNext(theatre: Theatre): void {
  const next = theatre.unbegun.shift()
  if (next === undefined) return
  const [player, deed] = next
  theatre.beginning++
  theatre.enter(deed, player)
}

function begin(theatre: Theatre, player: Player, fn: Callback, args: () => unknown[]): void {
  const { take } = player
  player.begun = true
  const fail = (error: unknown): void => {
    if (!take.over) end(theatre, player, { state: "failed", error })
  }
  const finish = (value: unknown): void => {
    if (!take.over) end(theatre, player, resultOf(player, value))
  }
  theatre.call(take, () => {
    try {
      const values = args()
      const result = fn(...values)
      const whole = isGenerator(result) ? drive(result, take.context) : result
      if (isThenable(whole)) whole.then(finish, fail)
      else finish(whole)
    } catch (error) {
      fail(error)
    }
  })
}

function resultOf(player: Player, value: unknown): Ending {
  if (player.isolate === 0) return { state: "completed", value: undefined }
  try {
    return { state: "completed", value: pack(value, "result") }
  } catch (error) {
    return { state: "failed", error }
  }
}
