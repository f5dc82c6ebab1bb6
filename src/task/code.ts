/**
 * Functions as numbers: the name of a callable is written once into shared memory, and its place
 * there is its number in every isolate.
 *
 * Bound   one block per function and isolate that submits it, one more for one of a loop, one per
 *         name of what has a meaning in one isolate alone; they are never freed
 */
import { NotCallableError } from "../errors.ts"
import { CalledFrom } from "../internal/loop/called-from.ts"
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import { acquire, here } from "../internal/loop/here.ts"
import {
  type Callable,
  callableOf,
  isClass,
  loadCallable,
  nameCallable,
  type Use,
  unnamedHelp,
} from "../internal/wire/callable.ts"
import { shown } from "../internal/wire/shown.ts"

/** A function that other isolates can find. */
export interface Code {
  /** Its number. */
  readonly id: number
  /** Whether the export makes the function from captured values. */
  readonly isFactory: boolean
  /** Where it was written, for names of tasks. */
  readonly name: string
  /** Where it was submitted. */
  readonly from: CalledFrom
}

/** Any function. */
export type Callback = (...values: never[]) => unknown

/** A function, or a promise of it while it is loaded. */
type Loadable = Callback | Promise<Callback>

/** What is known of a function that is submitted. */
export interface Found {
  readonly code: Code
  readonly captures: readonly unknown[] | undefined
}

/** The function found last: most are submitted many times in a row. */
let lastFunction: unknown = Symbol("none")
let lastFound: Found

/** Codes by URL and export. */
const codes = new Map<string, Map<string, Code>>()
const loaded = new Map<number, Loadable>()

/** Functions that have the name of another one, whose module may not be loaded here. */
const stubs = new WeakSet<object>()

/** Whether `fn` only has the name of another one. */
export function isStub(fn: object): boolean {
  return stubs.has(fn)
}

/** Makes `fn` stand for a module's export: as a task, the export runs. */
export function standFor<F extends Callback>(fn: F, url: string, exportName: string): F {
  stubs.add(fn)
  return nameCallable(fn, url, exportName)
}

/**
 * A stand-in for `fn`, a named function, with the function behind `code` as its first argument.
 *
 * As a task, both are loaded before the other arguments are read: these may be instances of classes
 * that only the module of that function knows.
 */
export function standForWith<F extends Callback>(
  fn: (first: never, ...rest: Parameters<F>) => ReturnType<F>,
  { id }: Code,
): F {
  const { url, exportName } = callableOf(fn) as Callable
  return standFor((() => undefined) as unknown as F, url, `${exportName}\n${id}`)
}

/**
 * The code of a function, which is to be used as a task or an actor.
 *
 * @throws {TypeError} when it is not a function
 * @throws {NotCallableError} when it is one that nobody has named
 */
export function codeOf(fn: unknown, use: Use = "task"): Found {
  return fn === lastFunction ? lastFound : find(fn, use)
}

function find(fn: unknown, use: Use): Found {
  if (typeof fn !== "function")
    throw new TypeError(`a task needs a function, received ${shown(fn)}`)
  const callable = callableOf(fn)
  if (callable === undefined) {
    const help = unnamedHelp(fn, use)
    throw new NotCallableError(fn.name, `${refusalOf(fn as Callback, use)}: ${help}`)
  }
  let ofModule = codes.get(callable.url)
  if (ofModule === undefined) {
    ofModule = new Map()
    codes.set(callable.url, ofModule)
  }
  let code = ofModule.get(callable.exportName)
  if (code === undefined) {
    code = register(callable)
    ofModule.set(callable.exportName, code)
    if (!code.isFactory && !stubs.has(fn)) loaded.set(code.id, fn as Callback)
  }
  lastFunction = fn
  lastFound = { code, captures: callable.captures }
  return lastFound
}

function refusalOf(fn: Callback, use: Use): string {
  if (isClass(fn)) return `${titleOf(fn)} cannot live in another isolate`
  const name = fn.name === "" ? "a function" : fn.name
  return `${name} cannot ${use === "task" ? "be run as a task" : "be an actor in another isolate"}`
}

/** A class in the words of a message. */
export function titleOf({ name }: { readonly name: string }): string {
  return name === "" ? "a class without a name" : `class ${name}`
}

function register(callable: Callable): Code {
  const address = `${callable.url}\n${callable.exportName}`
  const place = placeOf(callable)
  return {
    id: put(place === undefined ? address : `${address}\n\n${place}`),
    isFactory: callable.captures !== undefined,
    name: callable.exportName,
    from: new CalledFrom(),
  }
}

/** Where code without a name of its own was written: `app.ts:12`. */
function placeOf({ url, exportName, line }: Callable): string | undefined {
  if (line === undefined || !url.endsWith(`?heddle=${exportName}`)) return undefined
  return `${url.slice(url.lastIndexOf("/") + 1, url.lastIndexOf("?"))}:${line}`
}

const titles = new Map<string, number>()

/** The number of code that has a meaning in this isolate alone, by which others know its name. */
export function titleNumber(name: string): number {
  let id = titles.get(name)
  if (id === undefined) {
    id = put(`\n${name}`)
    titles.set(name, id)
  }
  return id
}

function put(text: string): number {
  const id = acquire(here(), CELL_WORDS * 4)
  const tag = cells().prepare(text, "callable")
  cells().put(id, tag, text)
  return id
}

/** What the code with a number is called, from whichever isolate; empty when it has no name. */
export function nameOfCode(id: number): string {
  const [, exportName = "", , place] = (cells().look(id) as string).split("\n")
  return place ?? exportName
}

/** The function with this number, when it is loaded here; otherwise a promise of it. */
export function functionOf(id: number): Loadable {
  const known = loaded.get(id)
  if (known !== undefined) return known
  const [url = "", exportName = "", first = ""] = (cells().look(id) as string).split("\n")
  const named = namedFunction(url, exportName)
  const fn = first === "" ? named : withFirst(named, functionOf(Number(first)))
  loaded.set(id, fn)
  if (typeof fn === "function") return fn
  fn.then(
    (fn) => loaded.set(id, fn),
    () => loaded.delete(id),
  )
  return fn
}

function namedFunction(url: string, exportName: string): Loadable {
  const own = codes.get(url)?.get(exportName)
  const fn = own === undefined ? undefined : loaded.get(own.id)
  return typeof fn === "function" ? fn : (loadCallable(url, exportName) as Promise<Callback>)
}

function withFirst(fn: Loadable, first: Loadable): Loadable {
  if (typeof fn === "function" && typeof first === "function") {
    return (...rest) => fn(first as never, ...rest)
  }
  return Promise.all([fn, first]).then((both) => withFirst(...both))
}
