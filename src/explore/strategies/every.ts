/**
 * All schedules without reduction, within a bound of preemptions.
 *
 * A preemption takes the turn from a process that could go on. Most bugs need one or two, and the
 * number of schedules grows with the length to the power of the bound instead of exponentially.
 *
 * A death that touches nothing is tried right after the last step of the one who dies, or after its
 * wake: later it would come to the same.
 */
import {
  type Choice,
  choiceOf,
  DIE,
  EXPIRE,
  lowest,
  processOf,
  type Situation,
  STEP,
  type Step,
  type Strategy,
  variantOf,
} from "../strategy.ts"

interface Node {
  readonly choices: Choice[]
  taken: number
  /** Preemptions before this choice. */
  readonly preemptions: number
  /** The process that could go on here, or -1. */
  readonly current: number
}

/** Depth-first enumeration. */
export class Every implements Strategy {
  readonly #preemptionsMax: number
  readonly #nodes: Node[] = []
  #depth = 0
  /** Processes that have taken a step. */
  #stepped = 0
  /** Those for whom the step before changed something. */
  #moved = 0

  constructor(preemptionsMax: number) {
    this.#preemptionsMax = preemptionsMax
  }

  begin(): void {
    this.#depth = 0
    this.#stepped = 0
  }

  choose(situation: Situation): Choice {
    if (this.#depth === this.#nodes.length) this.#nodes.push(this.#node(situation))
    const node = this.#nodes[this.#depth]
    return node.choices[node.taken]
  }

  executed(step: Step): void {
    this.#depth++
    this.#moved = (1 << step.process) | step.enables
    if (step.variant !== DIE) this.#stepped |= 1 << step.process
  }

  end(): boolean {
    for (;;) {
      const node = this.#nodes.at(-1)
      if (node === undefined) return false
      if (++node.taken < node.choices.length) return true
      this.#nodes.pop()
    }
  }

  #node(situation: Situation): Node {
    const { last, enabled, mortal, deathsTouch, expirable, quiescent } = situation
    const runs = last >= 0 && (enabled & (1 << last)) !== 0 && !quiescent
    const current = runs ? last : -1
    const preemptions = this.#preemptions()
    const open = preemptions < this.#preemptionsMax
    const choices: Choice[] = runs ? [choiceOf(last, STEP)] : []
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const process = lowest(rest)
      const bit = 1 << process
      const allowed = current < 0 || process === current || open
      if (allowed && process !== current) choices.push(choiceOf(process, STEP))
      if (allowed && (expirable & bit) !== 0) choices.push(choiceOf(process, EXPIRE))
      const moved = (this.#moved & bit) !== 0 || this.#stepped === 0
      if ((moved || deathsTouch) && (mortal & bit) !== 0) choices.push(choiceOf(process, DIE))
    }
    for (let rest = mortal & ~enabled; rest !== 0; rest &= rest - 1) {
      choices.push(choiceOf(lowest(rest), DIE))
    }
    return { choices, taken: 0, preemptions, current }
  }

  /** Preemptions in the choices before this one. */
  #preemptions(): number {
    const before = this.#nodes[this.#depth - 1]
    if (before === undefined) return 0
    const choice = before.choices[before.taken]
    const taken =
      before.current >= 0 && processOf(choice) !== before.current && variantOf(choice) !== DIE
    return before.preemptions + (taken ? 1 : 0)
  }
}
