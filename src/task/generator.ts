/** Generator functions as tasks: each `yield` lets other work of the isolate run. */
import { isTurnOver, yieldTurn } from "../internal/loop/pump.ts"
import { resumeWith, type TaskContext } from "./context.ts"

/** What a generator function returns, a sync or an async one. */
export type AnyGenerator =
  | Generator<unknown, unknown, unknown>
  | AsyncGenerator<unknown, unknown, unknown>

/** Whether a value is what a generator function returns. */
export function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== "object" || value === null) return false
  if (typeof Reflect.get(value, "next") !== "function") return false
  const tag: unknown = Reflect.get(value, Symbol.toStringTag)
  return tag === "Generator" || tag === "AsyncGenerator"
}

/** Runs a generator to its end; a yielded promise is awaited, and `yield` gives its value. */
export function drive(generator: AnyGenerator, context: TaskContext): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const step = (how: "next" | "throw", value: unknown): void => {
      let result: IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>
      try {
        result = resumeWith(context, () => generator[how](value))
      } catch (error) {
        reject(error)
        return
      }
      // An async generator has awaited what it yields.
      if (result instanceof Promise) result.then(take, reject)
      else take(result)
    }
    const take = (result: IteratorResult<unknown, unknown>): void => {
      if (result.done === true) resolve(result.value)
      else wait(result.value)
    }
    const wait = (yielded: unknown): void => {
      Promise.resolve(yielded).then(
        (value) => resume("next", value),
        (error: unknown) => resume("throw", error),
      )
    }
    const resume = (how: "next" | "throw", value: unknown): void => {
      if (isTurnOver()) void yieldTurn().then(() => step(how, value))
      else step(how, value)
    }
    step("next", undefined)
  })
}
