/** The containers that a value is being found in: so one that contains itself ends. */
import { NoCounterpart } from "./no-counterpart.ts"

const DEPTH_MAX = 500

/** Containers from the outermost to the innermost, each with what is being made of it. */
export class Ancestors<From, To> {
  readonly #from: From[] = []
  readonly #to: To[] = []

  /** Whether nothing is being made. */
  get isEmpty(): boolean {
    return this.#from.length === 0
  }

  /** What is being made of a container that lies around this place; undefined for any other. */
  get(container: From): To | undefined {
    // The innermost first: few lie deep.
    const at = this.#from.lastIndexOf(container)
    return at < 0 ? undefined : this.#to[at]
  }

  /** Makes by `fill` what lies within a container. @throws {NoCounterpart} when it is too deep */
  within(container: From, made: To, path: string, fill: (made: To) => void): void {
    if (this.#from.length === DEPTH_MAX)
      throw new NoCounterpart(path, `is nested more than ${DEPTH_MAX} deep`)
    this.#from.push(container)
    this.#to.push(made)
    try {
      fill(made)
    } finally {
      this.#from.pop()
      this.#to.pop()
    }
  }
}
