/**
 * Code by name: a function is sent as the address where any isolate finds it, never as text.
 *
 * The name sits on the function itself, under a registered symbol: the transform writes it without
 * importing anything, and two copies of this package in one isolate still understand each other.
 *
 * Invariant     a named function has one name for ever: naming it again changes nothing
 * Invariant     the name is the function's own: a class does not inherit its parent's
 */

import { CaptureError, ModuleLoadError, NotCallableError } from "../../errors.ts"

/** The key of a function's name, as `Symbol.for` knows it; lifted code spells it out. */
export const CALLABLE_KEY = "heddle.callable"

/** The key under which lifted code says why a function could not be named. */
export const REFUSED_KEY = "heddle.refused"

const NAME = Symbol.for(CALLABLE_KEY)
const REFUSED = Symbol.for(REFUSED_KEY)

/**
 * Where a function can be found by any isolate.
 *
 * `captures` undefined: the export is the function itself; else the export is a factory, and
 * `factory(...captures)` gives the function. Captures are read when the function is sent.
 */
export interface Callable {
  readonly url: string
  readonly exportName: string
  readonly captures: readonly unknown[] | undefined
  /** The line in the source file where the function begins. */
  readonly line?: number
  /** The captured variables, for errors; a list where one capture holds the values of several. */
  readonly names?: readonly (string | readonly string[])[]
}

/** What lifted code leaves on a function that it could not name, in the order of `CaptureError`. */
export type Refusal = readonly [
  file: string,
  line: number,
  column: number,
  variable: string,
  problem: string,
]

/** A function or a class; the type of neither its arguments nor its result is asked. */
// biome-ignore lint/complexity/noBannedTypes: any function may have a name
export type Code = Function

interface Named {
  [NAME]?: Callable
  [REFUSED]?: Refusal
}

/** Where the transform says that it is active: see lift/register.ts. */
const TRANSFORM = Symbol.for("heddle.register")

/** Characters of a function's text that an error shows. */
const EXCERPT = 60

/** What a function is given to: `go` and its like, or `spawn`. */
export type Use = "task" | "actor"

/** What to do about a function that nobody has named; begins in mid-sentence, after a colon. */
export function unnamedHelp(fn?: Code, use: Use = "task"): string {
  const [what, how, name] = fn !== undefined && isClass(fn) ? ofClass(fn) : OF_FUNCTION[use]
  if (fn === undefined || Reflect.get(globalThis, TRANSFORM) === undefined) {
    return (
      `other isolates cannot find this ${what}, because nothing has named it. ` +
      "Start the program with `heddle run app.ts` or `node --import heddle/register app.ts`, " +
      `add the plugin of \`heddle/bundler\` to the build, or name it: ${name}`
    )
  }
  const text = String(fn).replace(/\s+/g, " ")
  const shown = text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text
  return (
    `other isolates cannot find \`${shown}\`. The transform names ${how}, ` +
    "make the file an ES module, or name it: " +
    name
  )
}

/** Whether `fn` was written as a class. */
export function isClass(fn: Code): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn))
}

/** What it is, what is named and what else to do, what names it by hand. */
type Help = readonly [what: string, how: string, name: string]

const OF_FUNCTION: Readonly<Record<Use, Help>> = {
  task: ofFunction(
    "go",
    '`export const work = task(import.meta.url, "work", fn)`, ' +
      "`remote(new URL(..., import.meta.url))`",
  ),
  actor: ofFunction("spawn", '`export const work = actor(import.meta.url, "work", fn)`'),
}

function ofFunction(call: string, name: string): Help {
  return [
    "function",
    `functions that stand in the call itself, as in \`${call}(() => …)\`, or are given to it by ` +
      "name, in ES modules; this one came through another function, from CommonJS, from a file " +
      "that was loaded before the transform, or from no file (`-e`, standard input, the REPL). " +
      `Call \`${call}\` where the function is written`,
    name,
  ]
}

function ofClass({ name }: Code): Help {
  const names = name === "" ? '"Name", this' : `${JSON.stringify(name)}, ${name}`
  return [
    "class",
    "classes that are given to `spawn`, `child` or `pool` where they are written, or by their " +
      "name at the top level, in ES modules; this one is of a function, came through one, or is " +
      'from CommonJS. Declare it at the top level, let it live here (`on: "here"`)',
    `\`static { actor(import.meta.url, ${names}) }\` in an exported class`,
  ]
}

/** Names a function and returns it: one property, cheap enough for a closure in a loop. */
export function nameCallable<F extends Code>(
  fn: F,
  url: string,
  exportName: string,
  captures?: readonly unknown[],
): F {
  if (ownName(fn) === undefined) (fn as Named)[NAME] = { url, exportName, captures }
  return fn
}

/**
 * The name of a function, or undefined when it has none.
 *
 * @throws {CaptureError} when the transform saw the function and it captures what cannot cross
 */
export function callableOf(fn: Code): Callable | undefined {
  const name = ownName(fn)
  if (name === undefined) throwIfRefused(fn as Named)
  return name
}

/** Reads twice instead of asking `hasOwn`, which costs three times as much. */
function ownName(fn: Code): Callable | undefined {
  const name = (fn as Named)[NAME]
  if (name === undefined || (Object.getPrototypeOf(fn) as Named)[NAME] !== name) return name
  return undefined
}

function throwIfRefused(fn: Named): void {
  const refusal = fn[REFUSED]
  if (refusal === undefined) return
  const [file, line, column, variable, problem] = refusal
  throw new CaptureError({ file, line, column }, variable, problem)
}

/**
 * Loads the function behind a name; with captures, the factory that makes it.
 *
 * @throws {ModuleLoadError} when the module fails to load
 * @throws {NotCallableError} when the module has no such function
 */
export async function loadCallable(url: string, exportName: string): Promise<Code> {
  const module = await importModule(url)
  const found = module[exportName]
  if (typeof found === "function") return found
  const problem = exportName in module ? `is ${describe(found)}, not a function` : "is not there"
  throw new NotCallableError(
    `${url}#${exportName}`,
    `the export ${JSON.stringify(exportName)} of ${url} ${problem}`,
  )
}

async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return await import(url)
  } catch (cause) {
    throw new ModuleLoadError(url, cause)
  }
}

function describe(value: unknown): string {
  if (value === null) return "null"
  return typeof value === "object" ? "an object" : typeof value
}
