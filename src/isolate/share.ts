/**
 * Values that lie in shared memory once and cross as a handle.
 *
 * A shared value is a shared object with a cell: the message that holds the value. Each isolate
 * decodes it when a handle first arrives, freezes what it got, and keeps it as long as its program
 * does.
 *
 * Publication   the object is made before its number leaves in a message
 * Death         the value belongs to no isolate: it ends when the last that holds it lets go or
 * dies
 */
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import { acquireObject, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY, create, retain } from "../internal/memory/objects.ts"
import { freezableObjects, freezeDecoded } from "../internal/wire/freeze.ts"
import { registerKind } from "../internal/wire/shareable.ts"
import { isShared, noteShared } from "../internal/wire/shared-values.ts"

/** A value that nothing in it can change. */
export type Shared<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends object
    ? { readonly [K in keyof T]: Shared<T[K]> }
    : T

/** First word of the object's cell. */
const CELL = Math.ceil(BODY / CELL_WORDS) * CELL_WORDS
const OBJECT_BYTES = 4 * (CELL + CELL_WORDS)

const holdings = new Holdings<object, undefined>(() => {})

/**
 * Puts a value into shared memory once: from then on it crosses as a handle, whole or inside other
 * values, in time independent of its size, and every isolate reads it as often as it likes.
 *
 * The value is frozen, with everything in it, and returned; what other isolates get is frozen too.
 * Each isolate makes its own objects of it once, when it first arrives. Freed when no isolate uses
 * it any more. Plain objects, arrays, primitives and other shared values can be shared; what can
 * change although it is frozen (`Map`, `Date`, typed arrays, instances of classes) is refused: see
 * `sharedArray` and `heddle/state`. A primitive is returned as it is, and copied as ever.
 *
 * @throws {NotSendableError} naming the path to what cannot be shared; then nothing was frozen
 * @example
 * const table = share({ squares: Array.from({ length: 1000 }, (_, n) => n * n) })
 * const found = await go(() => table.squares[12])
 * console.log(found) // prints: 144
 */
export function share<T>(value: T): Shared<T> {
  if (typeof value === "function" || typeof value === "symbol") cells().prepare(value, "value")
  if (typeof value !== "object" || value === null || isShared(value)) return value as Shared<T>
  const objects = freezableObjects(value, "value")
  const at = here()
  const tag = cells().prepare(value, "value")
  const { payload } = cells()
  let object: number
  try {
    object = acquireObject(at, OBJECT_BYTES)
  } catch (error) {
    cells().payload = payload
    cells().unprepare(tag)
    throw error
  }
  cells().put(object + CELL, tag, value)
  cells().commit(tag)
  create(at.words, object, KIND.SHARED_VALUE, at.me)
  for (const inner of objects) Object.freeze(inner)
  noteShared(value, KIND.SHARED_VALUE, object)
  holdings.add(object, value, undefined)
  return value as Shared<T>
}

registerKind<object>({
  id: KIND.SHARED_VALUE,
  name: "shared value",
  // Never asked: the codec knows the number from the value.
  handleOf: () => 0,
  retain: (object) => retain(here().words, object),
  revive: (object) =>
    holdings.revive(here(), object, () => {
      const value = cells().copy(object + CELL) as object
      freezeDecoded(value)
      noteShared(value, KIND.SHARED_VALUE, object)
      return [value, undefined]
    }),
  release: (object) => releaseObject(here(), object),
})

onDestroy(KIND.SHARED_VALUE, (_at, object) => cells().drop(object + CELL))
