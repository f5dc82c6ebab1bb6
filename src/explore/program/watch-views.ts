/**
 * Views that an explored program makes by itself over the buffer of its shared memory.
 *
 * Their classes are stood in for while programs are explored: a new view of explored memory is one
 * whose accesses are seen. What cannot be seen, a `Buffer` of the host, is named.
 */
import { simulated } from "#platform/simulation"
import type { RealView, ViewClass } from "./view.ts"
import { memoryOf, viewOf } from "./view.ts"
import { whereIn } from "./where.ts"

const CLASSES = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const

/** What gives the host its own classes back. */
let undo: (() => void)[] = []

/** From here on new views of explored memory are seen. */
export function watchViews(): void {
  undo = []
  const scope = globalThis as unknown as Record<string, ViewClass | undefined>
  for (const name of CLASSES) {
    const Real = scope[name]
    if (Real === undefined) continue
    replace(scope, name, watched(Real))
  }
  replace(Buffer as unknown as Record<string, unknown>, "from", watchedFrom(Buffer.from))
}

/** The host has its own classes again. */
export function unwatchViews(): void {
  for (const one of undo) one()
  undo = []
}

function replace(object: Record<string, unknown>, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, name) as PropertyDescriptor
  Object.defineProperty(object, name, { ...before, value })
  undo.push(() => void Object.defineProperty(object, name, before))
}

function watched(Real: ViewClass): ViewClass {
  return new Proxy(Real, {
    construct(target, args, self) {
      const made = Reflect.construct(target, args, self) as RealView
      const memory = simulated() === undefined ? undefined : memoryOf(args[0])
      return memory === undefined ? made : viewOf(memory, made).proxy
    },
  })
}

type From = (...args: unknown[]) => unknown

function watchedFrom(real: unknown): From {
  return (...args) => {
    const memory = simulated() === undefined ? undefined : memoryOf(args[0])
    const where = memory === undefined ? "" : whereIn(new Error().stack ?? "")
    memory?.theatre.failed(
      "uncontrolled",
      `Buffer.from() at ${where} of shared memory: its accesses are not seen; use a typed array`,
    )
    return Reflect.apply(real as From, Buffer, args)
  }
}
