/** The tasks of an explored program as their submitters see them. */
import { KILL_GRACE_MS } from "#platform/limits"
import type { Task, TaskState } from "../../task/handle.ts"
import { cancelTask, hearEnd, settle } from "./ending.ts"
import type { Ending, Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"

type Settle = (value: unknown) => void

/** A task: a promise whose settling is a step of whoever submitted it. */
export class StagedTask<T> extends Promise<T> implements Task<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  readonly id: number
  readonly name: string
  readonly player: Player
  /** A cancellation that it does not hear ends its isolate. */
  kill = false
  readonly #theatre: Theatre
  #settled: "" | "completed" | "failed" | "cancelled" = ""
  #result: Promise<T> | undefined
  #resolve: Settle = () => {}
  #reject: Settle = () => {}
  readonly #ended: (() => void)[] = []
  #hasEnded = false

  constructor(theatre: Theatre, player: Player) {
    super(() => {})
    this.#theatre = theatre
    this.player = player
    this.id = player.isolate
    this.name = player.name
  }

  /** Whether its submitter waits for its end. */
  get isAwaited(): boolean {
    return !this.#hasEnded && (this.#ended.length > 0 || this.#result !== undefined)
  }

  /** As the rooms of tasks know it. */
  get settled(): "" | "completed" | "failed" | "cancelled" {
    return this.#settled
  }

  get state(): TaskState {
    if (this.#settled !== "") return this.#settled
    return this.#theatre.operate("state", () => (this.player.begun ? "running" : "queued"))
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#awaited().then(fulfilled, rejected)
  }

  #awaited(): Promise<T> {
    if (this.#result === undefined) {
      this.#result = new Promise<T>((resolve, reject) => {
        this.#resolve = resolve as Settle
        this.#reject = reject
      })
      hearEnd(this.#theatre, this as unknown as StagedTask<unknown>)
    }
    return this.#result
  }

  /** Its end has come to whoever submitted it. */
  deliver(ending: Ending): void {
    if (this.#settled === "") {
      this.#settled = settle(this.player, ending, this.#resolve, this.#reject)
    }
    this.#hasEnded = true
    for (const fn of this.#ended) fn()
  }

  /** Calls `fn` once the task has ended. */
  onEnd(fn: () => void): void {
    if (this.#hasEnded) {
      fn()
      return
    }
    this.#ended.push(fn)
    hearEnd(this.#theatre, this as unknown as StagedTask<unknown>)
  }

  /** The promise rejects at once; the task hears of it later. */
  cancel(reason?: unknown): void {
    if (this.#settled !== "") return
    const error = cancelTask(this.#theatre, this as unknown as StagedTask<unknown>, reason)
    this.#settled = "cancelled"
    if (this.#result === undefined) {
      this.#result = Promise.reject(error)
      this.#result.catch(() => {})
    } else this.#reject(error)
    if (this.kill) this.#killUnlessEnded()
  }

  /** Ends the isolate of a cancelled task that is still running after a moment. */
  #killUnlessEnded(): void {
    const timer = this.#theatre.after(KILL_GRACE_MS, () => this.#theatre.kill(this.player))
    this.onEnd(() => timer.stop())
  }
}
