/** Generator functions as tasks: each `yield` lets other work of the isolate run. */
import { isTurnOver, yieldTurn } from "../internal/loop/pump.ts"
import { resumeWith, type TaskContext } from "./context.ts"

/** Whether a value is what a generator function returns. */
export function isGenerator(value: unknown): value is Generator<unknown, unknown, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "next") === "function" &&
    Reflect.get(value, Symbol.toStringTag) === "Generator"
  )
}

/** Runs a generator to its end; a yielded promise is awaited, and `yield` gives its value. */
export function drive(
  generator: Generator<unknown, unknown, unknown>,
  context: TaskContext,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const step = (how: "next" | "throw", value: unknown): void => {
      let result: IteratorResult<unknown, unknown>
      try {
        result = resumeWith(context, () => generator[how](value))
      } catch (error) {
        reject(error)
        return
      }
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
