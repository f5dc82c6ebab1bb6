/** What belongs to a call and everything it awaits; and where a call came from. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks"

const QUIET = { requireManualDestroy: true }

/** What belonged to the code that loaded this file: nothing, in general. */
const bare = new AsyncResource("Heddle", QUIET)

/** Enters calls to which a value belongs, again and again: a tenth of the price of `run`. */
export class CallFrame {
  readonly #resource = new AsyncResource("Heddle", QUIET)

  /** Calls `fn(a, b)`. */
  call<A, B, R>(fn: (a: A, b: B) => R, a: A, b: B): R {
    return this.#resource.runInAsyncScope(fn as (...args: unknown[]) => R, undefined, a, b)
  }
}

/** A value that follows a call through its awaits. */
export class CallLocal<T> {
  readonly #storage = new AsyncLocalStorage<T>()

  /** What calls with this value, and with nothing else that belongs to the caller. */
  frame(value: T): CallFrame {
    return bare.runInAsyncScope(() => {
      this.#storage.enterWith(value)
      return new CallFrame()
    })
  }

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
