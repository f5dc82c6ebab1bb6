/** What the wire tests share: a codec over private memory, and a seeded generator of values. */

import { memoryOver } from "../../../src/internal/memory/memory.ts"
import { Codec } from "../../../src/internal/wire/codec.ts"

export const START = 64
export const LIMIT = 4 << 20

export const memory = memoryOver(new SharedArrayBuffer(LIMIT))
export const codec = new Codec(memory)
/** A second codec over the same bytes, as another isolate has one. */
export const other = new Codec(memory)

/** Sends a value from one codec to the other. */
export function roundTrip<T>(value: T): T {
  const end = codec.encode(value, START, LIMIT)
  if (end < 0) throw new Error("the value does not fit")
  codec.commit()
  return other.decode(START) as T
}

/** Numbers below a bound; the same sequence for the same seed (mulberry32). */
export function generator(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % bound
  }
}

const KEYS = [
  "a",
  "b",
  "id",
  "name",
  "0",
  "7",
  "",
  "__proto__",
  "Ж",
  "a b",
  "constructor",
  "length",
]
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  255,
  2 ** 23,
  -(2 ** 23),
  2 ** 23 - 1,
  2 ** 31,
  -(2 ** 31),
  0.1,
  1e300,
]
const ODD_NUMBERS = [Number.NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE]
const VIEWS = [Int8Array, Uint8Array, Uint16Array, Int32Array, Float64Array, BigInt64Array] as const

/** A random value of everything that structured clone copies alike; shares objects now and then. */
export function randomValue(
  below: (bound: number) => number,
  depth = 0,
  pool: object[] = [],
): unknown {
  if (pool.length > 0 && below(20) === 0) return pool[below(pool.length)]
  const kind = below(depth > 4 ? 9 : 18)
  if (kind < 9) return randomPrimitive(below, kind)
  const object = emptyObject(below, kind)
  pool.push(object)
  fill(below, object, depth, pool)
  return object
}

function randomPrimitive(below: (bound: number) => number, kind: number): unknown {
  switch (kind) {
    case 0:
      return below(2) === 0 ? undefined : null
    case 1:
      return below(2) === 0
    case 2:
      return below(1 << 20) - (1 << 19)
    case 3:
      return NUMBERS[below(NUMBERS.length)]
    case 4:
      return ODD_NUMBERS[below(ODD_NUMBERS.length)]
    case 5:
      return BigInt(below(1000) - 500) ** BigInt(below(40))
    default:
      return randomText(below)
  }
}

/** Narrow, wide and broken text of lengths around every threshold. */
export function randomText(below: (bound: number) => number): string {
  const length = [below(8), below(40), below(300)][below(3)]
  const top = [0x80, 0x100, 0xffff][below(3)]
  return Array.from({ length }, () => String.fromCharCode(below(top))).join("")
}

function emptyObject(below: (bound: number) => number, kind: number): object {
  switch (kind) {
    case 9:
    case 10:
      return []
    case 11:
      return new Map()
    case 12:
      return new Set()
    case 13:
      return new Date(below(2) === 0 ? below(1e9) : Number.NaN)
    case 14: {
      const View = VIEWS[below(VIEWS.length)]
      return new View(new ArrayBuffer(64), 8 * below(4), below(4))
    }
    case 15:
      return Object([1, "boxed", true, 5n][below(4)]) as object
    default:
      return {}
  }
}

function fill(
  below: (bound: number) => number,
  object: object,
  depth: number,
  pool: object[],
): void {
  const next = (): unknown => randomValue(below, depth + 1, pool)
  if (object instanceof Map) for (let i = below(4); i > 0; i--) object.set(next(), next())
  else if (object instanceof Set) for (let i = below(4); i > 0; i--) object.add(next())
  else if (Array.isArray(object)) {
    for (let i = below(6); i > 0; i--) {
      if (below(8) === 0) object.length += below(5)
      else object.push(next())
    }
  } else if (Object.getPrototypeOf(object) === Object.prototype) {
    for (let i = below(6); i > 0; i--) {
      const key = KEYS[below(KEYS.length)]
      const value = next()
      Object.defineProperty(object, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
  }
}
