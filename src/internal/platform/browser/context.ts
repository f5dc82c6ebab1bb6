/**
 * What belongs to a call; and where a call came from.
 *
 * A browser has nothing that follows a call through its awaits: here a value belongs to the part of
 * a call before its first await, and nothing belongs to what comes after.
 */

/** Enters calls to which a value belongs, again and again. */
export interface CallFrame {
  /** Calls `fn(a, b, c)`. */
  call<A, B, C, R>(fn: (a: A, b: B, c: C) => R, a: A, b: B, c: C): R
}

/** A value that keeps the frame of its calls. */
export interface Framed {
  frame: CallFrame | undefined
}

const locals: CallLocal<unknown>[] = []

/** A value that belongs to a call, up to its first await. */
export class CallLocal<T> {
  #value: T | undefined

  constructor() {
    locals.push(this as CallLocal<unknown>)
  }

  /**
   * Calls `fn(a, value, c)` with this value, and with nothing else that belongs to the caller, in a
   * frame that the value keeps: it calls again in the same way.
   */
  open<A, C, R>(fn: (a: A, value: T & Framed, c: C) => R, a: A, value: T & Framed, c: C): R {
    value.frame = { call: (inner, x, y, z) => this.#alone(value, () => inner(x, y, z)) }
    return value.frame.call(fn, a, value, c)
  }

  #alone<R>(value: T, run: () => R): R {
    const outer = locals.map((local) => local.#value)
    for (const local of locals) local.#value = undefined
    this.#value = value
    try {
      return run()
    } finally {
      locals.forEach((local, index) => {
        local.#value = outer[index]
      })
    }
  }

  /** The value of the call this code belongs to. */
  get(): T | undefined {
    return this.#value
  }

  /** From here to the end of this run of code the value is `value`. */
  enter(value: T | undefined): void {
    this.#value = value
  }

  /** Calls `fn(...args)` with the value. */
  run<A extends unknown[], R>(value: T, fn: (...args: A) => R, args: A): R {
    const outer = this.#value
    this.#value = value
    try {
      return fn(...args)
    } finally {
      this.#value = outer
    }
  }
}

/** Notes the stack above `callee` on `target.stack`, where the browser can tell it. */
export function captureStack(
  target: { stack?: string },
  callee: (...args: never[]) => unknown,
): void {
  if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(target, callee)
  else target.stack = new Error().stack
}
