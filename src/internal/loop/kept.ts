/**
 * Blocks of one size that an isolate keeps at hand: what it frees it uses again, without touching
 * the arena.
 *
 * Death   the chain lies in the isolate's page, and the next isolate in this place has it; one
 *         block is lost when death comes between taking it out and using it
 * Bound   `most` blocks, and a small part of the memory
 */
import { clear, read, write } from "#platform/atomics"
import { KEPT_SHARE, OBJECTS_IN_STOCK } from "#platform/limits"
import { pageOf } from "../memory/layout.ts"
import { slotOf } from "../memory/owners.ts"
import { NEXT } from "../queue/inbox.ts"
import { acquire, acquireObject, type Here, here } from "./here.ts"

/** One kind of block as one isolate keeps it. */
export class KeptBlocks {
  readonly #word: number
  readonly #bytes: number
  #most: number
  /** First word of the chain; 0 until it is known. */
  #chain = 0
  /** How many this life has put there more than it has taken. */
  #kept = 0

  /** `word` of the isolate's page holds the first block; at most `most` are kept. */
  constructor(word: number, bytes: number, most: number) {
    this.#word = word
    this.#bytes = bytes
    this.#most = most
  }

  /**
   * A block, with whatever it held before.
   *
   * @throws {OutOfSharedMemoryError} when there is none
   */
  acquire(at: Here): number {
    const { words } = at
    const chain = this.#chain || this.#begin()
    const block = read(words, chain)
    if (block === 0) return acquire(at, this.#bytes)
    this.#kept--
    write(words, chain, read(words, block + NEXT))
    return block
  }

  /** Gives one back, from whichever isolate. */
  release(at: Here, block: number): void {
    const chain = this.#chain || this.#begin()
    if (this.#kept >= this.#most) {
      at.arena.release(block)
      return
    }
    this.#kept++
    write(at.words, block + NEXT, read(at.words, chain))
    write(at.words, chain, block)
  }

  #begin(): number {
    const { me, words } = here()
    const share = words.byteLength / KEPT_SHARE / this.#bytes
    this.#most = Math.min(this.#most, Math.floor(share))
    this.#chain = pageOf(slotOf(me)) + this.#word
    return this.#chain
  }
}

/** Blocks for shared objects of one size, had some at a time: each by itself costs a guard. */
export class StockedObjects {
  readonly #word: number
  readonly #bytes: number

  /** `word` of the isolate's page holds the first block. */
  constructor(word: number, bytes: number) {
    this.#word = word
    this.#bytes = bytes
  }

  /**
   * A block for a shared object, zeroed.
   *
   * @throws {OutOfSharedMemoryError} when there is none
   */
  acquire(at: Here): number {
    const { words } = at
    const chain = pageOf(slotOf(at.me)) + this.#word
    if (read(words, chain) === 0) at.arena.stockObjects(chain, this.#bytes, OBJECTS_IN_STOCK)
    const block = read(words, chain)
    if (block === 0) return acquireObject(at, this.#bytes)
    write(words, chain, read(words, block + NEXT))
    clear(words, block + 1, this.#bytes / 4 - 1)
    return block
  }
}
