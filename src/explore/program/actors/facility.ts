/** What the life of an explored actor gives its code: itself, the sender, timers. */
import type { Facility } from "../../../actor/actor.ts"
import type { Call } from "../../../actor/calls.ts"
import type { ActorRef } from "../../../actor/ref.ts"
import { type Deed, labelOf } from "../entry.ts"
import { checkSendable } from "../values.ts"
import type { Home } from "./home.ts"

/** A timer of an actor. */
export interface Ticking {
  stop(): void
}

/** What a class actor knows of itself. */
export class HomeFacility implements Facility {
  readonly #home: Home

  constructor(home: Home) {
    this.#home = home
  }

  get self(): ActorRef<unknown> {
    return this.#home.box.ref
  }

  get sender(): ActorRef<unknown> | undefined {
    return this.#home.current?.sender?.ref
  }

  after(ms: number, method: string, args: readonly unknown[]): () => void {
    return this.#tick(ms, false, method, args)
  }

  every(ms: number, method: string, args: readonly unknown[]): () => void {
    return this.#tick(Math.max(1, ms), true, method, args)
  }

  #tick(ms: number, again: boolean, method: string, args: readonly unknown[]): () => void {
    const home = this.#home
    checkSendable(args, "args")
    const tell = (): void => {
      const calls = home.box.ref.tell as unknown as Record<string, Call>
      home.within(() => calls[method]?.(...args).catch(() => {}), [])
    }
    const timer = ticking(home, ms, again, tell)
    if (home.ended) timer.stop()
    else home.timers.add(timer)
    return () => {
      home.timers.delete(timer)
      timer.stop()
    }
  }
}

/** A timer that does not go on when the program has ended: nobody waits for it. */
function ticking(home: Home, ms: number, again: boolean, fn: () => void): Ticking {
  const { theatre } = home
  const start = theatre.now()
  let times = 1
  const due = (): number =>
    theatre.all[0]?.ending === undefined ? start + Math.max(0, ms) * times : Infinity
  const deed: Deed = {
    label: labelOf("time", `${ms} ms`),
    later: true,
    rests: "always",
    get due() {
      return due()
    },
    ready: () => due() <= theatre.timeMs,
    attempt: () => {
      times++
      home.soon(fn)
      return !again
    },
    touch: () => {},
  }
  theatre.enter(deed)
  return { stop: () => void theatre.withdraw(deed) }
}
