/** An actor that holds up what waits for it. */
import { Actor, actor } from "../../src/actor/index.ts"

export class Holder extends Actor {
  static {
    actor(import.meta.url, "Holder", Holder)
  }
  readonly told: Int32Array

  constructor(told: Int32Array) {
    super()
    this.told = told
  }

  /** Until it is released. */
  hold(): void {
    Atomics.store(this.told, 0, 1)
    Atomics.wait(this.told, 1, 0)
  }

  note(): void {
    Atomics.add(this.told, 2, 1)
  }
}
