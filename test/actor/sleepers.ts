/** Actors that start for ever: other isolates load this file. */
import { Actor, actor } from "../../src/actor/index.ts"

export class Sleeper extends Actor {
  static {
    actor(import.meta.url, "Sleeper", Sleeper)
  }
  readonly #told: Int32Array
  readonly #deep: number

  /** `told[0]`: how often it began to start; the `deep`-th start does not end. */
  constructor(told: Int32Array, deep: number) {
    super()
    this.#told = told
    this.#deep = deep
  }

  override onStart(): Promise<never> | undefined {
    return Atomics.add(this.#told, 0, 1) + 1 === this.#deep ? new Promise(() => {}) : undefined
  }
  lives(): number {
    return this.self.statistics().lives
  }
  fail(): never {
    throw new Error("it fails")
  }
}
