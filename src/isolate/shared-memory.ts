/** Memory that all isolates see: made here, passed as a handle, never copied. */

import { collectGarbage } from "#platform/heap"
import { simulated } from "#platform/simulation"
import { isTooMuchShared } from "../internal/loop/pressure.ts"
import { shown } from "../internal/wire/shown.ts"

/** Classes whose arrays can lie in shared memory, as constructors. */
export interface SharedArrayClass<A> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer): A
}

/**
 * `n` bytes of memory that every isolate which gets them reads and writes: zero at first, freed
 * when the last isolate has let go. Use `Atomics` or a lock of `heddle/sync` where isolates meet.
 *
 * @throws {TypeError} when `Class` is no class of typed arrays
 * @throws {RangeError} when `n` is no whole number from 0, or more than the engine can reserve
 * @example
 * const bytes = sharedBytes(1024)
 * await go(() => { bytes[0] = 7 })
 * console.log(bytes[0]) // prints: 7
 */
export function sharedBytes(n: number): Uint8Array<SharedArrayBuffer> {
  return sharedArray(Uint8Array<SharedArrayBuffer>, n)
}

/**
 * A typed array of `n` elements in memory that every isolate which gets it reads and writes.
 *
 * @throws {TypeError} when `Class` is no class of typed arrays
 * @throws {RangeError} when `n` is no whole number from 0, or more than the engine can reserve
 */
export function sharedArray<A>(Class: SharedArrayClass<A>, n: number): A {
  if (typeof Class !== "function" || !(Class.BYTES_PER_ELEMENT > 0)) {
    throw new TypeError(`sharedArray takes a class such as Float64Array, received ${shown(Class)}`)
  }
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(
      `shared memory takes a whole number of elements from 0, received ${shown(n)}`,
    )
  }
  const stand = simulated()
  if (stand !== undefined) return stand.play("memory", [Class, n]) as A
  const bytes = n * Class.BYTES_PER_ELEMENT
  // At once: a loop that never waits lets nobody collect later.
  if (isTooMuchShared(bytes)) collectGarbage()
  return new Class(reserve(bytes))
}

function reserve(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes)
  } catch (error) {
    throw new RangeError(`${bytes} bytes of shared memory cannot be had`, { cause: error })
  }
}
