/**
 * Why a value cannot be sent, and where in it: the path is gathered while the encoder unwinds, so
 * that a value that can be sent pays nothing for it.
 */

import { NotSendableError } from "../../errors.ts"
import { isClass } from "./callable.ts"

/** Steps shown at either end of a very long path. */
const STEPS_SHOWN = 24

/** Thrown inside the encoder; its steps grow from the innermost outwards. */
export class Refusal {
  readonly steps: string[] = []
  readonly problem: string
  readonly cause: unknown

  constructor(problem: string, cause?: unknown) {
    this.problem = problem
    this.cause = cause
  }
}

/** Adds the step that led to where `thrown` was thrown. */
export function located(thrown: unknown, step: string): Refusal {
  const refusal =
    thrown instanceof Refusal ? thrown : new Refusal(`threw when read: ${say(thrown)}`, thrown)
  refusal.steps.push(step)
  return refusal
}

/** What the caller of the codec gets. */
export function notSendable(thrown: unknown, root: string): NotSendableError {
  const refusal = thrown instanceof Refusal ? thrown : located(thrown, "")
  const { steps, problem, cause } = refusal
  let path = root
  if (steps.length <= 2 * STEPS_SHOWN) path += steps.toReversed().join("")
  else {
    const hidden = steps.length - 2 * STEPS_SHOWN
    path += steps.slice(-STEPS_SHOWN).reverse().join("")
    path += `…(${hidden} more)…`
    path += steps.slice(0, STEPS_SHOWN).reverse().join("")
  }
  return new NotSendableError(path, problem, cause === undefined ? undefined : { cause })
}

/** The same of a value that its sender knows by another path. */
export function renamed({ problem, cause }: NotSendableError, path: string): NotSendableError {
  return new NotSendableError(path, problem, cause === undefined ? undefined : { cause })
}

/** The step to a property: `.name`, `["other name"]`. */
export function keyStep(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** What is wrong with a primitive that cannot be sent. */
export function refusePrimitive(value: unknown): Refusal {
  if (typeof value === "function") {
    return new Refusal(isClass(value) ? "is a class" : "is a function")
  }
  return new Refusal("is a symbol")
}

/**
 * What is wrong with an object that is neither data nor registered; `base` is registered, if any.
 */
export function refuseObject(prototype: object, base: string | undefined): Refusal {
  const name = safely(() => String((prototype.constructor as { name?: unknown })?.name ?? ""))
  if (UNSENDABLE.has(name)) return new Refusal(`is a ${name}`)
  // A generator function makes each of its generators from a prototype of its own.
  const tag = safely(() => String(Reflect.get(prototype, Symbol.toStringTag)))
  if (GENERATORS.has(tag)) {
    return new Refusal(
      `is a generator: ${tag === "Generator" ? "collect what it yields in an array, or " : ""}` +
        "send what it yields on a channel",
    )
  }
  const what = name === "" ? "an object with its own prototype" : `an instance of ${name}`
  if (base !== undefined) {
    return new Refusal(
      `is ${what}, which derives from the registered class ${base} but is not registered itself: ` +
        "registration is not inherited, so call sendable() for it too",
    )
  }
  return new Refusal(
    `is ${what}, and its class is not registered: ` +
      "send plain data, or register the class with sendable(Class, { id, encode, decode })",
  )
}

const UNSENDABLE = new Set([
  "Promise",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "FinalizationRegistry",
  "MessagePort",
])

const GENERATORS = new Set(["Generator", "AsyncGenerator"])

/** One line for anything thrown. */
export function say(thrown: unknown): string {
  return safely(() => (thrown instanceof Error ? thrown.message : String(thrown)))
}

function safely(get: () => string): string {
  try {
    return get()
  } catch {
    return "something that cannot be shown"
  }
}
