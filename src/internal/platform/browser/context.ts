/**
 * What belongs to a call; and where a call came from.
 *
 * A browser has nothing that follows a call through its awaits: here a value belongs to the part of
 * a call before its first await, and nothing belongs to what comes after.
 */

/** Runs code with values that belong to it. */
type Around = <R>(run: () => R) => R

/** Enters calls to which a value belongs, again and again. */
export class CallFrame {
  readonly #around: Around

  constructor(around: Around = (run) => run()) {
    this.#around = around
  }

  /** Calls `fn(a, b)`. */
  call<A, B, R>(fn: (a: A, b: B) => R, a: A, b: B): R {
    return this.#around(() => fn(a, b))
  }
}

const locals: CallLocal<unknown>[] = []

/** A value that belongs to a call, up to its first await. */
export class CallLocal<T> {
  #value: T | undefined

  constructor() {
    locals.push(this as CallLocal<unknown>)
  }

  /** What calls with this value, and with nothing else that belongs to the caller. */
  frame(value: T): CallFrame {
    return new CallFrame((run) => this.once(value, run, undefined, undefined))
  }

  /** Calls `fn(a, b)` with this value, and with nothing else that belongs to the caller. */
  once<A, B, R>(value: T, fn: (a: A, b: B) => R, a: A, b: B): R {
    const outer = locals.map((local) => local.#value)
    for (const local of locals) local.#value = undefined
    this.#value = value
    try {
      return fn(a, b)
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
