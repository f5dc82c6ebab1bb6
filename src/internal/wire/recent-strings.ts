/**
 * Short strings seen lately, found again by their bytes: names, tags and states repeat, and
 * comparing words costs half of making a string.
 *
 * A table of ENTRIES places; a string's place follows from a hash of its words. A string gets the
 * place when it is seen twice while no other wants it. Where strings do not repeat, looking is
 * given up for a while.
 *
 * Invariant     a place holds the length of its string and its words, the unused bytes of the last
 *               one 0; length 0 is no string
 */
import type { Words } from "#platform/atomics"

const ENTRIES = 256
/** Words of a place: the length, then the bytes. */
const PLACE_WORDS = 8
/** Bytes of the longest string that is kept. */
export const RECENT_BYTES_MAX: number = (PLACE_WORDS - 1) * 4

/** Strings that may miss, beyond those that hit, before looking is given up. */
const LUCK_MAX = 64
/** Strings that are made without looking after that. */
const REST_STRINGS = 4096

/** An odd number whose bits look like chance: 2 ** 32 divided by the golden ratio. */
const MIX = 0x9e3779b1

/** The strings seen lately in one memory. */
export class RecentStrings {
  readonly #words: Words
  readonly #texts: string[] = Array.from({ length: ENTRIES }, () => "")
  readonly #known = new Int32Array(ENTRIES * PLACE_WORDS)
  /** For each place the hash of what missed there last. */
  readonly #missed = new Int32Array(ENTRIES)
  #luck = LUCK_MAX
  /** Strings to make without looking; whoever makes one counts it down. */
  rest = 0
  #hash = 0

  constructor(words: Words) {
    this.#words = words
  }

  /**
   * The string of `length` one-byte units, from 1 to RECENT_BYTES_MAX, at a byte that is a multiple
   * of 4, if it was seen lately. Otherwise the caller makes it, and may `remember` it at once.
   */
  find(byte: number, length: number): string | undefined {
    const words = this.#words
    const first = byte >>> 2
    const last = first + ((length - 1) >> 2)
    const end = words[last] & lastMask(length)
    let hash = length
    for (let at = first; at < last; at++) hash = Math.imul(hash ^ words[at], MIX)
    hash = Math.imul(hash ^ end, MIX)
    const entry = placeOf(hash)
    const known = this.#known
    let place = entry * PLACE_WORDS
    if (known[place] === length) {
      let at = first
      while (at < last && known[++place] === words[at]) at++
      if (at === last && known[place + 1] === end) {
        if (this.#luck < LUCK_MAX) this.#luck++
        return this.#texts[entry]
      }
    }
    this.#hash = hash
    return undefined
  }

  /** Notes the string that was not found just before; it is kept when that happens again. */
  remember(text: string, byte: number): void {
    const hash = this.#hash
    const entry = placeOf(hash)
    if (--this.#luck < 0) {
      this.#luck = LUCK_MAX >> 2
      this.rest = REST_STRINGS
    }
    if (this.#missed[entry] !== hash) {
      this.#missed[entry] = hash
      return
    }
    const place = entry * PLACE_WORDS
    const count = (text.length + 3) >> 2
    const first = byte >>> 2
    this.#texts[entry] = text
    this.#known.set(this.#words.subarray(first, first + count), place + 1)
    this.#known[place + count] = this.#words[first + count - 1] & lastMask(text.length)
    this.#known[place] = text.length
  }
}

/** The bits of a string's last word that belong to it. */
function lastMask(length: number): number {
  return -1 >>> ((-length & 3) << 3)
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (ENTRIES - 1)
}
