/**
 * Checks a shared object against a sequential one: whatever tasks do with it at the same time,
 * there must be an order, one call after the other, in which the sequential object gives the same.
 *
 * Small programs are made by chance, each is explored, and what its calls gave is explained by
 * search. A call that had returned before another began comes before it in every explanation.
 *
 * After         Wing, Gong: Testing and verifying concurrent objects, 1993
 *               Lowe: Testing for linearizability, 2017
 */

import { isDeepStrictEqual } from "node:util"
import { checkFunction } from "../../internal/wire/given.ts"
import { go } from "../../task/task.ts"
import { Chance } from "../chance.ts"
import { nameAsked } from "../replay-asked.ts"
import { type Deed, labelOf } from "./entry.ts"
import { explore } from "./explore.ts"
import { ExploreFailure, Unexplained } from "./failure.ts"
import { present } from "./on-stage.ts"
import { checkCount, type ExploreOptions } from "./options.ts"
import { short } from "./report.ts"

/** Arguments that a method is called with: lists of them, or what makes one. */
export type Arguments =
  | readonly (readonly unknown[])[]
  | ((below: (n: number) => number) => unknown[])

/** How an object is checked. */
export interface LinearizableOptions extends Omit<ExploreOptions, "replay"> {
  /** The same in one thread: a class, or what makes one; the same methods, not asynchronous. */
  readonly model: Maker
  /** What is called, by name of the method, and with which arguments. */
  readonly operations: Readonly<Record<string, Arguments>>
  /** Tasks that call at the same time; 2 unless given. */
  readonly threads?: number
  /** Calls of each; 3 unless given. */
  readonly calls?: number
  /** Programs to make; 40 unless given. */
  readonly programs?: number
}

/** What was checked. */
export interface LinearizableResult {
  readonly programs: number
  readonly schedules: number
  /** Whether every order of every program was tried. */
  readonly exhaustive: boolean
  readonly milliseconds: number
  readonly line: string
}

/** A class, or a function that makes an object. */
export type Maker = (new () => object) | (() => object)

interface Call {
  readonly task: number
  readonly method: string
  readonly args: readonly unknown[]
  began: number
  ended: number
  outcome: Outcome | undefined
}

interface Outcome {
  readonly threw: boolean
  readonly value: unknown
}

type Plan = readonly (readonly Pick<Call, "method" | "args">[])[]

/**
 * Checks that a shared object behaves as if its calls were made one after the other.
 *
 * @throws {ExploreFailure} with the smallest history found that has no explanation, or with what
 *   else goes wrong while the object is used
 * @example
 * class Counter {
 *   readonly #words = sharedArray(Int32Array, 1)
 *   next() {
 *     return Atomics.add(this.#words, 0, 1)
 *   }
 * }
 * class Model {
 *   #count = 0
 *   next() {
 *     return this.#count++
 *   }
 * }
 * const options = { model: Model, operations: { next: [[]] }, programs: 4 }
 * const checked = await linearizable(Counter, options)
 * console.log(checked.exhaustive) // prints: true
 */
export async function linearizable(
  target: Maker,
  options: LinearizableOptions,
): Promise<LinearizableResult> {
  checkFunction(target, "linearizable")
  const { model, operations, threads = 2, calls = 3, programs = 40, ...explored } = options
  checkFunction(model, "model")
  for (const [what, value] of Object.entries({ threads, calls, programs }))
    checkCount(what, value, 1)
  const names = Object.keys(operations ?? {})
  if (names.length === 0) throw new TypeError("linearizable needs operations to call")
  checkMethods(model, names)
  const name = explored.name ?? (target.name === "" ? "object" : target.name)
  const chance = new Chance(explored.seed ?? 1)
  const check = (plan: Plan) =>
    run(target, model, plan, { ...explored, name: `${name} ${textOf(plan)}` })
  const asked = nameAsked(`${name} `)
  if (asked !== undefined) await check(planIn(asked))
  const total = { schedules: 0, milliseconds: 0, exhaustive: true }
  for (let i = 0; i < programs; i++) {
    const length = 1 + Math.floor((i * calls) / programs)
    const plan = Array.from({ length: threads }, () =>
      Array.from({ length }, () => {
        const method = names[chance.below(names.length)]
        return { method, args: argumentsOf(operations[method], chance) }
      }),
    )
    const found = await attempt(check, plan)
    if (found instanceof ExploreFailure) throw await smallest(check, plan, found)
    total.schedules += found.schedules
    total.milliseconds += found.milliseconds
    total.exhaustive &&= found.exhaustive
  }
  const how = total.exhaustive ? "exhaustive" : "not exhausted"
  const count = (value: number) => Math.round(value).toLocaleString("en-US")
  const line =
    `${name}: linearizable, ${programs} programs of ${threads} tasks with up to ${calls} calls, ` +
    `${count(total.schedules)} schedules, ${how}, ${count(total.milliseconds)} ms`
  return { programs, ...total, line }
}

/** What neither has throws the same in both, and would be explained. */
function checkMethods(model: Maker, names: readonly string[]): void {
  const object = make(model)
  const missing = names.find((name) => typeof Reflect.get(object, name) !== "function")
  if (missing !== undefined) throw new TypeError(`the model has no method ${missing}`)
}

function argumentsOf(choices: Arguments, chance: Chance): readonly unknown[] {
  if (typeof choices === "function") return choices((n) => chance.below(n))
  return choices[chance.below(choices.length)] ?? []
}

/** A plan in the name of its program, so that the program can be made again from the name. */
function textOf(plan: Plan): string {
  return JSON.stringify(plan.map((calls) => calls.map(({ method, args }) => [method, ...args])))
}

function planIn(text: string): Plan {
  const calls = JSON.parse(text) as [string, ...unknown[]][][]
  return calls.map((mine) => mine.map(([method, ...args]) => ({ method, args })))
}

type Check = (plan: Plan) => ReturnType<typeof explore>

async function attempt(check: Check, plan: Plan) {
  try {
    return await check(plan)
  } catch (error) {
    if (error instanceof ExploreFailure) return error
    throw error
  }
}

/** Leaves out calls, one after the other, as long as what is left fails in the same way. */
async function smallest(
  check: Check,
  plan: Plan,
  failure: ExploreFailure,
): Promise<ExploreFailure> {
  let [best, found] = [plan, failure]
  for (let task = 0; task < best.length; task++) {
    for (let i = 0; i < (best[task]?.length ?? 0); ) {
      const less = best.map((calls, t) => (t === task ? calls.filter((_, c) => c !== i) : calls))
      const again = await attempt(check, less)
      if (again instanceof ExploreFailure && again.kind === found.kind) {
        best = less
        found = again
      } else i++
    }
  }
  return found
}

/** Explores one program. */
function run(target: Maker, model: Maker, plan: Plan, options: ExploreOptions) {
  return explore(async () => {
    const object = make(target)
    const journal = new Journal()
    const tasks = plan.map((calls, task) => {
      const mine = calls.map((call) => journal.plan(task + 1, call))
      return go(async () => {
        for (const call of mine) await journal.perform(object, call)
      })
    })
    await Promise.all(tasks)
    if (!isExplained(model, journal.calls, [])) throw unexplained(journal.calls)
  }, options)
}

function make(maker: Maker): object {
  const isClass = /^class\b/.test(Function.prototype.toString.call(maker))
  return isClass ? new (maker as new () => object)() : (maker as () => object)()
}

/** When calls began and ended, in one execution. */
class Journal {
  readonly calls: Call[] = []
  readonly #place = present().newPlace()
  #time = 0

  plan(task: number, { method, args }: Pick<Call, "method" | "args">): Call {
    const call: Call = { task, method, args, began: -1, ended: -1, outcome: undefined }
    this.calls.push(call)
    return call
  }

  async perform(object: object, call: Call): Promise<void> {
    this.#step(call, "call", false, () => {
      call.began = this.#time++
    })
    let outcome: Outcome
    try {
      const method = Reflect.get(object, call.method) as (...args: unknown[]) => unknown
      const value = await Reflect.apply(method, object, structuredClone(call.args) as unknown[])
      outcome = { threw: false, value }
    } catch (error) {
      outcome = { threw: true, value: error }
    }
    this.#step(call, "return", true, () => {
      call.ended = this.#time++
      call.outcome = outcome
    })
  }

  /** What ended before another call began is part of the history, so both are steps. */
  #step(call: Call, operation: string, ends: boolean, act: () => void): void {
    const deed: Deed = {
      label: labelOf(shown(call), operation),
      ready: () => true,
      attempt: () => true,
      touch: (into) => into.add(this.#place, ends),
    }
    present().choose(deed, act)
  }
}

/** Whether some order of what is left of the calls gives what they gave. */
function isExplained(model: Maker, calls: readonly Call[], before: readonly Call[]): boolean {
  const left = calls.filter((call) => !before.includes(call))
  if (left.length === 0) return true
  const firstEnd = Math.min(...left.map(({ ended }) => ended))
  return left.some((call) => {
    if (call.began > firstEnd) return false
    const order = [...before, call]
    return agrees(model, order) && isExplained(model, calls, order)
  })
}

/** Whether the sequential object gives the same in this order. */
function agrees(model: Maker, order: readonly Call[]): boolean {
  const object = make(model)
  return order.every(({ method, args, outcome }) => {
    try {
      const call = Reflect.get(object, method) as (...args: unknown[]) => unknown
      const value = Reflect.apply(call, object, structuredClone(args) as unknown[])
      return outcome?.threw === false && isDeepStrictEqual(value, outcome.value)
    } catch (error) {
      return outcome?.threw === true && nameOf(error) === nameOf(outcome.value)
    }
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}

function shown({ method, args }: Pick<Call, "method" | "args">): string {
  return `${method}(${args.map(short).join(", ")})`
}

/** A history that no order of its calls explains. */
function unexplained(calls: readonly Call[]): Unexplained {
  const rows = calls.map((call) => [
    `task ${call.task}`,
    `${call.began}-${call.ended}`,
    shown(call),
    call.outcome?.threw === true ? `throws ${call.outcome.value}` : short(call.outcome?.value),
  ])
  const all = [["task", "when", "call", "gave"], ...rows]
  const widths = [0, 1, 2].map((c) => Math.max(...all.map((row) => row[c]?.length ?? 0)))
  const lines = all.map((row) =>
    `  ${row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join("  ")}`.trimEnd(),
  )
  return new Unexplained(`no order of these calls gives what they gave:\n${lines.join("\n")}`)
}
