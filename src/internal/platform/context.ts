/** What belongs to a call and everything it awaits; and where a call came from. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks"

const QUIET = { requireManualDestroy: true }

/** What belonged to the code that loaded this file: nothing, in general. */
const bare = new AsyncResource("Heddle", QUIET)

/** Enters calls to which a value belongs, again and again: a tenth of the price of `run`. */
export interface CallFrame {
  /** Calls `fn(a, b, c)`. */
  call<A, B, C, R>(fn: (a: A, b: B, c: C) => R, a: A, b: B, c: C): R
}

/** A resource by itself: one that is held by a frame is an object more for each actor. */
class Frame extends AsyncResource implements CallFrame {
  constructor() {
    super("Heddle", QUIET)
  }

  call<A, B, C, R>(fn: (a: A, b: B, c: C) => R, a: A, b: B, c: C): R {
    return this.runInAsyncScope(fn as (...args: unknown[]) => R, undefined, a, b, c)
  }
}

/** A value that keeps the frame of its calls. */
export interface Framed {
  frame: CallFrame | undefined
}

function open<T extends Framed, A, C, R>(
  storage: AsyncLocalStorage<T>,
  fn: (a: A, value: T, c: C) => R,
  a: A,
  value: T,
  c: C,
): R {
  storage.enterWith(value)
  value.frame = new Frame()
  return fn(a, value, c)
}

/** A value that follows a call through its awaits. */
export class CallLocal<T> {
  readonly #storage = new AsyncLocalStorage<T>()

  /**
   * Calls `fn(a, value, c)` with this value, and with nothing else that belongs to the caller, in a
   * frame that the value keeps: it calls again in the same way.
   */
  open<A, C, R>(fn: (a: A, value: T & Framed, c: C) => R, a: A, value: T & Framed, c: C): R {
    const enter = open as (...args: unknown[]) => R
    return bare.runInAsyncScope(enter, undefined, this.#storage, fn, a, value, c)
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
