/** What Python's handles stand for: they keep a number, and this table what it names. */

/** The handles of one interpreter. */
export class Handles {
  readonly #byNumber = new Map<number, object>()
  #last = 0

  /** The number of one more Python object that stands for `handle`. */
  add(handle: object): number {
    this.#byNumber.set(++this.#last, handle)
    return this.#last
  }

  /** What a number stands for; undefined when it was dropped. */
  get(n: number): object | undefined {
    return this.#byNumber.get(n)
  }

  /** The Python object is no more. */
  drop(n: number): void {
    this.#byNumber.delete(n)
  }
}
