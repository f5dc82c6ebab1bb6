/** Something done once, in an explored program: what the room's handle asks of its core. */
import { fromFailure, toFailure } from "../../internal/wire/failure.ts"
import type { StagedLock } from "./lock.ts"
import type { Player } from "./player.ts"
import { type Parcel, pack, unpack } from "./values.ts"

type Outcome = { readonly failed: boolean; readonly parcel: Parcel }

/** What all simulated isolates share of it. */
export class OnceState {
  fn: (() => unknown) | undefined
  runner: Player | undefined
  outcome: Outcome | undefined
}

/** One `once` as one simulated isolate uses it. */
export class OnceCore {
  readonly object: number
  readonly gate: unknown
  closing = false
  readonly #lock: StagedLock
  readonly #state: OnceState
  readonly #player: Player

  constructor(lock: StagedLock, state: OnceState, gate: unknown, player: Player) {
    this.object = lock.object
    this.gate = gate
    this.#lock = lock
    this.#state = state
    this.#player = player
  }

  readonly isIdle = true

  get isRunning(): boolean {
    return this.#state.runner === this.#player
  }

  get isDone(): boolean {
    return this.#state.outcome !== undefined
  }

  get isOutOfReach(): boolean {
    return false
  }

  setFunction(fn: () => unknown): void {
    this.#state.fn = fn
  }

  begin(): boolean {
    const state = this.#state
    if (state.outcome !== undefined) return false
    if (state.runner !== undefined && state.runner.ending?.state !== "died") return false
    state.runner = this.#player
    return true
  }

  get loaded(): (() => unknown) | undefined {
    return this.#state.fn
  }

  /** Runs the function, and publishes how it ended; called on the core that is watched. */
  async run(): Promise<void> {
    const core = this.#lock.core() as unknown as OnceCore
    let outcome: { failed: boolean; value: unknown }
    try {
      outcome = { failed: false, value: await this.#state.fn?.() }
    } catch (error) {
      outcome = { failed: true, value: error }
    }
    core.end(outcome)
  }

  end({ failed, value }: { readonly failed: boolean; readonly value: unknown }): void {
    const state = this.#state
    state.runner = undefined
    try {
      state.outcome = { failed, parcel: pack(failed ? toFailure(value) : value, "once") }
    } catch (error) {
      state.outcome = { failed: true, parcel: pack(toFailure(error), "once") }
    }
  }

  outcome(): Promise<unknown> {
    return new Promise((resolve) => resolve(this.outcomeNow()))
  }

  outcomeNow(): unknown {
    const { failed, parcel } = this.#state.outcome as Outcome
    const value = unpack(parcel)
    if (failed) throw fromFailure(value)
    return value
  }

  ended(): void {}
}
