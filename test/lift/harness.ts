/**
 * Runs small programs whose `heddle` is a stand-in: `go` sends the callable's name, its captures
 * and the arguments to a worker that has only the hook, and answers with what came back.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { Worker } from "node:worker_threads"
import { type Callable, callableOf, unnamedHelp } from "../../src/internal/wire/callable.ts"

export const REGISTER = new URL("../../src/lift/register.ts", import.meta.url).href

const CALLABLE = new URL("../../src/internal/wire/callable.ts", import.meta.url).href

/** The stand-in for the package: every call that takes code, and values that look like handles. */
const STAND_IN = `
const run = (fn, ...args) => globalThis[Symbol.for("heddle.test")](fn, args)
export const go = Object.assign((fn, ...args) => run(fn, ...args), { with: () => run })
export const scope = (fn) => fn({ go, ok: true })
export const parallel = {
  map: (items, fn) => Promise.all([...items].map((item) => run(fn, item))),
  forEach: async (items, fn) => void (await parallel.map(items, fn)),
  filter: async (items, fn) => {
    const kept = await parallel.map(items, fn)
    return [...items].filter((_, index) => kept[index])
  },
  reduce: async (items, fn, merge, init) => {
    let result = init
    for (const item of items) result = await run(merge, result, await run(fn, init, item))
    return result
  },
  join: (...parts) => {
    const calls = []
    for (const part of parts) {
      if (typeof part === "function") calls.push([part])
      else calls.at(-1).push(part)
    }
    return Promise.all(calls.map((call) => run(...call)))
  },
}
let next = 0
export const channel = (capacity) => ({ handle: "channel", id: next++, capacity })
export const counter = () => ({ handle: "counter", id: next++ })
export const sendable = (Class, options) => {
  ;(globalThis.registered ??= []).push(options.id)
  return Class
}
export const struct = (fields) => ({ ...fields, encode: (value) => value })
export const f64 = "f64"
export const task = (url, name, fn) =>
  Object.assign(fn, { [Symbol.for("heddle.callable")]: { url, exportName: name } })
`

const WORKER = `
import { parentPort } from "node:worker_threads"
import { callableOf, loadCallable } from ${JSON.stringify(CALLABLE)}
const run = async ({ url, exportName, captures }, args) => {
  const found = await loadCallable(url, exportName)
  return (captures ? found(...captures) : found)(...args)
}
globalThis[Symbol.for("heddle.test")] = (fn, args) => run(callableOf(fn), args)
parentPort.on("message", async ({ id, args, ...callable }) => {
  try {
    const value = await run(callable, args)
    parentPort.postMessage({ id, value })
  } catch (error) {
    parentPort.postMessage({ id, error, stack: error.stack })
  }
})
`

/** Files by name; `main.ts` is the program, its export \`result\` the answer. */
export type Files = Readonly<Record<string, string>>

/** A program that runs, and its answer. */
export interface Case {
  readonly name: string
  /** What follows `import { go, scope, parallel, channel } from "heddle"`. */
  readonly program: string
  readonly result: unknown
}

/** One worker with the hook or without, and a folder for programs. Closing ends both. */
export class Laboratory {
  readonly #folder = mkdtempSync(join(tmpdir(), "heddle-lift-"))
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  /** Sees the name of each function that is sent. */
  watch: ((callable: Callable) => void) | undefined
  #count = 0

  constructor({ hook = true } = {}) {
    const execArgv = ["--conditions=source", ...(hook ? ["--import", REGISTER] : [])]
    this.#worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`), {
      execArgv,
    })
    this.#worker.on("message", ({ id, value, error, stack }) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(Object.assign(error, { stack }))
    })
    this.#worker.unref()
    Object.assign(globalThis, { [Symbol.for("heddle.test")]: this.send })
  }

  /** Writes a program and gives the path of its main file. */
  write(files: Files, main = "main.ts"): string {
    const folder = join(this.#folder, `program-${this.#count++}`)
    for (const [name, text] of Object.entries({ ...standIn(), ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return join(folder, main)
  }

  /** Loads a program and gives its `result`. */
  async run(files: Files, main = "main.ts"): Promise<unknown> {
    const { result } = await import(pathToFileURL(this.write(files, main)).href)
    return result
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  readonly send = (fn: (...args: never[]) => unknown, args: unknown[]): Promise<unknown> => {
    const callable = callableOf(fn)
    if (callable === undefined) throw new Error(`${fn.name || "a function"}: ${unnamedHelp()}`)
    this.watch?.(callable)
    const { url, exportName, captures } = callable
    const id = this.#count++
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    this.#worker.postMessage({ id, url, exportName, captures, args })
    return waiting.promise
  }
}

function standIn(): Files {
  return {
    "package.json": '{ "type": "module" }',
    "node_modules/heddle/package.json": JSON.stringify({
      name: "heddle",
      type: "module",
      exports: { ".": "./index.js", "./*": "./index.js" },
    }),
    "node_modules/heddle/index.js": STAND_IN,
  }
}
