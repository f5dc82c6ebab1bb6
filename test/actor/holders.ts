/** An actor that holds up what waits for it. */
import { actor } from "../../src/actor/index.ts"
import { Telling } from "./telling.ts"

export class Holder extends Telling {
  static {
    actor(import.meta.url, "Holder", Holder)
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
