/** Starting tasks: `go`, and naming functions so that other isolates find them. */
import { ISOLATES_MAX } from "#platform/limits"
import { ownUrl } from "#platform/module"
import { simulated } from "#platform/simulation"
import { isMainThread } from "#platform/thread"
import { useEntry } from "../internal/loop/entries.ts"
import { here } from "../internal/loop/here.ts"
import { ownerOf } from "../internal/memory/owners.ts"
import { nameCallable } from "../internal/wire/callable.ts"
import { checkFunction } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import { startIsolates, startNext } from "../isolate/roster.ts"
import { standFor } from "./code.ts"
import type { Task, TaskPromise } from "./handle.ts"
import { limitTime } from "./limit.ts"
import { checkOptions, type TaskOptions } from "./options.ts"
import { ANYWHERE, type Place, publish, submit } from "./submit.ts"
import { helpOthers } from "./worker.ts"

/** What a function returns to the one who awaits its task. */
export type TaskResult<F> = F extends (
  ...args: never[]
) => Generator<unknown, infer R, never> | AsyncGenerator<unknown, infer R, never>
  ? Awaited<R>
  : F extends (...args: never[]) => infer R
    ? Awaited<R>
    : never

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never

// biome-ignore lint/suspicious/noExplicitAny: the constraint of "any function" in TypeScript
type AnyFunction = (...args: any[]) => unknown

useEntry(ownUrl("task/entry"), helpOthers)

/** Starts the isolates that run tasks, if they do not run yet. */
export function ensureIsolates(): void {
  if (isMainThread) startIsolates()
}

/**
 * Runs a function in another isolate: sync, async or generator function (an async one too), all
 * the same to the caller.
 *
 * Arguments and result are copied unless moved or shared. The task begins as soon as an isolate is
 * free; any number may be in flight. If the isolate that runs it dies, the task rejects with
 * `IsolateDiedError`; a value that cannot be sent rejects it with `NotSendableError`.
 *
 * Costs about a microsecond when the isolates are busy or have just been, 30–80 when they sleep.
 *
 * @throws {TypeError} when `fn` is not a function, or one that other isolates cannot find
 * @throws {CaptureError} when `fn` captures something that cannot cross
 * @example
 * const task = go((n: number) => n + 1, 41)
 * console.log(await task) // prints: 42
 */
export function go<F extends AnyFunction>(fn: F, ...args: Arguments<F>): Task<TaskResult<F>> {
  const stand = simulated()
  if (stand !== undefined) return stand.play("go", [fn, args, {}]) as Task<TaskResult<F>>
  if (isMainThread) startNext()
  return submit<TaskResult<F>>(fn, args, undefined, ANYWHERE, go)
}

/** As `go`, with options first: `go.with({ timeoutMs: 100 })(fn, ...args)`. */
go.with = (
  options: TaskOptions,
): (<F extends AnyFunction>(fn: F, ...args: Arguments<F>) => Task<TaskResult<F>>) => {
  checkOptions(options)
  return function goWith(fn, ...args) {
    const stand = simulated()
    if (stand !== undefined) {
      return stand.play("go", [fn, args, options]) as Task<TaskResult<typeof fn>>
    }
    ensureIsolates()
    const place = placeOf(options.on)
    // With nothing held back before it, this task stays unseen until `limitTime` has cancelled it.
    if (options.signal?.aborted === true) publish()
    const task = submit<TaskResult<typeof fn>>(fn, args, options.name, place, goWith)
    limitTime(task as TaskPromise<unknown>, options)
    return task
  }
}

function placeOf(on: TaskOptions["on"]): Place {
  if (on === undefined) return ANYWHERE
  const slot = on === "main" ? 0 : on
  const token =
    Number.isInteger(slot) && slot >= 0 && slot < ISOLATES_MAX ? ownerOf(here().words, slot) : 0
  if (token === 0)
    throw new RangeError(`on must be "main" or the id of a running isolate, received ${shown(on)}`)
  return token
}

/**
 * Names a function explicitly, for programs without the transform: the module's URL and the name
 * under which the module exports it. Returns the function.
 *
 * @throws {TypeError} when one of the three is missing
 * @example
 * export const square = task(import.meta.url, "square", (n: number) => n * n)
 * // An isolate that runs it loads this module too: the rest is for main.
 * if (import.meta.main) console.log(await go(square, 7)) // prints: 49
 */
export function task<F extends AnyFunction>(url: string, exportName: string, fn: F): F {
  checkFunction(fn, "task")
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new TypeError(`task takes the module's URL, import.meta.url, received ${shown(url)}`)
  }
  if (typeof exportName !== "string" || exportName === "") {
    throw new TypeError(`task takes the name of the export, received ${shown(exportName)}`)
  }
  return nameCallable(fn, url, exportName)
}

/** A module whose exported functions run as tasks. */
export type Remote<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: M[K] extends AnyFunction
    ? (...args: Arguments<M[K]>) => Task<TaskResult<M[K]>>
    : never
}

/**
 * A module's functions as tasks, found by the module's URL: `remote<typeof import("./work.js")>(new
 * URL("./work.js", import.meta.url))`. The module is loaded only where its functions run.
 *
 * @throws {TypeError} when `url` is no URL
 */
export function remote<M>(url: URL | string): Remote<M> {
  if (!URL.canParse(String(url))) {
    throw new TypeError(
      'remote takes a module\'s URL, such as new URL("./work.js", import.meta.url), received ' +
        shown(url),
    )
  }
  const { href } = new URL(url)
  const functions = new Map<string, AnyFunction>()
  return new Proxy(Object.create(null) as Remote<M>, {
    get(_target, name) {
      if (typeof name !== "string" || name === "then") return undefined
      let call = functions.get(name)
      if (call === undefined) {
        const stub: AnyFunction = (...args) => go(stub, ...args)
        call = standFor(stub, href, name)
        functions.set(name, call)
      }
      return call
    },
  })
}
