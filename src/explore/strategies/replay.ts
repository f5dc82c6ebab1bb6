/** One given schedule, once: exactly, or as far as it goes. */
import {
  type Choice,
  choiceOf,
  DIE,
  EXPIRE,
  lowest,
  processOf,
  type Situation,
  STEP,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"

/** Follows recorded choices. Where they do not fit or have ended, the execution stops. */
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

/** Follows recorded choices, leaves out those that do not fit, and goes on without preemptions. */
export class Guided implements Strategy {
  readonly #choices: readonly Choice[]
  #at = 0

  constructor(choices: readonly Choice[]) {
    this.#choices = choices
  }

  begin(): void {
    this.#at = 0
  }

  choose(situation: Situation): Choice {
    for (; this.#at < this.#choices.length; this.#at++) {
      const choice = this.#choices[this.#at]
      if (fits(situation, choice)) return choice
    }
    const { last, enabled } = situation
    const stays = last >= 0 && (enabled & (1 << last)) !== 0
    return choiceOf(stays ? last : lowest(enabled), STEP)
  }

  executed(): void {
    this.#at++
  }

  end(): boolean {
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
