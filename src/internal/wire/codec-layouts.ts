/**
 * Shapes on the way in: from the described list of keys to objects with these keys.
 *
 * A message brings its shapes as words. The words are looked up by their hash and compared whole,
 * so that knowing a shape is only a matter of speed: nothing is agreed between isolates. A shape
 * used often gets a maker compiled for it, whose objects are born with their final hidden class.
 */

import { compile } from "./codegen.ts"

/** What a layout reads from: the decoder, one value after the other. */
interface ValueSource {
  value(): unknown
}

const CACHE_SIZE = 1024
/** Uses before a maker is compiled: compiling costs about as much as a hundred interpreted uses. */
const COMPILE_AFTER = 100
/** Objects with more keys are dictionaries. */
const COMPILED_KEYS_MAX = 64

/** One list of keys, and how to make an object of it. */
export class Layout {
  readonly words: Int32Array
  readonly keys: readonly string[]
  #uses = 0
  #make: ((source: ValueSource) => object) | undefined

  constructor(words: Int32Array) {
    this.words = words
    this.keys = keysOf(words)
  }

  /** A plain object with these keys and the next values. */
  read(source: ValueSource): object {
    if (this.#make !== undefined) return this.#make(source)
    if (++this.#uses === COMPILE_AFTER && this.keys.length <= COMPILED_KEYS_MAX) {
      this.#make = compileMaker(this.keys)
    }
    return this.fill({}, source)
  }

  /** Gives `target`, which exists already, these keys and the next values. */
  fill(target: object, source: ValueSource): object {
    const record = target as Record<string, unknown>
    for (const key of this.keys) {
      if (key === "__proto__") setOwn(target, key, source.value())
      else record[key] = source.value()
    }
    return target
  }
}

/** Sets an own property even where the prototype has a setter of that name. */
export function setOwn(target: object, key: string, value: unknown, enumerable = true): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable, configurable: true })
}

/** The layouts an isolate has met. */
export class LayoutCache {
  readonly #slots: (Layout | undefined)[] = new Array(CACHE_SIZE).fill(undefined)

  /** The layout described at word `at`. */
  find(words: Int32Array, at: number): Layout {
    const slot = words[at] & (CACHE_SIZE - 1)
    const present = this.#slots[slot]
    if (present !== undefined && same(present.words, words, at)) return present
    const layout = new Layout(words.slice(at, at + words[at + 1]))
    this.#slots[slot] = layout
    return layout
  }
}

function same(known: Int32Array, words: Int32Array, at: number): boolean {
  const length = known.length
  if (words[at + 1] !== length) return false
  for (let i = 0; i < length; i++) {
    if (known[i] !== words[at + i]) return false
  }
  return true
}

function keysOf(words: Int32Array): string[] {
  const keys: string[] = []
  for (let at = 3; at < words.length; ) {
    const head = words[at++]
    const wide = (head & 1) === 1
    const length = head >>> 1
    const units: number[] = []
    for (let i = 0; i < length; i++) {
      units.push(
        wide
          ? (words[at + (i >>> 1)] >>> ((i & 1) * 16)) & 0xffff
          : (words[at + (i >>> 2)] >>> ((i & 3) * 8)) & 0xff,
      )
    }
    at += Math.ceil(length / (wide ? 2 : 4))
    keys.push(stringOf(units))
  }
  return keys
}

/** Keys may be longer than a call may have arguments. */
function stringOf(units: readonly number[]): string {
  let text = ""
  for (let i = 0; i < units.length; i += 4096) {
    text += String.fromCharCode(...units.slice(i, i + 4096))
  }
  return text
}

function compileMaker(keys: readonly string[]): ((source: ValueSource) => object) | undefined {
  const fields = keys.map((key) => {
    const literal = JSON.stringify(key)
    return `${key === "__proto__" ? `[${literal}]` : literal}: source.value()`
  })
  return compile(["source"], `return { ${fields.join(", ")} }`) as
    | ((source: ValueSource) => object)
    | undefined
}
