/** Arguments of `exec` and `call`, wherever the interpreter is held. */
import { checkNames, shown } from "../internal/wire/shown.ts"

/** How statements are run. */
export interface ExecOptions {
  /** Names that the statements find: set in `__main__` before they run, and there afterwards. */
  readonly globals?: Readonly<Record<string, unknown>>
}

class Keywords {
  readonly values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values
  }
}

/**
 * Keyword arguments, as the last argument of `call`.
 *
 * @example
 * await using py = await interpreter()
 * console.log(await py.call("sorted", [1, 3, 2], kwargs({ reverse: true }))) // prints: [ 3, 2, 1 ]
 */
export function kwargs(values: Readonly<Record<string, unknown>>): unknown {
  if (typeof values !== "object" || values === null)
    throw new TypeError(`kwargs takes an object, received ${shown(values)}`)
  return new Keywords({ ...values })
}

/**
 * The keyword arguments among arguments, which keep those that have a place.
 *
 * @throws {TypeError} when they do not come last
 */
export function namedOf(args: unknown[]): Readonly<Record<string, unknown>> {
  const named = args.at(-1) instanceof Keywords ? (args.pop() as Keywords).values : {}
  const early = args.findIndex((arg) => arg instanceof Keywords)
  if (early >= 0) throw new TypeError(`kwargs come last and once, received args[${early}]`)
  return named
}

/** Source text, or a TypeError. */
export function checkCode(code: unknown, what: string): void {
  if (typeof code === "string") return
  throw new TypeError(`${what} takes source text, received ${shown(code)}`)
}

/** What `find` of the glue understands: a module or none, and names with dots between them. */
const NAME = /^(?:[^\s:]*:)?[^\s:.]+(?:\.[^\s:.]+)*$/

/**
 * A name of something in Python.
 *
 * @throws {TypeError} when it is no string, {RangeError} when it can name nothing
 */
export function checkName(name: unknown, what: string): void {
  if (typeof name !== "string") throw new TypeError(`${what} takes a name, received ${shown(name)}`)
  if (NAME.test(name)) return
  throw new RangeError(`${what} takes "module:name", ":name" or "name", received ${shown(name)}`)
}

/** The names that statements find, or a TypeError. */
export function checkGlobals(options: ExecOptions): Readonly<Record<string, unknown>> {
  checkNames(options, "exec", ["globals"])
  const { globals = {} } = options
  if (typeof globals !== "object" || globals === null)
    throw new TypeError(`globals must be an object, received ${shown(globals)}`)
  return { ...globals }
}
