/** Starting, ending and hearing of the tasks of an explored program. */
import { HeddleError, IsolateDiedError, TaskCancelledError, TimeoutError } from "../../errors.ts"
import { callableOf, loadCallable } from "../../internal/wire/callable.ts"
import { fromFailure, toFailure } from "../../internal/wire/failure.ts"
import { isStub } from "../../task/code.ts"
import { resumeWith, TaskContext } from "../../task/context.ts"
import { drive, isGenerator } from "../../task/generator.ts"
import type { TaskOptions } from "../../task/task.ts"
import { FOLLOWING } from "../operation.ts"
import { type Deed, labelOf } from "./entry.ts"
import { Unexplained } from "./failure.ts"
import type { Ending, Player } from "./player.ts"
import { StagedTask } from "./task.ts"
import { isLeave, LEAVE, type Theatre } from "./theatre.ts"
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
    throw new TypeError(`a task needs a function, received ${typeof fn}`)
  const code = codeFor(theatre, fn)
  const { take } = theatre
  const player = theatre.operate("go", () => {
    const child = theatre.admit(options.name ?? fn.name, take.player)
    theatre.row(child.label, "go", undefined, undefined)
    theatre.follow(child, take.player)
    theatre.order(child.place, false, true)
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
function codeFor(theatre: Theatre, fn: object): Callback {
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

/** Makes the task ready to begin, at a moment to be chosen. */
function prepare(theatre: Theatre, player: Player, fn: Callback, args: () => unknown[]): void {
  player.start = () => begin(theatre, player, fn, args)
  const deed: Deed = {
    label: labelOf(player.label, "begin"),
    ready: () => true,
    attempt: () => {
      player.log.length = 0
      player.take.position = 0
      if (player.ending === undefined) player.start()
      return true
    },
    touch: () => {},
  }
  theatre.enter(deed, player)
}

function begin(theatre: Theatre, player: Player, fn: Callback, args: () => unknown[]): void {
  const { take } = player
  player.begun = true
  const context = new StagedContext(player)
  player.context = context
  const fail = (error: unknown): void => {
    if (!take.over) end(theatre, player, { state: "failed", error })
  }
  const finish = (value: unknown): void => {
    if (!take.over) end(theatre, player, resultOf(player, value))
  }
  theatre.call(take, () => {
    try {
      const values = args()
      const result = resumeWith(context, () => fn(...values))
      const whole = isGenerator(result) ? drive(result, context) : result
      if (isThenable(whole)) whole.then(finish, fail)
      else finish(whole)
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

function resultOf(player: Player, value: unknown): Ending {
  if (player.isolate === 0) return { state: "completed", value: undefined }
  try {
    return { state: "completed", value: pack(value, "result") }
  } catch (error) {
    return { state: "failed", error }
  }
}

/** A task has ended. */
export function end(theatre: Theatre, player: Player, ending: Ending): void {
  if (player.ending !== undefined) return
  player.ending = ending
  theatre.changed()
  theatre.touched(player.place, true)
  const { parent } = player
  if (parent === undefined) {
    if (ending.state === "failed" && !isLeave(ending.error)) failed(theatre, ending.error)
    return
  }
  if (player.awaited) tell(theatre, parent, player)
}

function failed(theatre: Theatre, error: unknown): void {
  if (error instanceof Unexplained) theatre.failed("not linearizable", error.message)
  else theatre.failed("error", `the program throws ${error}`, error)
}

/** A task that has ended comes into the mail of the one who waits for that. */
function tell(theatre: Theatre, parent: Player, player: Player): void {
  parent.mail.push(player)
  if (parent.mailPlace < 0) parent.mailPlace = theatre.newPlace()
  theatre.touched(parent.mailPlace, true)
  if (parent.inbox !== undefined) theatre.enables(parent.inbox)
}

/** The simulated isolate of a task has died. */
export function die(theatre: Theatre, player: Player): void {
  theatre.row(player.label, "dies", undefined, undefined)
  const error = new IsolateDiedError(player.isolate, "killed")
  end(theatre, player, { state: "died", error })
}

/** The code of a task wants to know when one of its tasks has ended. */
export function hearEnd(theatre: Theatre, task: StagedTask<unknown>): void {
  const { player: parent } = theatre
  const { player } = task
  theatre.operate("await", () => {
    player.heard = true
    if (player.awaited) return
    player.awaited = true
    if (player.ending !== undefined) tell(theatre, parent, player)
  })
  if (parent.inbox !== undefined) return
  const deed: Deed = {
    get label() {
      const open = [...parent.take.tasks.values()].filter((one) => one.isAwaited)
      return labelOf(open.map((one) => one.player.label).join(", "), "await")
    },
    ready: () => parent.mail.length > 0,
    waitsFor: () =>
      [...parent.take.tasks].filter(([, one]) => one.isAwaited).map(([child]) => child),
    attempt: () => {
      const child = theatre.operate("hear", () => {
        const ended = parent.mail.shift() as Player
        theatre.touched(ended.place, false, FOLLOWING)
        theatre.follow(parent, ended)
        theatre.row(ended.label, "await", undefined, ended.ending?.state)
        return ended
      })
      theatre.take.tasks.get(child)?.deliver(child.ending as Ending)
      return false
    },
    touch: () => {},
  }
  parent.inbox = deed
  theatre.enter(deed, parent)
}

/** Settles a promise as its task has ended. */
export function settle(
  player: Player,
  ending: Ending,
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
): "completed" | "failed" {
  if (ending.state === "completed") {
    resolve(unpack(ending.value as Parcel))
    return "completed"
  }
  reject(ending.state === "died" ? ending.error : carried(ending.error, player))
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
  theatre.operate("cancel", () => {
    player.heard = true
    theatre.row(player.label, "cancel", undefined, undefined)
    if (player.ending === undefined) theatre.enter(cancellation(theatre, player, error), player)
  })
  return error
}

function cancellation(theatre: Theatre, player: Player, error: unknown): Deed {
  return {
    label: labelOf(player.label, "cancel"),
    ready: () => true,
    attempt: () => {
      theatre.changed()
      if (player.begun) player.context?.abort(error)
      else end(theatre, player, { state: "failed", error })
      return true
    },
    touch: () => {},
  }
}
