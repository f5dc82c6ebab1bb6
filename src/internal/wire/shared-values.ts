/**
 * Values that were shared: objects of this isolate that stand for a value in shared memory, and
 * cross as a handle instead of being copied.
 *
 * The codec asks about every object it meets, so it asks only once something was shared here.
 */

import type { Encoder } from "./codec-encode.ts"
import { FREIGHT_NEXT } from "./codec-tags.ts"

interface Handle {
  readonly kindId: number
  readonly number: number
}

const handles = new WeakMap<object, Handle>()

/** Whether anything in this isolate stands for a shared value. */
export let someShared = false

/** From here on `value` crosses as the handle `number` of a kind. */
export function noteShared(value: object, kindId: number, number: number): void {
  handles.set(value, { kindId, number })
  someShared = true
}

/** Whether the value crosses as a handle. */
export function isShared(value: object): boolean {
  return someShared && handles.has(value)
}

/** Writes a shared value as a handle; undefined when it is none. */
export function writeIfShared(encoder: Encoder, value: object, at: number): number | undefined {
  const handle = handles.get(value)
  if (handle === undefined) return undefined
  encoder.freight.addHandle(value, handle.kindId, handle.number)
  return encoder.word(FREIGHT_NEXT, at)
}
