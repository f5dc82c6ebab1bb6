/**
 * All schedules, each once up to the order of steps that do not depend on each other.
 *
 * Stateless search with dynamic partial-order reduction: source sets and sleep sets. After each
 * step of an execution the steps before it are searched for *races*: dependent, of another
 * process, ordered by nothing else. For each race the schedule in which it falls out the other way
 * is entered at the choice before its first step, unless one that covers it is there already. What
 * has been explored from a choice sleeps in its later branches until a dependent step wakes it;
 * where all that could run is asleep, the execution stops.
 *
 * A process that may die, or whose wait may expire, has several steps at a choice; all are taken
 * wherever the process is chosen. The death of one that waits is tried right after each step that
 * it depends on: later it would come to the same. So what was explored beside it is not known after
 * it.
 *
 * Invariant     from every choice left behind, each maximal behaviour has been run in one of its
 *               orders
 * After         Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic partial order reduction, 2014
 */
import { Footprint } from "../operation.ts"
import {
  type Choice,
  choiceOf,
  DIE,
  EXPIRE,
  lowest,
  type Situation,
  STEP,
  STOP,
  type Step,
  type Strategy,
} from "../strategy.ts"
import { History } from "./history.ts"

/** A choice made, and what else is to be tried there. */
class Node {
  process = 0
  variant = STEP
  enabled = 0
  mortal = 0
  expirable = 0
  /** To be taken from here, now or later. */
  backtrack = 0
  /** Known here: explored already, or equivalent to what is. */
  sleep = 0
  /** Those asleep before anything was explored from here. */
  inherited = 0
  /** Waiting processes that may die here; of them, those whose death is to be tried and was not. */
  waiting = 0
  dying = 0
  /** What those that have been explored have touched, where steps do not say so before. */
  prints = new Map<number, Footprint>()
}

/** Explores everything, without repeating what only looks different. */
export class Reduced implements Strategy {
  readonly #nodes: Node[] = []
  #length = 0
  #depth = 0
  /** Steps at this depth and deeper have not been seen before. */
  #fresh = 0
  #history!: History
  #started = false
  readonly #scratch = new Footprint()
  /** What the last step has touched, where somebody may die. */
  readonly #before = new Footprint()
  readonly #guarded: boolean
  /** Executions that were stopped because all went to sleep. */
  stopped = 0

  /** @param guarded whether what waits is no step: it is enabled only when it can be done */
  constructor(guarded = false) {
    this.#guarded = guarded
  }

  begin(): void {
    this.#depth = 0
    if (this.#started) this.#history.clear()
  }

  choose(situation: Situation): Choice {
    if (!this.#started) {
      this.#history = new History(situation.processes)
      this.#started = true
    }
    if (situation.quiescent) this.#history.fence()
    if (this.#depth === this.#length && !this.#extend(situation)) {
      this.stopped++
      return STOP
    }
    const node = this.#nodes[this.#depth]
    return choiceOf(node.process, node.variant)
  }

  executed(step: Step, situation: Situation): void {
    const races = this.#history.add(step)
    if (this.#depth >= this.#fresh) {
      for (let i = 0; i < races; i++) this.#reverse(this.#history.races[i], step)
      const node = this.#nodes[this.#depth]
      node.backtrack |= step.withdraws & node.enabled
    }
    if (this.#guarded && this.#depth >= this.#fresh) this.#print(step)
    if (this.#depth === this.#length - 1) this.#passSleep(step, situation)
    if (situation.mortal !== 0) {
      this.#before.clear()
      this.#before.addAll(step.footprint)
    }
    this.#depth++
  }

  end(): boolean {
    while (this.#length > 0) {
      if (this.#nextBranch(this.#nodes[this.#length - 1])) {
        this.#fresh = this.#length - 1
        return true
      }
      this.#length--
    }
    return false
  }

  /** A choice not met before: the last process goes on where it can. */
  #extend(situation: Situation): boolean {
    const sleep = this.#depth === 0 ? 0 : this.#sleeping
    const awake = situation.enabled & ~sleep
    if (awake === 0) return false
    const node = this.#nodeAt(this.#length++)
    const last = situation.last >= 0 ? 1 << situation.last : 0
    node.process = (awake & last) !== 0 ? situation.last : lowest(awake)
    node.variant = STEP
    node.enabled = situation.enabled
    node.mortal = situation.mortal
    node.expirable = situation.expirable
    node.backtrack = situation.exclusive ? situation.enabled : 1 << node.process
    node.sleep = sleep
    node.inherited = sleep
    node.waiting = situation.mortal & ~situation.enabled
    node.dying = this.#dying(node.waiting, situation)
    if (node.prints.size > 0) node.prints = new Map()
    const before = this.#nodes[this.#depth - 1]
    for (let rest = sleep; rest !== 0 && before !== undefined; rest &= rest - 1) {
      const print = before.prints.get(lowest(rest))
      if (print !== undefined) node.prints.set(lowest(rest), print)
    }
    return true
  }
  #sleeping = 0

  /** Of those that wait, those whose death depends on the step before. */
  #dying(waiting: number, situation: Situation): number {
    if (this.#depth === 0) return waiting
    let dying = 0
    for (let rest = waiting; rest !== 0; rest &= rest - 1) {
      situation.pending(lowest(rest), this.#scratch)
      if (this.#scratch.dependsOn(this.#before)) dying |= rest & -rest
    }
    return dying
  }

  #nodeAt(index: number): Node {
    let node = this.#nodes[index]
    if (node === undefined) {
      node = new Node()
      this.#nodes.push(node)
    }
    return node
  }

  /** Those asleep before a step stay asleep when they do not depend on it. */
  #passSleep(step: Step, situation: Situation): void {
    const node = this.#nodes[this.#depth]
    const bit = 1 << step.process
    const known = (node.waiting & bit) !== 0 ? node.inherited : node.sleep
    let sleep = known & ~bit
    if (situation.exclusive) sleep = 0
    for (let rest = sleep; rest !== 0; rest &= rest - 1) {
      const process = lowest(rest)
      if (this.#mayTouch(process, situation).dependsOn(step.footprint)) sleep &= ~(1 << process)
    }
    this.#sleeping = sleep
  }

  /** What one who sleeps has touched, or would. */
  #mayTouch(process: number, situation: Situation): Footprint {
    const print = this.#nodes[this.#depth].prints.get(process)
    if (print !== undefined) return print
    situation.pending(process, this.#scratch)
    return this.#scratch
  }

  /** Notes what the step of a process has touched: it will sleep when it was explored. */
  #print({ process, footprint }: Step): void {
    const { prints } = this.#nodes[this.#depth]
    let print = prints.get(process)
    if (print === undefined || this.#depth > this.#fresh) {
      print = new Footprint()
      prints.set(process, print)
    }
    print.addAll(footprint)
  }

  /** Makes sure that the race between step `first` and the newest one is also run the other way. */
  #reverse(first: number, { process, variant }: Step): void {
    const node = this.#nodes[first]
    // While it waits its death is tried wherever it may matter.
    if (variant === DIE && (node.waiting & (1 << process)) !== 0) return
    const initials = this.#history.initials(first)
    if ((initials & (node.backtrack | node.sleep)) !== 0) return
    const possible = initials & node.enabled
    if (possible !== 0) node.backtrack |= possible & -possible
    else if (this.#guarded) node.backtrack |= node.enabled
  }

  /** The next variant of the chosen process, or the next process, or nothing. */
  #nextBranch(node: Node): boolean {
    const bit = 1 << node.process
    if (node.variant === STEP && (node.expirable & bit) !== 0) {
      node.variant = EXPIRE
      return true
    }
    if (node.variant !== DIE && (node.mortal & bit) !== 0) {
      node.variant = DIE
      return true
    }
    if ((node.waiting & bit) === 0) node.sleep |= bit
    const rest = node.backtrack & ~node.sleep
    if (rest === 0 && node.dying === 0) return false
    node.process = lowest(rest === 0 ? node.dying : rest)
    node.variant = rest === 0 ? DIE : STEP
    if (rest === 0) node.dying &= node.dying - 1
    return true
  }
}
