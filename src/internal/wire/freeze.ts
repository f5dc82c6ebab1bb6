/** Freezing whole values, after a look whether freezing makes them immutable. */
import type { NotSendableError } from "../../errors.ts"
import { keyStep, located, notSendable, Refusal, refusePrimitive } from "./codec-refusal.ts"
import { isShared } from "./shared-values.ts"

const MUTABLE =
  "can change even when it is frozen: only plain objects, arrays and primitives are shared"

/**
 * The objects of a value that becomes immutable when all of them are frozen; shared values are so
 * already.
 *
 * @throws {NotSendableError} naming the path to what cannot be frozen
 */
export function freezableObjects(value: object, root: string): Iterable<object> {
  const waiting: { readonly value: object; readonly path: readonly string[] }[] = []
  const seen = new Set<object>()
  const visit = (next: unknown, path: readonly string[]): void => {
    if (typeof next === "function" || typeof next === "symbol") throw refused(next, path, root)
    if (typeof next !== "object" || next === null || seen.has(next) || isShared(next)) return
    seen.add(next)
    waiting.push({ value: next, path })
  }
  visit(value, [])
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { path } = entry
    if (!isPlain(entry.value)) throw mutable(entry.value, path, root)
    for (const key of Reflect.ownKeys(entry.value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(entry.value, key) as PropertyDescriptor
      const step = [...path, stepOf(entry.value, key)]
      if (descriptor.get !== undefined || descriptor.set !== undefined) {
        throw problem("is an accessor, whose value can change", step, root)
      }
      visit(descriptor.value, step)
    }
  }
  return seen
}

/** Freezes every object of a value that a message brought: plain objects and arrays only. */
export function freezeDecoded(value: object): void {
  const waiting: object[] = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const inner of Object.values(next) as unknown[]) {
      if (typeof inner === "object" && inner !== null) waiting.push(inner)
    }
  }
}

function isPlain(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value)
  if (Array.isArray(value)) return prototype === Array.prototype
  return prototype === Object.prototype || prototype === null
}

function stepOf(parent: object, key: string | symbol): string {
  if (typeof key === "symbol") return `[${String(key)}]`
  return Array.isArray(parent) && /^\d+$/.test(key) ? `[${key}]` : keyStep(key)
}

function refused(value: unknown, path: readonly string[], root: string): NotSendableError {
  return problem(refusePrimitive(value).problem, path, root)
}

function mutable(value: object, path: readonly string[], root: string): NotSendableError {
  const name = (Reflect.getPrototypeOf(value)?.constructor as { name?: unknown } | undefined)?.name
  return problem(`is an instance of ${String(name ?? "a class")}, which ${MUTABLE}`, path, root)
}

function problem(text: string, path: readonly string[], root: string): NotSendableError {
  const refusal = new Refusal(text)
  for (const step of path.toReversed()) located(refusal, step)
  return notSendable(refusal, root)
}
