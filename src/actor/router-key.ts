/** By what a message is hashed: a function of the program, here or arrived from another isolate. */
import { type Callback, codeOf, functionOf } from "../task/code.ts"

/** What a message is hashed by: its method, empty for a function actor, and its arguments. */
export type KeyOf = (method: string, args: readonly unknown[]) => unknown

/** A key function as data: its code's number and captures; null for the first argument. */
export type KeyParts = readonly [code: number, captures: readonly unknown[] | null] | null

/** How messages get their key; the function of a router that arrived may have to be loaded. */
export class Key {
  readonly #parts: () => KeyParts
  #fn: KeyOf | undefined
  #loading: Promise<KeyOf> | undefined
  /** Messages that wait for the function: later ones stay behind them. */
  #waiting = 0

  private constructor(parts: () => KeyParts, fn: KeyOf | Promise<KeyOf>) {
    this.#parts = parts
    if (typeof fn === "function") this.#fn = fn
    else this.#loading = fn
    this.#loading?.catch(() => {})
  }

  /** By a function of this program. */
  static by(fn: KeyOf | undefined): Key {
    if (fn === undefined) return new Key(() => null, firstArgument)
    return new Key(() => {
      const { code, captures } = codeOf(fn)
      return [code.id, captures ?? null]
    }, fn)
  }

  /** By a function that arrived. */
  static from(parts: KeyParts): Key {
    if (parts === null) return Key.by(undefined)
    const [code, captures] = parts
    const made = (found: Callback): KeyOf =>
      (captures === null ? found : found(...(captures as never[]))) as KeyOf
    const found = functionOf(code)
    return new Key(() => parts, typeof found === "function" ? made(found) : found.then(made))
  }

  /** As data. @throws {NotCallableError} when other isolates cannot find the function */
  parts(): KeyParts {
    return this.#parts()
  }

  /** What `then` makes of a message's key: at once, or when the function is loaded. */
  of<T>(method: string, args: readonly unknown[], then: (key: unknown) => T): T | Promise<T> {
    if (this.#fn !== undefined && this.#waiting === 0) return then(this.#fn(method, args))
    this.#waiting++
    return (this.#loading as Promise<KeyOf>)
      .then((fn) => {
        this.#fn = fn
        return then(fn(method, args))
      })
      .finally(() => this.#waiting--)
  }
}

function firstArgument(_method: string, args: readonly unknown[]): unknown {
  return args[0]
}
