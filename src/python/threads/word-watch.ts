/**
 * Words of shared memory that suspended threads wait for.
 *
 * They are looked at whenever the scheduler chooses, and given to the event loop only when nobody
 * can run: an asynchronous waiter costs the one who notifies it several microseconds.
 *
 * A pending `Atomics.waitAsync` cannot be taken back, so each word has at most one, shared by all
 * who wait for it and kept when they have given up.
 */
import { load } from "#platform/atomics"
import { waitThen } from "#platform/park"
import type { WaitWord } from "./seam.ts"

interface Watch {
  /** What is called, and what the word held when it was registered. */
  readonly wakes: Map<() => void, number>
  armed: boolean
}

/** The watched words of one interpreter. */
export class WordWatch {
  readonly #watches = new Map<Int32Array, Map<number, Watch>>()
  #count = 0

  /** Wakes that are registered. */
  get count(): number {
    return this.#count
  }

  /** Calls `wake` when the word changes or is notified; false when it has changed already. */
  add(word: WaitWord, wake: () => void): boolean {
    if (load(word.words, word.index) !== word.expected) return false
    const watch = this.#watch(word)
    if (!watch.wakes.has(wake)) this.#count++
    watch.wakes.set(wake, word.expected)
    return true
  }

  /** Takes `wake` back. */
  remove(word: WaitWord, wake: () => void): void {
    if (this.#watches.get(word.words)?.get(word.index)?.wakes.delete(wake)) this.#count--
  }

  /** Has the event loop wait for all words. */
  arm(): void {
    for (const [words, ofWords] of this.#watches) {
      for (const [index, watch] of ofWords) {
        const expected = watch.wakes.values().next().value
        if (!watch.armed && expected !== undefined) this.#arm({ words, index, expected }, watch)
      }
    }
    this.look()
  }

  /** Looks at all words once; wakes whose word has changed, and tells whether there was one. */
  look(): boolean {
    let found = false
    for (const [words, ofWords] of this.#watches) {
      for (const [index, { wakes }] of ofWords) {
        for (const [wake, expected] of wakes) {
          if (load(words, index) === expected) continue
          wakes.delete(wake)
          this.#count--
          found = true
          wake()
        }
      }
    }
    return found
  }

  #watch({ words, index }: WaitWord): Watch {
    const ofWords = this.#watches.get(words) ?? new Map<number, Watch>()
    this.#watches.set(words, ofWords)
    const watch = ofWords.get(index) ?? { wakes: new Map(), armed: false }
    ofWords.set(index, watch)
    return watch
  }

  #arm({ words, index, expected }: WaitWord, watch: Watch): void {
    watch.armed = true
    waitThen(words, index, expected, () => {
      watch.armed = false
      const wakes = [...watch.wakes.keys()]
      watch.wakes.clear()
      this.#count -= wakes.length
      if (!watch.armed) this.#watches.get(words)?.delete(index)
      for (const wake of wakes) wake()
    })
  }
}
