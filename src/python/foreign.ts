/** Simple Python values (values.ts) as TypeScript sees them, where no CPython is. */
import type { Memory } from "../internal/memory/memory.ts"
import { TAG } from "./values.ts"

/** A tuple of simple values. */
export class Tuple {
  readonly items: readonly Simple[]

  constructor(items: readonly Simple[]) {
    this.items = items
  }
}

/** What a simple value is in TypeScript; whole numbers are ints. */
export type Simple = null | boolean | number | bigint | Float | string | Uint8Array | Tuple

/** A number that is a float in Python, whatever its value. */
class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A tuple of these. */
export function tupleOf(...items: Simple[]): Tuple {
  return new Tuple(items)
}

/** Words of a simple value. */
export function wordsOf(simple: Simple): number[] {
  const words: number[] = []
  push(words, simple)
  return words
}

const scratch = new DataView(new ArrayBuffer(8))

function push(words: number[], simple: Simple): void {
  if (simple === null) words.push(TAG.NONE)
  else if (typeof simple === "boolean") words.push(simple ? TAG.TRUE : TAG.FALSE)
  else if (typeof simple === "string") pushText(words, simple)
  else if (simple instanceof Uint8Array) {
    words.push(TAG.BYTES, simple.length)
    pushBytes(words, simple)
  } else if (simple instanceof Tuple) {
    words.push(TAG.TUPLE, simple.items.length)
    for (const item of simple.items) push(words, item)
  } else if (simple instanceof Float) {
    scratch.setFloat64(0, simple.value, true)
    words.push(TAG.FLOAT, scratch.getInt32(0, true), scratch.getInt32(4, true))
  } else {
    scratch.setBigInt64(0, BigInt(simple), true)
    words.push(TAG.LONG, scratch.getInt32(0, true), scratch.getInt32(4, true))
  }
}

function pushBytes(words: number[], bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 4) {
    words.push(
      bytes[i] |
        ((bytes[i + 1] ?? 0) << 8) |
        ((bytes[i + 2] ?? 0) << 16) |
        ((bytes[i + 3] ?? 0) << 24),
    )
  }
}

/** Text is written with one or four bytes a character. */
function pushText(words: number[], text: string): void {
  const points = [...text].map((character) => character.codePointAt(0) as number)
  const kind = points.every((point) => point < 256) ? 1 : 4
  words.push(TAG.TEXT | (kind << 8), points.length)
  if (kind === 1) pushBytes(words, Uint8Array.from(points))
  else words.push(...points)
}

/** Reads simple values from shared memory. */
export class SimpleReader {
  readonly #memory: Memory
  #at: number

  constructor(memory: Memory, at: number) {
    this.#memory = memory
    this.#at = at
  }

  /** The value here; the reader moves behind it. */
  next(): Simple {
    const { words } = this.#memory
    const head = words[this.#at++]
    switch (head & 0xff) {
      case TAG.TRUE:
        return true
      case TAG.FALSE:
        return false
      case TAG.SMALL:
        return words[this.#at++]
      case TAG.LONG:
        return this.#long()
      case TAG.FLOAT:
        this.#load()
        return new Float(scratch.getFloat64(0, true))
      case TAG.TEXT:
        return this.#text(head >>> 8)
      case TAG.BYTES:
        return this.#bytes(words[this.#at++])
      case TAG.TUPLE: {
        const count = words[this.#at++]
        return new Tuple(Array.from({ length: count }, () => this.next()))
      }
    }
    return null
  }

  #load(): void {
    const { words } = this.#memory
    scratch.setInt32(0, words[this.#at++], true)
    scratch.setInt32(4, words[this.#at++], true)
  }

  #long(): number | bigint {
    this.#load()
    const long = scratch.getBigInt64(0, true)
    return BigInt(Number(long)) === long && Number.isSafeInteger(Number(long)) ? Number(long) : long
  }

  #bytes(length: number): Uint8Array {
    const from = this.#at * 4
    this.#at += (length + 3) >>> 2
    return this.#memory.bytes.slice(from, from + length)
  }

  #text(kind: number): string {
    const { words } = this.#memory
    const length = words[this.#at++]
    const raw = this.#bytes(length * kind)
    const units = kind === 1 ? raw : kind === 2 ? new Uint16Array(raw.buffer) : undefined
    const points = units ?? new Uint32Array(raw.buffer)
    let text = ""
    for (let i = 0; i < points.length; i += 4096)
      text += String.fromCodePoint(...points.subarray(i, i + 4096))
    return text
  }
}
