/**
 * All schedules within a bound of preemptions, up to the order of independent steps.
 *
 * A preemption takes the turn from a process that could go on. Most bugs need one or two, and the
 * number of schedules grows with the length to the power of the bound instead of exponentially.
 *
 * For each race the process of the later step is tried before the earlier one, and also where the
 * turn of the earlier one began: there the change of turn may be free, and what it saves may be
 * needed later. Nothing sleeps: an equivalent schedule known already may have cost more.
 *
 * A death that touches nothing is tried right after the last step of the one who dies, or after its
 * wake: later it would come to the same.
 *
 * After         Coons, Musuvathi, McKinley: Bounded partial-order reduction, 2013
 */
import {
  type Choice,
  choiceOf,
  DIE,
  EXPIRE,
  lowest,
  type Situation,
  STEP,
  type Step,
  type Strategy,
} from "../strategy.ts"
import { History } from "./history.ts"

/** A choice made, and what else is to be tried there. */
interface Node {
  process: number
  variant: number
  readonly enabled: number
  readonly expirable: number
  /** Processes to be chosen here, and those that have been. */
  backtrack: number
  done: number
  /** Processes whose death is still to be tried here. */
  dying: number
  /** The process that could go on, or -1. */
  readonly current: number
  /** Preemptions before this choice. */
  readonly preemptions: number
}

/** Depth-first search with backtracking at races. */
export class Bounded implements Strategy {
  readonly #preemptionsMax: number
  readonly #nodes: Node[] = []
  #depth = 0
  /** Steps at this depth and deeper have not been seen before. */
  #fresh = 0
  #history: History | null = null
  /** Processes for whom the step before changed something; all before the first step. */
  #moved = -1

  constructor(preemptionsMax: number) {
    this.#preemptionsMax = preemptionsMax
  }

  begin(): void {
    this.#depth = 0
    this.#moved = -1
    this.#history?.clear()
  }

  choose(situation: Situation): Choice {
    this.#history ??= new History(situation.processes)
    if (situation.quiescent) this.#history.fence()
    if (this.#depth === this.#nodes.length) this.#nodes.push(this.#node(situation))
    const node = this.#nodes[this.#depth]
    return choiceOf(node.process, node.variant)
  }

  executed(step: Step): void {
    const history = this.#history as History
    const races = history.add(step)
    for (let i = 0; i < races && this.#depth >= this.#fresh; i++) {
      const first = history.races[i]
      this.#try(first, step.process)
      this.#try(this.#turnOf(first), step.process)
    }
    for (let rest = step.withdraws; rest !== 0 && this.#depth >= this.#fresh; rest &= rest - 1) {
      this.#try(this.#depth, lowest(rest))
      this.#try(this.#turnOf(this.#depth), lowest(rest))
    }
    this.#depth++
    const nobodyStepped = this.#moved === -1 && step.variant === DIE
    if (!nobodyStepped) this.#moved = (1 << step.process) | step.enables
  }

  end(): boolean {
    for (;;) {
      const node = this.#nodes.at(-1)
      if (node === undefined) return false
      if (this.#nextBranch(node)) {
        this.#fresh = this.#nodes.length - 1
        return true
      }
      this.#nodes.pop()
    }
  }

  #node(situation: Situation): Node {
    const { last, enabled, mortal, deathsTouch, expirable, quiescent, exclusive } = situation
    const runs = last >= 0 && (enabled & (1 << last)) !== 0 && !quiescent
    const process = runs ? last : lowest(enabled)
    return {
      process,
      variant: STEP,
      enabled,
      expirable,
      backtrack: exclusive ? enabled : 1 << process,
      done: 1 << process,
      dying: deathsTouch ? mortal : mortal & this.#moved,
      current: runs ? last : -1,
      preemptions: this.#preemptions(),
    }
  }

  /** Preemptions in the choices before this one. */
  #preemptions(): number {
    const before = this.#nodes[this.#depth - 1]
    if (before === undefined) return 0
    return before.preemptions + (isPreemption(before, before.process, before.variant) ? 1 : 0)
  }

  /** Where the turn began that a step belongs to. */
  #turnOf(step: number): number {
    let first = step
    while (first > 0 && this.#nodes[first - 1]?.process === this.#nodes[step]?.process) first--
    return first
  }

  #try(at: number, process: number): void {
    const node = this.#nodes[at]
    node.backtrack |= (node.enabled & (1 << process)) !== 0 ? 1 << process : node.enabled
  }

  /** The next variant of the chosen process, the next process within the bound, or a death. */
  #nextBranch(node: Node): boolean {
    if (node.variant === STEP && (node.expirable & (1 << node.process)) !== 0) {
      node.variant = EXPIRE
      return true
    }
    for (let rest = node.backtrack & ~node.done; rest !== 0; rest &= rest - 1) {
      const process = lowest(rest)
      node.done |= 1 << process
      if (isPreemption(node, process, STEP) && node.preemptions >= this.#preemptionsMax) continue
      node.process = process
      node.variant = STEP
      return true
    }
    if (node.dying === 0) return false
    node.process = lowest(node.dying)
    node.variant = DIE
    node.dying &= node.dying - 1
    return true
  }
}

function isPreemption({ current }: Node, process: number, variant: number): boolean {
  return current >= 0 && process !== current && variant !== DIE
}
