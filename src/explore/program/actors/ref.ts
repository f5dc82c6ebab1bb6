/** References to explored actors: one object each, for whoever has it, and what goes by it. */
import { checked } from "../../../actor/ask-tell.ts"
import { callsFor } from "../../../actor/calls.ts"
import type { ExitReason } from "../../../actor/exit.ts"
import {
  ActorRef,
  type ActorStatistics,
  type AskOf,
  type AskOptions,
  type TellOf,
} from "../../../actor/ref.ts"
import type { Take } from "../player.ts"
import { pack } from "../values.ts"
import { ask, NO_LIMITS, tell } from "./ask.ts"
import type { Box } from "./box.ts"
import { Act, type Signal } from "./letter.ts"
import { watch } from "./watch.ts"

interface Limited {
  readonly box: Box
  readonly limits: AskOptions
}

const asksOf = callsFor<Box>(
  (name) =>
    (box) =>
    (...args) =>
      ask(box, name, args, NO_LIMITS),
  {
    with: (box) => (options: AskOptions) => limitedAsksOf({ box, limits: checked(options) }),
  },
)

const limitedAsksOf = callsFor<Limited>(
  (name) =>
    ({ box, limits }) =>
    (...args) =>
      ask(box, name, args, limits),
)

const tellsOf = callsFor<Box>(
  (name) =>
    (box) =>
    (...args) =>
      tell(box, name, args),
)

function plainAsks(box: Box, limits: AskOptions): object {
  const call = (message: unknown) => ask(box, "", [message], limits)
  if (limits !== NO_LIMITS) return call
  return Object.assign(call, { with: (options: AskOptions) => plainAsks(box, checked(options)) })
}

/** A reference; it is the same object in all simulated isolates, and holds nothing of any. */
export class StagedRef extends ActorRef<unknown> {
  readonly #box: Box
  readonly #exits = new WeakMap<Take, Promise<ExitReason>>()

  constructor(box: Box) {
    super(box.object)
    this.#box = box
  }

  override get name(): string {
    return this.#box.title
  }

  override get ask(): AskOf<unknown> {
    this.assertUsable()
    const box = this.#box
    return (box.making.isFunction ? plainAsks(box, NO_LIMITS) : asksOf(box)) as AskOf<unknown>
  }

  override get tell(): TellOf<unknown> {
    this.assertUsable()
    const box = this.#box
    const plain = (message: unknown) => tell(box, "", [message])
    return (box.making.isFunction ? plain : tellsOf(box)) as TellOf<unknown>
  }

  override get exited(): Promise<ExitReason> {
    const { take } = this.#box.theatre
    let exit = this.#exits.get(take)
    if (exit === undefined) {
      exit = new Promise((resolve) => {
        watch(this.#box, (reason, final) => final && resolve(reason), true)
      })
      this.#exits.set(take, exit)
    }
    return exit
  }

  /** What reports show: looking at its counters would be a step. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.#box.title
  }

  override stop(reason?: unknown): void {
    const parcel = reason === undefined ? undefined : pack(reason, "reason")
    this.#signal({ kind: "stop", parcel })
  }

  override kill(): void {
    this.#signal({ kind: "kill", parcel: undefined })
  }

  #signal(signal: Signal): void {
    this.assertUsable()
    const { theatre, title, lane } = this.#box
    theatre.choose(new Act(title, signal.kind, [[lane, true]]), () => {
      theatre.row(title, signal.kind, undefined, undefined)
      this.#box.signal(signal)
    })
  }

  override statistics(): ActorStatistics {
    const box = this.#box
    const { theatre, title } = box
    return theatre.choose(new Act(title, "statistics", box.all(false)), () => {
      const { state, lives, handled, letters, life, making } = box
      theatre.row(title, "statistics", undefined, `${state}, depth ${letters.length}`)
      return Object.freeze({
        state: state === "lives" ? "running" : state,
        isolate: life?.player.isolate,
        depth: letters.length,
        capacity: making.capacity,
        handled,
        lives,
        restarts: Math.max(0, lives - 1),
        waitingSenders: box.waiting.length,
      })
    })
  }
}
