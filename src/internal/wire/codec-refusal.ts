/**
 * Why a value cannot be sent, and where in it: the path is gathered while the encoder unwinds, so
 * that a value that can be sent pays nothing for it.
 */

import { NotSendableError } from "../../errors.ts"
import { isClass } from "./callable.ts"
import { Shareable } from "./shareable.ts"

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
  const instead = adviceFor(prototype, name)
  if (instead !== undefined) {
    const article = /^[AEIOU](?!RL)/.test(name) ? "an" : "a"
    return new Refusal(`is ${article} ${name}${instead && `: ${instead}`}`)
  }
  // A generator function makes each of its generators from a prototype of its own.
  const tag = safely(() => String(Reflect.get(prototype, Symbol.toStringTag)))
  if (GENERATORS.has(tag)) {
    return new Refusal(
      `is a generator: ${tag === "Generator" ? "collect what it yields in an array, or " : ""}` +
        "send what it yields on a channel",
    )
  }
  const what = name === "" ? "an object with its own prototype" : `an instance of ${name}`
  if (isOfAnotherCopy(prototype)) {
    return new Refusal(
      `is ${what} of another copy of heddle: two are loaded in this process, whose memories are ` +
        "apart; install one (npm ls heddle)",
    )
  }
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

const ENTRIES = "send an array of its entries"
const SIGNAL =
  "give the signal to go.with({ signal }) or to the call that waits; what runs elsewhere listens " +
  "to current().signal"

/** What to do with objects of the host that nobody can register; "" where nothing can be done. */
const HOSTS: Readonly<Record<string, string>> = {
  Promise: "await it, and send what it gives",
  WeakMap: "",
  WeakSet: "",
  WeakRef: "",
  FinalizationRegistry: "",
  MessagePort: "",
  AbortSignal: SIGNAL,
  AbortController: SIGNAL,
  URL: "send its href",
  URLSearchParams: ENTRIES,
  Headers: ENTRIES,
  FormData: ENTRIES,
  Blob: "send its bytes",
  Request: "send its address and its bytes",
  Response: "send its bytes",
  ReadableStream: "send what it gives on a channel",
  Iterator: "collect what it gives in an array",
}

/** By prototype: what to do with instances of classes of Heddle that stay where they are. */
const bound = new Map<object, string>()

/** Instances of `Class` stay in their isolate; who sends one is told what to do `instead`. */
export function staysHere(Class: { readonly prototype: object }, instead: string): void {
  bound.set(Class.prototype, instead)
}

/** What to do instead of sending an instance, unless its class may be registered. */
function adviceFor(prototype: object, name: string): string | undefined {
  const own = bound.get(prototype)
  if (own !== undefined || !Object.hasOwn(HOSTS, name)) return own
  // A class of the program may have the name of one of the host.
  const host = (Reflect.get(globalThis, name) as { prototype?: object } | undefined)?.prototype
  const isHosts = host === prototype || (host !== undefined && isBelow(host, prototype))
  return isHosts ? HOSTS[name] : undefined
}

/** Whether it is a handle, though not one of those that this copy of the package makes. */
function isOfAnotherCopy(prototype: object): boolean {
  try {
    for (let at = Object.getPrototypeOf(prototype); at !== null; at = Object.getPrototypeOf(at)) {
      if (at.constructor?.name === Shareable.name) return at !== Shareable.prototype
    }
  } catch {
    // A proxy among them that does not answer: whatever it is, it is no handle.
  }
  return false
}

function isBelow(base: object, prototype: object): boolean {
  return Object.prototype.isPrototypeOf.call(base, prototype)
}

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
