/**
 * Blocks of shared memory: acquired by one isolate, released by any.
 *
 * The memory after the table is cut into chunks. A chunk is free, holds blocks of one size class,
 * or belongs to a run of chunks that is one large block. A block is named by its first word. Each
 * isolate keeps a magazine of free blocks per small class in its page and trades half a magazine at
 * a time with the chunks; all else happens under one guard.
 *
 * Invariant     a free block is in exactly one of: its chunk's list, one magazine, or the hands of
 *               one isolate. Death in the wrong instant leaks a block; it never puts one in two
 *               places
 * Publication   a row is written inside the guard; a block's class is read by those who hold the
 *               block
 * Death         the next who enters rebuilds the lists of chunks from the table; the magazines of
 *               the dead are emptied by `reclaim`
 * Bound         the memory's size; `acquire` answers 0 when it is used up
 * Explored by   test/internal/memory/arena.model.ts
 */
import { clear, read, type Words, write } from "#platform/atomics"
import { MAGAZINE_BLOCKS } from "#platform/limits"
import * as chunks from "./chunks.ts"
import { enter, leave } from "./guard.ts"
import { ARENA, CLASSES, MAGAZINE_CLASSES, MAGAZINE_WORDS, PAGE, pageOf } from "./layout.ts"
import { slotOf } from "./owners.ts"

const TRADE = MAGAZINE_BLOCKS / 2

/** The arena as one isolate uses it. */
export class Arena {
  readonly #words: Words
  readonly #me: number
  readonly #magazines: number

  constructor(words: Words, me: number) {
    this.#words = words
    this.#me = me
    this.#magazines = pageOf(slotOf(me)) + PAGE.MAGAZINES
  }

  /** A block of at least `bytes`, with whatever it held before; 0 when the memory is used up. */
  acquire(bytes: number): number {
    const size = chunks.classOf(bytes)
    if (size > MAGAZINE_CLASSES) return this.#acquireShared(size, bytes)
    const words = this.#words
    const magazine = this.#magazines + (size - 1) * MAGAZINE_WORDS
    let count = read(words, magazine)
    if (count === 0) {
      count = this.#refill(magazine, size)
      if (count === 0) return 0
    }
    write(words, magazine, count - 1)
    return read(words, magazine + count)
  }

  /**
   * A block for a shared object: its first `zeroBytes` are 0, and `forEachObject` finds it while
   * its first word is not. 0 when the memory is used up.
   */
  acquireObject(bytes: number, zeroBytes = bytes): number {
    const block = this.#acquireShared(chunks.classOf(bytes) | chunks.OBJECTS, bytes)
    if (block !== 0) clear(this.#words, block + 1, ((zeroBytes + 3) >>> 2) - 1)
    return block
  }

  /**
   * Puts `count` blocks for shared objects of at most half a chunk in front of the chain at `word`,
   * or as many as there are, with whatever they held before. Nobody finds them before they have a
   * kind.
   */
  stockObjects(word: number, bytes: number, count: number): void {
    const words = this.#words
    const size = chunks.classOf(bytes) | chunks.OBJECTS
    this.#enter()
    for (let i = 0; i < count; i++) {
      const block = chunks.take(words, size)
      if (block === 0) break
      write(words, block + 1, read(words, word))
      write(words, word, block)
    }
    leave(words, ARENA, this.#me)
  }

  /** Gives a block back, from whichever isolate. */
  release(block: number): void {
    const words = this.#words
    const size = chunks.classAt(words, block)
    if (size > MAGAZINE_CLASSES) {
      this.#enter()
      chunks.giveBack(words, block)
      leave(words, ARENA, this.#me)
      return
    }
    const magazine = this.#magazines + (size - 1) * MAGAZINE_WORDS
    let count = read(words, magazine)
    if (count === MAGAZINE_BLOCKS) count = this.#spill(magazine)
    write(words, magazine + 1 + count, block)
    write(words, magazine, count + 1)
  }

  /** Gives back what a block has beyond `bytes`, in whole chunks; only large blocks have any. */
  trim(block: number, bytes: number): void {
    const words = this.#words
    if (!chunks.isRun(chunks.classAt(words, block))) return
    this.#enter()
    chunks.trimRun(words, block, bytes)
    leave(words, ARENA, this.#me)
  }

  /**
   * Calls `visit` with each living shared object while nobody acquires or releases any: a walk over
   * all chunks, for the rare occasion. `visit` must not use the arena.
   */
  forEachObject(visit: (block: number) => void): void {
    this.#enter()
    chunks.forEachObject(this.#words, visit)
    leave(this.#words, ARENA, this.#me)
  }

  /** Returns what the magazines of a dead isolate hold. */
  reclaim(token: number): void {
    const words = this.#words
    const page = pageOf(slotOf(token)) + PAGE.MAGAZINES
    for (let i = 0; i < MAGAZINE_CLASSES; i++) {
      const magazine = page + i * MAGAZINE_WORDS
      const count = read(words, magazine)
      if (count > 0) this.#return(magazine, 0, count)
    }
  }

  /** Bytes in chunks that hold something, and bytes in all. */
  statistics(): { usedBytes: number; totalBytes: number } {
    return chunks.statistics(this.#words)
  }

  #enter(): void {
    if (enter(this.#words, ARENA, this.#me)) chunks.repair(this.#words)
  }

  #acquireShared(size: number, bytes: number): number {
    this.#enter()
    const block =
      (size & ~chunks.OBJECTS) <= CLASSES
        ? chunks.take(this.#words, size)
        : chunks.takeRun(this.#words, bytes, size & chunks.OBJECTS)
    leave(this.#words, ARENA, this.#me)
    return block
  }

  /** Fills an empty magazine by half; returns how many blocks it holds now. */
  #refill(magazine: number, size: number): number {
    const words = this.#words
    let count = 0
    this.#enter()
    for (; count < TRADE; count++) {
      const block = chunks.take(words, size)
      if (block === 0) break
      write(words, magazine + 1 + count, block)
      write(words, magazine, count + 1)
    }
    leave(words, ARENA, this.#me)
    return count
  }

  /** Empties a full magazine by half; returns how many blocks it holds now. */
  #spill(magazine: number): number {
    this.#return(magazine, TRADE, MAGAZINE_BLOCKS)
    return TRADE
  }

  /**
   * Gives back the blocks of a magazine from its top down to `from`, one at a time: death leaks
   * one.
   */
  #return(magazine: number, from: number, to: number): void {
    const words = this.#words
    this.#enter()
    for (let i = to - 1; i >= from; i--) {
      write(words, magazine, i)
      chunks.giveBack(words, read(words, magazine + 1 + i))
    }
    leave(words, ARENA, this.#me)
  }
}
