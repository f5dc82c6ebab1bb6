/** An actor that hears nothing any more, and what is done first when its isolate has died. */
import { Actor, type ActorRef, actor } from "../../src/actor/index.ts"
import { Telling } from "./telling.ts"

/** Characters of an answer: a block of its own. */
const LENGTH = 40_000

export class Answerer extends Actor {
  static {
    actor(import.meta.url, "Answerer", Answerer)
  }
  much(): string {
    return "x".repeat(LENGTH)
  }
}

export class Deaf extends Telling {
  static {
    actor(import.meta.url, "Deaf", Deaf)
  }
  /** Asks, and looks at nothing from then on. */
  ask(whom: ActorRef<Answerer>): never {
    void whom.ask.much()
    queueMicrotask(() => {
      Atomics.store(this.told, 0, 1)
      for (;;) Atomics.load(this.told, 0)
    })
    return undefined as never
  }

  hear(): void {}
}
