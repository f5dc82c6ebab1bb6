/**
 * What was received from a channel that redelivers and is not acknowledged: it returns when its
 * task dies, and goes to the next who receives.
 */
import type { Player } from "./player.ts"
import type { Parcel } from "./values.ts"

/** A message that somebody works on. */
export interface Claim {
  readonly id: number
  readonly player: Player
  /** Which of the task's receivers has it. */
  readonly scope: number
  /** The number of the message in its channel. */
  readonly nth: number
  readonly parcel: Parcel
}

/** All claims of one channel. */
export class Claims {
  #open: Claim[] = []
  /** What the dead had, in the order of their deaths. */
  readonly returned: Claim[] = []
  #ids = 0
  #scopes = 0

  /** A receiver of its own: what it does acknowledges nobody else's messages. */
  newScope(): number {
    return ++this.#scopes
  }

  open(player: Player, scope: number, nth: number, parcel: Parcel): Claim {
    const claim = { id: ++this.#ids, player, scope, nth, parcel }
    this.#open.push(claim)
    return claim
  }

  /** Everything that one receiver has. */
  acknowledge(player: Player, scope: number): void {
    this.#open = this.#open.filter((one) => one.player !== player || one.scope !== scope)
  }

  /** One message; false when that was done before. */
  done(id: number): boolean {
    const count = this.#open.length
    this.#open = this.#open.filter((one) => one.id !== id)
    return this.#open.length < count
  }

  has(player: Player): boolean {
    return this.#open.some((one) => one.player === player)
  }

  /** A task has died. */
  bury(player: Player): void {
    this.returned.push(...this.#open.filter((one) => one.player === player))
    this.#open = this.#open.filter((one) => one.player !== player)
  }
}
