/**
 * One execution after the other: model threads run step by step in one real thread.
 *
 * A thread that comes to a step asks for the next choice. If it is chosen itself it simply goes
 * on; if another is, that one runs *on top of* its stack, from the start, answered from its log up
 * to where it stood. A thread further down is continued by leaving those above it with `SUSPEND`.
 * So a schedule without switches costs no more than calls, and a switch costs the length of one
 * log.
 *
 * Invariant     the logs and the machine agree: what a body sees when run again is what it saw
 * Invariant     between steps every thread that is neither finished nor dead has a pending
 *               operation
 */
import type { Words } from "#platform/atomics"
import * as defects from "./defect.ts"
import { checkIndex, Machine } from "./machine.ts"
import * as op from "./operation.ts"
import { type Bounds, Outlook } from "./outlook.ts"
import { type Stage, setStage, stage } from "./stage.ts"
import * as plan from "./strategy.ts"
import * as status from "./thread.ts"
import { type ModelThread, SUSPEND } from "./thread.ts"
import { Vigil } from "./vigil.ts"

/** A thread has still to run to its first step. */
const LAUNCH: plan.Choice = -2

/** Runs executions of the same threads, each chosen by a strategy. */
export class Execution implements Stage {
  readonly machine: Machine
  readonly outlook: Outlook
  /** Choices made in this execution: the schedule. */
  readonly choices: plan.Choice[] = []
  defect: defects.Defect | null = null
  /** The strategy has ended it before its end. */
  stopped = false

  readonly #bounds: Bounds
  readonly #threads: readonly ModelThread[]
  /** For each thread, the one that cleans up after its death. */
  readonly #heirs: ReadonlyMap<ModelThread, ModelThread>
  readonly #vigil = new Vigil()
  #strategy!: plan.Strategy
  #world: unknown
  #running: ModelThread | null = null
  #next: plan.Choice = plan.STOP
  #toLaunch = 0

  /**
   * @param heirs threads that start when the one they belong to dies; they are last in `threads`
   */
  constructor(
    threads: readonly ModelThread[],
    heirs: ReadonlyMap<ModelThread, ModelThread>,
    bounds: Bounds,
  ) {
    this.machine = new Machine(threads)
    this.outlook = new Outlook(this.machine, bounds)
    this.#threads = threads
    this.#heirs = heirs
    this.#bounds = bounds
  }

  /** Runs one schedule to its end, to a defect, or to where the strategy stops it. */
  run(world: unknown, strategy: plan.Strategy, traced = false): void {
    this.machine.reset(traced)
    this.outlook.reset()
    this.#vigil.begin(traced)
    this.#world = world
    this.#strategy = strategy
    this.choices.length = 0
    this.defect = null
    this.stopped = false
    this.#toLaunch = this.#threads.length - this.#heirs.size
    strategy.begin()
    this.#next = LAUNCH
    this.#drive(null)
  }

  /** An operation of the running thread: answered from its log, at once, or when it is chosen. */
  operation(kind: number, words: Words, index: number, a: number, b: number): number {
    const thread = this.#running as ModelThread
    if (thread.leaving) throw SUSPEND
    if (thread.position < thread.logged) {
      if (!thread.repeats(kind, words, index, a, b)) {
        this.#abort(thread, defects.diverged(thread, thread.before(), op.show(kind, index, a)))
      }
      return thread.results[thread.position++]
    }
    if (!op.isStep(kind) || (kind === op.PAUSE && thread.seen.length === 0)) {
      return this.#answerNow(thread, kind, words, index, a, b)
    }
    if (thread.granted) {
      this.#checkResumed(thread, kind, words, index, a, b)
    } else {
      if (kind !== op.PAUSE) checkIndex(words, index)
      const location = kind === op.PAUSE ? null : this.machine.locations.at(words, index)
      const mayDie = (this.#bounds.killable & (1 << thread.number)) !== 0 && thread.mortal
      const first = kind === op.PAUSE && mayDie ? op.SPIN : kind
      thread.suspendAt(first, words, index, location, a, b)
      if (this.machine.trace !== null) thread.stack = new Error().stack ?? ""
      this.#advance()
    }
    return this.#takeStep(thread)
  }

  #answerNow(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): number {
    const { machine } = this
    const result = machine.immediate(thread, kind, words, index, a)
    if (machine.trace !== null) {
      const location = kind === op.READ ? machine.locations.at(words, index) : null
      const stack = new Error().stack ?? ""
      machine.trace.push({ thread: thread.number, kind, location, a, b, result, stack })
    }
    thread.log(kind, words, index, a, b, result)
    if (machine.race !== null) this.#abort(thread, defects.RACE)
    return result
  }

  /** Performs the pending operation once it is chosen; a wait is chosen twice. */
  #takeStep(thread: ModelThread): number {
    for (;;) {
      if (!thread.granted) this.#drive(thread)
      thread.granted = false
      const { machine } = this
      const { kind, words, index, location, a, b, stack } = thread
      const variant = plan.variantOf(this.#next)
      this.choices.push(this.#next)
      this.#next = plan.STOP
      const result = machine.perform(thread, variant === plan.EXPIRE)
      machine.trace?.push({ thread: thread.number, kind, location, a, b, result, stack })
      this.#executed(thread, variant)
      if (machine.race !== null) this.#abort(thread, defects.RACE)
      if (result !== -1 || !op.takesTwo(kind)) {
        thread.log(op.askedFor(kind), words as Words, index, a, b, result)
        return result
      }
      this.#advance()
    }
  }

  #executed(thread: ModelThread, variant: number): void {
    const { footprint, enables } = this.machine
    const process = thread.number
    const quiescent = this.outlook.stepped(thread)
    this.#strategy.executed(
      { process, variant, footprint, quiescent, enables, withdraws: 0 },
      this.outlook,
    )
  }

  /** Finds out what is next: a thread to bring to its first step, or the strategy's choice. */
  #advance(): void {
    this.#next = this.#toLaunch > 0 ? LAUNCH : this.#decide()
  }

  #decide(): plan.Choice {
    if (this.defect !== null) return plan.STOP
    const { outlook } = this
    if (!outlook.look()) {
      this.defect = outlook.leftOver()
      return plan.STOP
    }
    if (outlook.steps >= this.#bounds.stepsMax) {
      this.defect = defects.endless(outlook.steps)
      return plan.STOP
    }
    const choice = this.#strategy.choose(outlook)
    this.stopped = choice === plan.STOP
    return choice
  }

  /**
   * Does what is next until that is a step of `self`; leaves `self` when a thread below is next.
   */
  #drive(self: ModelThread | null): void {
    for (;;) {
      const choice = this.#next
      if (choice === LAUNCH) {
        this.#toLaunch--
        this.#enter(this.#threads[this.#toLaunch])
      } else if (choice === plan.STOP) {
        if (self === null) return
        this.#leave(self)
      } else {
        const thread = this.#threads[plan.processOf(choice)]
        const dies = plan.variantOf(choice) === plan.DIE
        if (thread === self && !dies && !this.#vigil.active) return
        if (thread.live) this.#leave(self as ModelThread)
        if (dies) {
          this.#kill(thread)
        } else {
          thread.granted = true
          this.#enter(thread)
        }
      }
    }
  }

  #kill(thread: ModelThread): void {
    const heir = this.#heirs.get(thread)
    this.choices.push(this.#next)
    this.#next = plan.STOP
    this.machine.kill(thread, heir)
    this.outlook.kills++
    this.#executed(thread, plan.DIE)
    if (heir === undefined) this.#advance()
    else this.#enter(heir)
  }

  /** Runs a body from its start until it is finished or suspended; what is next is known then. */
  #enter(thread: ModelThread): void {
    const runningBefore = this.#running
    const stageBefore = stage
    this.#running = thread
    thread.live = true
    thread.leaving = false
    thread.position = 0
    if (thread.state !== status.ABSENT) {
      this.#vigil.before(() => this.machine.locations.buffers())
    }
    setStage(this)
    try {
      const { body } = thread
      const result = body(this.#world as never)
      if (thread.leaving) this.#fail(defects.swallowed(thread, undefined))
      else this.#finish(thread, result)
    } catch (error) {
      if (!thread.leaving) this.#fail(defects.thrown(thread, error))
      else if (error !== SUSPEND) this.#fail(defects.swallowed(thread, error))
    } finally {
      thread.live = false
      this.#running = runningBefore
      setStage(stageBefore)
    }
  }

  #finish(thread: ModelThread, result: unknown): void {
    if (thread.position < thread.logged || thread.granted) {
      this.#fail(defects.diverged(thread, thread.before(), "it ends"))
      return
    }
    thread.state = status.FINISHED
    thread.result = result
    this.#advance()
  }

  #checkResumed(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): void {
    if (!thread.resumesAt(kind, words, index, a, b)) {
      this.#abort(thread, defects.diverged(thread, thread.before(), op.show(kind, index, a)))
    }
    const byte = this.#vigil.changed()
    if (byte >= 0) this.#abort(thread, defects.hidden(thread, byte))
  }

  /** Ends the execution; a choice that could not be carried out belongs to its schedule. */
  #fail(defect: defects.Defect): void {
    this.defect ??= defect
    if (this.#next >= 0) this.choices.push(this.#next)
    this.#next = plan.STOP
  }

  #abort(thread: ModelThread, defect: defects.Defect): never {
    this.#fail(defect)
    this.#leave(thread)
  }

  #leave(thread: ModelThread): never {
    thread.leaving = true
    throw SUSPEND
  }
}
