/** Starting and ending the tasks of an explored program. */
import { HeddleError, TaskCancelledError, TimeoutError } from "../../errors.ts"
import { fromFailure, toFailure } from "../../internal/wire/failure.ts"
import { resumeWith, TaskContext } from "../../task/context.ts"
import { drive, isGenerator } from "../../task/generator.ts"
import type { TaskOptions } from "../../task/task.ts"
import type { Player } from "./player.ts"
import { StagedTask } from "./task.ts"
import type { Theatre } from "./theatre.ts"
import { type Parcel, pack, unpack } from "./values.ts"

type Callback = (...args: unknown[]) => unknown

/** What a task can know of itself. */
class StagedContext extends TaskContext {
  readonly #isolate: number

  constructor(player: Player) {
    super(player.isolate)
    this.#isolate = player.isolate
  }

  override get isolate(): number {
    return this.#isolate
  }
}

/** Runs the program itself, as the first task. */
export function startProgram(theatre: Theatre, program: () => unknown): void {
  const main = theatre.admit("main", undefined)
  main.heard = true
  theatre.enter(beginning(theatre, main, program, []), undefined, main)
}

/** Starts a task of the program. */
export function startTask(
  theatre: Theatre,
  fn: unknown,
  args: readonly unknown[],
  options: TaskOptions,
): StagedTask<unknown> {
  if (typeof fn !== "function")
    throw new TypeError(`a task needs a function, received ${typeof fn}`)
  const player = theatre.admit(options.name ?? fn.name, theatre.player)
  const task = new StagedTask<unknown>(theatre, player)
  let parcel: Parcel | undefined
  try {
    parcel = args.length === 0 ? undefined : pack(args, "args")
  } catch (error) {
    player.ending = { state: "failed", error }
    return task
  }
  const take = (): unknown[] => (parcel === undefined ? [] : (unpack(parcel) as unknown[]))
  theatre.touched(player.place, `task ${player.title}`, "go", undefined)
  theatre.enter(beginning(theatre, player, fn as Callback, take), undefined, player)
  limit(theatre, task, options)
  return task
}

function limit(theatre: Theatre, task: StagedTask<unknown>, options: TaskOptions): void {
  const { signal, timeoutMs } = options
  if (timeoutMs !== undefined && timeoutMs !== Infinity) {
    const timer = theatre.after(timeoutMs, () => task.cancel(new TimeoutError("task", timeoutMs)))
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

function beginning(
  theatre: Theatre,
  player: Player,
  fn: Callback,
  args: unknown[] | (() => unknown[]),
) {
  return {
    label: { object: `task ${player.title}`, operation: "begin" },
    ready: () => true,
    attempt: () => {
      if (player.ending === undefined) begin(theatre, player, fn, args)
      return true
    },
    touch: () => {},
  }
}

function begin(
  theatre: Theatre,
  player: Player,
  fn: Callback,
  args: unknown[] | (() => unknown[]),
): void {
  player.begun = true
  const context = new StagedContext(player)
  player.context = context
  const fail = (error: unknown): void => end(theatre, player, { state: "failed", error })
  theatre.call(player, () => {
    try {
      const values = typeof args === "function" ? args() : args
      const result = resumeWith(context, () => fn(...values))
      const whole = isGenerator(result) ? drive(result, context) : result
      if (isThenable(whole)) whole.then((value) => finish(theatre, player, value), fail)
      else finish(theatre, player, whole)
    } catch (error) {
      fail(error)
    }
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function"
  )
}

function finish(theatre: Theatre, player: Player, value: unknown): void {
  try {
    const result = player.isolate === 0 ? { plain: value } : pack(value, "result")
    end(theatre, player, { state: "completed", value: result })
  } catch (error) {
    end(theatre, player, { state: "failed", error })
  }
}

function end(theatre: Theatre, player: Player, ending: NonNullable<Player["ending"]>): void {
  if (player.ending !== undefined) return
  player.ending = ending
  theatre.touched(player.place, `task ${player.title}`, "end", undefined)
  if (ending.state === "failed" && player.isolate === 0) theatre.failed(player, ending.error)
}

/** The submitter wants to know when the task has ended. */
export function hearEnd(theatre: Theatre, task: StagedTask<unknown>): void {
  const { player } = task
  theatre.enter({
    label: { object: `task ${player.title}`, operation: "await" },
    ready: () => player.ending !== undefined,
    attempt: () => {
      theatre.looked(player.place)
      task.deliver((resolve, reject) => settle(player, resolve, reject))
      return true
    },
    touch: (into) => into.add(player.place, false),
  })
}

function settle(
  player: Player,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): "completed" | "failed" {
  const ending = player.ending as NonNullable<Player["ending"]>
  if (ending.state === "completed") {
    resolve(unpack(ending.value as Parcel))
    return "completed"
  }
  reject(carried(ending.error, player))
  return "failed"
}

/** An error as it arrives elsewhere. */
function carried(error: unknown, player: Player): unknown {
  return fromFailure(unpack(pack(toFailure(error, `isolate ${player.isolate}`), "error")))
}

/** Cancels a task; gives what its promise rejects with. */
export function cancelTask(theatre: Theatre, task: StagedTask<unknown>, reason: unknown): unknown {
  const { player } = task
  const error = reason instanceof HeddleError ? reason : new TaskCancelledError(reason, task.name)
  player.heard = true
  if (player.ending === undefined) {
    theatre.enter(
      {
        label: { object: `task ${player.title}`, operation: "cancel" },
        ready: () => true,
        attempt: () => {
          if (!player.begun) end(theatre, player, { state: "failed", error })
          else player.context?.abort(error)
          return true
        },
        touch: () => {},
      },
      undefined,
      player,
    )
  }
  return error
}
