/**
 * Strings as they are: one byte per unit when every unit fits, else two. Lone surrogates survive,
 * because nothing is ever transcoded.
 *
 * Short strings are moved unit by unit, which the compiler inlines; from some tens of units on, the
 * host's own copying wins in spite of the price of calling it.
 */

import { type HostBytes, hostBytes } from "#platform/bytes"
import type { Memory } from "../memory/memory.ts"
import { PAYLOAD_MAX, STRING, STRING_LONG, STRING_WIDE } from "./codec-tags.ts"
import { compile } from "./codegen.ts"
import { RECENT_BYTES_MAX, RecentStrings } from "./recent-strings.ts"

/** Up to here writing unit by unit beats the call into the host. */
const LOOP_UNITS = 32

/** A unit that needs two bytes. */
export const WIDE: RegExp = /[\u0100-\uffff]/

/** The host's copying between strings and bytes, over one memory. */
export class Strings {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  readonly #host: HostBytes
  readonly #recent: RecentStrings

  constructor(memory: Memory) {
    this.#words = memory.words
    this.#bytes = memory.bytes
    this.#host = hostBytes(memory.buffer)
    this.#recent = new RecentStrings(memory.words)
  }

  /** Writes a tagged string at word `at`; gives the word after it, or -1 when it does not fit. */
  write(text: string, at: number, limit: number): number {
    const length = text.length
    const end = at + 1 + ((length + 3) >>> 2)
    if (length > LOOP_UNITS) return this.#writeLong(text, at, limit)
    if (end > limit) return -1
    if (!this.#writeUnits(text, at + 1)) return this.#writeWide(text, at, limit)
    this.#words[at] = STRING | (length << 8)
    return end
  }

  /** Writes units of one byte from word `at` on, four at a time; false at one that needs two. */
  #writeUnits(text: string, at: number): boolean {
    const words = this.#words
    const length = text.length
    let word = at
    let i = 0
    for (; i + 4 <= length; i += 4) {
      const first = text.charCodeAt(i)
      const second = text.charCodeAt(i + 1)
      const third = text.charCodeAt(i + 2)
      const fourth = text.charCodeAt(i + 3)
      if ((first | second | third | fourth) > 0xff) return false
      words[word++] = first | (second << 8) | (third << 16) | (fourth << 24)
    }
    if (i === length) return true
    let last = 0
    for (let shift = 0; i < length; i++, shift += 8) {
      const unit = text.charCodeAt(i)
      if (unit > 0xff) return false
      last |= unit << shift
    }
    words[word] = last
    return true
  }

  #writeWide(text: string, at: number, limit: number): number {
    const length = text.length
    const end = at + 1 + ((length + 1) >>> 1)
    if (end > limit) return -1
    this.#words[at] = STRING_WIDE | (length << 8)
    this.#host.write(text, (at + 1) * 4, length * 2, "utf16le")
    return end
  }

  #writeLong(text: string, at: number, limit: number): number {
    const length = text.length
    // The shortest form first: a string that cannot fit is not searched for wide units.
    if (at + 1 + ((length + 3) >>> 2) > limit) return -1
    const wide = WIDE.test(text)
    const size = wide ? length * 2 : length
    const head = length > PAYLOAD_MAX ? 2 : 1
    const end = at + head + Math.ceil(size / 4)
    if (end > limit) return -1
    if (head === 1) {
      this.#words[at] = (wide ? STRING_WIDE : STRING) | (length << 8)
    } else {
      this.#words[at] = STRING_LONG | (wide ? 1 << 8 : 0)
      this.#words[at + 1] = length
    }
    this.#host.write(text, (at + head) * 4, size, wide ? "utf16le" : "latin1")
    return end
  }

  /**
   * Writes a string with a head word [ length << 1 | wide ] at a byte that is a multiple of 4;
   * false when its units need more than `maxBytes`.
   */
  writeHeaded(text: string, byte: number, maxBytes: number): boolean {
    const length = text.length
    if (length > maxBytes) return false
    if (length > LOOP_UNITS) return this.#writeHeadedLong(text, byte, maxBytes)
    if (!this.#writeUnits(text, (byte >>> 2) + 1))
      return this.#writeHeadedLong(text, byte, maxBytes)
    this.#words[byte >>> 2] = length << 1
    return true
  }

  #writeHeadedLong(text: string, byte: number, maxBytes: number): boolean {
    const wide = WIDE.test(text)
    const size = wide ? text.length * 2 : text.length
    if (size > maxBytes) return false
    this.#words[byte >>> 2] = (text.length << 1) | (wide ? 1 : 0)
    this.#host.write(text, byte + 4, size, wide ? "utf16le" : "latin1")
    return true
  }

  /** Reads what `writeHeaded` wrote. */
  readHeaded(byte: number): string {
    const head = this.#words[byte >>> 2]
    const length = head >>> 1
    return (head & 1) === 0 ? this.narrow(length, byte + 4) : this.wide(length, byte + 4)
  }

  /** Reads `length` units of one byte from `byte`, a multiple of 4. */
  narrow(length: number, byte: number): string {
    if (length > RECENT_BYTES_MAX) return this.#host.latin1Slice(byte, byte + length)
    if (length === 0) return ""
    const recent = this.#recent
    if (recent.rest > 0) {
      recent.rest--
      return unrolled(this.#bytes, byte, length)
    }
    return recent.find(byte, length) ?? this.#makeNew(byte, length)
  }

  #makeNew(byte: number, length: number): string {
    const text = unrolled(this.#bytes, byte, length)
    this.#recent.remember(text, byte)
    return text
  }

  /** Reads `length` units of two bytes from `byte`. */
  wide(length: number, byte: number): string {
    return this.#host.ucs2Slice(byte, byte + length * 2)
  }
}

/**
 * `String.fromCharCode` with its arguments spelled out makes a string in one step; a switch over
 * the length picks the spelling.
 */
function unroll(): ((bytes: Uint8Array, byte: number, length: number) => string) | undefined {
  const cases: string[] = []
  for (let length = 0; length <= RECENT_BYTES_MAX; length++) {
    const units = Array.from({ length }, (_, i) => `b[p + ${i}]`)
    cases.push(`case ${length}: return unit(${units.join(", ")})`)
  }
  const body = `const unit = String.fromCharCode
    return (b, p, n) => { switch (n) { ${cases.join("; ")} } }`
  const make = compile([], body) as (() => never) | undefined
  return make?.()
}

/** The same without code generation: four units at a time. */
function joined(bytes: Uint8Array, byte: number, length: number): string {
  const end = byte + length
  let at = byte
  let text = ""
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at])
  return text
}

const unrolled = unroll() ?? joined
