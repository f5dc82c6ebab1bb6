/** What belongs to a call and everything it awaits; and where a call came from. */
import { AsyncLocalStorage } from "node:async_hooks"

/** A value that follows a call through its awaits. */
export class CallLocal<T> {
  readonly #storage = new AsyncLocalStorage<T>()

  /** The value of the call this code belongs to. */
  get(): T | undefined {
    return this.#storage.getStore()
  }

  /** From here to the end of this run of code, and through what it awaits, the value is `value`. */
  enter(value: T | undefined): void {
    this.#storage.enterWith(value as T)
  }

  /** Calls `fn(...args)` with the value. */
  run<A extends unknown[], R>(value: T, fn: (...args: A) => R, args: A): R {
    return this.#storage.run(value, fn, ...args)
  }
}

/** Notes the stack above `callee` on `target.stack`; it becomes text only when it is read. */
export function captureStack(
  target: { stack?: string },
  callee: (...args: never[]) => unknown,
): void {
  Error.captureStackTrace(target, callee)
}
