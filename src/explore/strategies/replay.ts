/** One given schedule, once. Where it does not fit or has ended, the execution stops. */
import {
  type Choice,
  DIE,
  EXPIRE,
  processOf,
  type Situation,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"

/** Follows recorded choices. */
export class Replay implements Strategy {
  readonly #choices: readonly Choice[]
  #at = 0
  /** Choices left over when the execution ended or could not follow. */
  left = 0

  constructor(choices: readonly Choice[]) {
    this.#choices = choices
  }

  begin(): void {
    this.#at = 0
  }

  choose(situation: Situation): Choice {
    const choice = this.#choices[this.#at]
    if (choice === undefined || !fits(situation, choice)) return STOP
    return choice
  }

  executed(): void {
    this.#at++
  }

  end(): boolean {
    this.left = this.#choices.length - this.#at
    return false
  }
}

function fits(situation: Situation, choice: Choice): boolean {
  const bit = 1 << processOf(choice)
  const variant = variantOf(choice)
  if (variant === DIE) return (situation.mortal & bit) !== 0
  if (variant === EXPIRE) return (situation.expirable & bit) !== 0
  return (situation.enabled & bit) !== 0
}
