/** A child among its siblings: where it stands, and how it is started and stopped in time. */

import { after, type Timer } from "#platform/clock"
import { hold, letGo } from "#platform/park"
import type { Life } from "./child-life.ts"
import type { ExitReason } from "./exit.ts"
import type { ChildState } from "./restart.ts"
import type { ChildSpec } from "./spec.ts"

/** One child of a supervisor. */
export class Member {
  /** Of a dynamic child: the template's id, and a number. */
  readonly id: string
  readonly spec: ChildSpec
  readonly life: Life
  state: ChildState = "stopped"
  /** Which incarnation runs, or ran last; from 1. */
  incarnation = 0
  /** It is up, whatever its supervisor has heard. */
  isUp = false
  #starting = false
  /** The time of its start is limited. */
  #limited: { readonly timer: Timer | undefined } | undefined
  /** It ended before its start was known to have succeeded. */
  #early: ExitReason | undefined
  /** Whom its end is told, while it is being stopped. */
  #ended: (() => void) | undefined
  readonly #onExit: (member: Member, incarnation: number, reason: ExitReason) => void

  constructor(
    id: string,
    spec: ChildSpec,
    more: readonly unknown[],
    onExit: (member: Member, incarnation: number, reason: ExitReason) => void,
  ) {
    this.id = id
    this.spec = spec
    this.#onExit = onExit
    this.life = spec.make(more)((reason) => this.#exited(reason))
  }

  /** Starts the next incarnation, unless one runs. */
  async start(): Promise<void> {
    if (this.state === "running" && this.isUp) return
    this.incarnation++
    this.isUp = true
    this.#starting = true
    this.#early = undefined
    this.state = "running"
    try {
      await this.life.start()
    } catch (error) {
      this.isUp = false
      this.state = "stopped"
      throw error
    } finally {
      this.#starting = false
      this.#limited?.timer?.stop()
      this.#limited = undefined
    }
    if (this.#early !== undefined) this.#exited(this.#early)
  }

  /** Asks it to end, or kills it, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.isUp) {
      const gone = new Promise<void>((resolve) => {
        this.#ended = resolve
      })
      const timer = this.#limit()
      if (this.spec.shutdownMs !== "brutal") this.life.stop()
      hold()
      await gone
      letGo()
      timer?.stop()
    }
    this.state = "stopped"
  }

  /** Its supervisor ends: if it starts, that is not waited for any longer than its end would be. */
  hasten(): void {
    if (!this.#starting || this.#limited !== undefined) return
    this.#limited = { timer: this.#limit() }
    if (this.spec.kind === "supervisor") this.life.stop()
  }

  /** Kills it when its time is over. */
  #limit(): Timer | undefined {
    const { shutdownMs } = this.spec
    if (shutdownMs === "infinity" || shutdownMs === Infinity) return undefined
    if (shutdownMs !== "brutal") return after(shutdownMs, () => this.life.kill())
    this.life.kill()
    return undefined
  }

  /** Ends it at once. */
  kill(): void {
    if (this.isUp) this.life.kill()
  }

  #exited(reason: ExitReason): void {
    if (this.#starting) this.#early = reason
    if (!this.isUp || this.#starting) return
    this.isUp = false
    const ended = this.#ended
    this.#ended = undefined
    if (ended === undefined) this.#onExit(this, this.incarnation, reason)
    else ended()
  }
}
