/** First in, first out, in one isolate: an array with a moving start. */
export class Fifo<T> {
  #items: T[] = []
  #start = 0

  /** How many are inside. */
  get length(): number {
    return this.#items.length - this.#start
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** The oldest, left where it is. */
  first(): T | undefined {
    return this.#items[this.#start]
  }

  /** Takes the oldest. */
  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#start]
    this.#items[this.#start] = undefined as T
    this.#start++
    if (this.#start > 32 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return item
  }

  /** Takes `item` out, wherever it stands; false when it is not inside. */
  remove(item: T): boolean {
    if (this.first() === item && this.length > 0) {
      this.shift()
      return true
    }
    const place = this.#items.indexOf(item, this.#start)
    if (place < 0) return false
    this.#items.splice(place, 1)
    return true
  }
}
