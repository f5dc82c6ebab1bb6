/**
 * Words as an execution knows them: numbered in the order of their first use, whatever array or
 * view they are reached through.
 *
 * Objects are kept between executions and made fresh on first use, so that a schedule allocates
 * little.
 */
import type { Words } from "#platform/atomics"
import type { ModelThread } from "./thread.ts"

/** One 32-bit word. */
export class Location {
  /** Number of the buffer, in the order of first use. */
  readonly space: number
  /** Word index within the buffer. */
  readonly index: number
  /** Order of first use in this execution; places `2 * id` (value) and `2 * id + 1` (waiters). */
  id = 0
  epoch = 0
  /** Number of times its value has changed. */
  version = 0
  /** Threads that wait here, first in, first woken. */
  readonly waiters: ModelThread[] = []
  /** What a thread that loads this word has received. */
  readonly released: Int32Array
  /** What a thread that uses the list of waiters has received. */
  readonly listed: Int32Array
  /**
   * Each thread's own time at its last access: plain writes, plain reads, atomic writes, reads,
   * pokes.
   */
  readonly stamps: Int32Array
  /** The trace entries of these accesses, for the report. */
  readonly entries: Int32Array

  constructor(space: number, index: number, threads: number) {
    this.space = space
    this.index = index
    this.released = new Int32Array(threads)
    this.listed = new Int32Array(threads)
    this.stamps = new Int32Array(threads * 5)
    this.entries = new Int32Array(threads * 5)
  }

  refresh(epoch: number, id: number): void {
    this.epoch = epoch
    this.id = id
    this.version = 0
    this.waiters.length = 0
    this.released.fill(0)
    this.listed.fill(0)
    this.stamps.fill(0)
  }
}

interface Space {
  buffer: ArrayBufferLike
  readonly locations: Map<number, Location>
}

/** All words used in an execution. */
export class Locations {
  readonly #threads: number
  readonly #spaces: Space[] = []
  #spacesUsed = 0
  #epoch = 0
  #known = 0
  #words: Words | null = null
  #space = 0
  #offset = 0

  constructor(threads: number) {
    this.#threads = threads
  }

  /** Forgets everything: a new execution begins. */
  clear(): void {
    this.#epoch++
    this.#known = 0
    this.#spacesUsed = 0
    this.#words = null
  }

  /** Buffers used so far. */
  buffers(): ArrayBufferLike[] {
    return this.#spaces.slice(0, this.#spacesUsed).map((space) => space.buffer)
  }

  /** The word `words[index]`. */
  at(words: Words, index: number): Location {
    if (words !== this.#words) this.#select(words)
    const word = this.#offset + index
    const { locations } = this.#spaces[this.#space]
    let location = locations.get(word)
    if (location === undefined) {
      location = new Location(this.#space, word, this.#threads)
      locations.set(word, location)
    }
    if (location.epoch !== this.#epoch) location.refresh(this.#epoch, this.#known++)
    return location
  }

  #select(words: Words): void {
    const { buffer } = words
    this.#words = words
    this.#offset = words.byteOffset >> 2
    for (let i = 0; i < this.#spacesUsed; i++) {
      if (this.#spaces[i].buffer === buffer) {
        this.#space = i
        return
      }
    }
    this.#space = this.#spacesUsed++
    const space = this.#spaces[this.#space]
    if (space === undefined) this.#spaces.push({ buffer, locations: new Map() })
    else space.buffer = buffer
  }
}
