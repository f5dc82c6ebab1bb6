/**
 * Which objects of a message appeared before: a few are compared one by one, many are looked up.
 *
 * Numbers are given in order of appearance, the decoder gives the same. Nothing stays alive after
 * the message.
 */

/** Objects compared one by one before a table takes over. */
const SCANNED = 16

/** The objects met in one message. */
export class Identities {
  readonly #seen: (object | undefined)[] = []
  #count = 0
  #numbers: Map<object, number> | undefined

  /** The number of an object that appeared before; else gives it the next number and says -1. */
  numberOf(value: object): number {
    const seen = this.#seen
    const count = this.#count
    if (count >= SCANNED) return this.#lookUp(value)
    for (let i = 0; i < count; i++) if (seen[i] === value) return i
    seen[count] = value
    this.#count = count + 1
    return -1
  }

  #lookUp(value: object): number {
    let numbers = this.#numbers
    if (numbers === undefined) {
      numbers = new Map()
      for (let i = 0; i < SCANNED; i++) numbers.set(this.#seen[i] as object, i)
      this.#numbers = numbers
    }
    const number = numbers.get(value)
    if (number !== undefined) return number
    numbers.set(value, this.#count++)
    return -1
  }

  /** Forgets all. */
  clear(): void {
    const count = this.#count < SCANNED ? this.#count : SCANNED
    for (let i = 0; i < count; i++) this.#seen[i] = undefined
    this.#count = 0
    this.#numbers = undefined
  }
}
