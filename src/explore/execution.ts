/**
 * One execution after the other: model threads run step by step in one real thread.
 *
 * A thread that comes to a step asks for the next choice. If it is chosen itself it simply goes on; if
 * another is, that one runs *on top of* its stack, from the start, answered from its log up to where it
 * stood. A thread further down is continued by leaving those above it with `SUSPEND`. So a schedule
 * without switches costs no more than calls, and a switch costs the length of one log.
 *
 * Invariant     the logs and the machine agree: what a body sees when run again is what it saw
 * Invariant     between steps every thread that is neither finished nor dead has a pending operation
 */
import type { Words } from "#platform/atomics"
import type { Defect, DefectKind } from "./defect.ts"
import { checkIndex, Machine } from "./machine.ts"
import * as op from "./operation.ts"
import { type Stage, setStage, stage } from "./stage.ts"
import * as plan from "./strategy.ts"
import * as status from "./thread.ts"
import { type ModelThread, SUSPEND } from "./thread.ts"
import { Vigil } from "./vigil.ts"

/** A thread has still to run to its first step. */
const LAUNCH: plan.Choice = -2

/** Bounds of an execution. */
export interface Bounds {
  /** Threads that may die, as a set. */
  readonly killable: number
  readonly killsMax: number
  /** Whether a wait with a timeout may time out although others can run. */
  readonly expiring: boolean
  /** Threads that may wait for ever, as a set. */
  readonly mayWait: number
  readonly stepsMax: number
  /** Fruitless pauses of one thread before it is called a livelock. */
  readonly spinsMax: number
}

/** Runs executions of the same threads, each chosen by a strategy. */
export class Execution implements Stage, plan.Situation {
  readonly machine: Machine
  readonly processes: number
  /** Choices made in this execution: the schedule. */
  readonly choices: plan.Choice[] = []
  defect: Defect | null = null
  /** The strategy has ended it before its end. */
  stopped = false
  kills = 0
  enabled = 0
  mortal = 0
  expirable = 0
  last = -1
  steps = 0
  quiescent = false
  exclusive = false

  readonly #bounds: Bounds
  readonly #threads: readonly ModelThread[]
  /** For each thread, the one that cleans up after its death. */
  readonly #heirs: ReadonlyMap<ModelThread, ModelThread>
  readonly #vigil = new Vigil()
  #strategy!: plan.Strategy
  #running: ModelThread | null = null
  #world: unknown
  #next: plan.Choice = plan.STOP
  #toLaunch = 0
  #forced = 0

  /** @param heirs threads that start when the one they belong to dies; they are among `threads` */
  constructor(
    threads: readonly ModelThread[],
    heirs: ReadonlyMap<ModelThread, ModelThread>,
    bounds: Bounds,
  ) {
    this.machine = new Machine(threads)
    this.processes = threads.length
    this.#threads = threads
    this.#heirs = heirs
    this.#bounds = bounds
  }

  /** Runs one schedule to its end, to a defect, or to where the strategy stops it. */
  run(world: unknown, strategy: plan.Strategy, traced = false): void {
    this.machine.reset(traced)
    this.#vigil.begin(traced)
    this.#world = world
    this.#strategy = strategy
    this.choices.length = 0
    this.defect = null
    this.stopped = false
    this.kills = 0
    this.last = -1
    this.steps = 0
    this.#forced = 0
    this.#toLaunch = this.#threads.length - this.#heirs.size
    strategy.begin()
    this.#next = LAUNCH
    this.#drive(null)
  }

  pending(process: number, into: op.Footprint): void {
    this.machine.pending(this.#threads[process] as ModelThread, into)
  }

  /** The stage's face: an operation of the running thread. */
  operation(kind: number, words: Words, index: number, a: number, b: number): number {
    const thread = this.#running as ModelThread
    if (thread.leaving) throw SUSPEND
    if (thread.position < thread.logged) return this.#answer(thread, kind, words, index, a, b)
    if (!op.isStep(kind) || (kind === op.PAUSE && thread.seen.length === 0)) {
      const result = this.machine.immediate(thread, kind, words, index, a)
      thread.log(kind, words, index, a, b, result)
      if (this.machine.trace !== null) this.#note(thread, kind, words, index, a, b, result)
      if (this.machine.race !== null) this.#reportRace(thread)
      return result
    }
    if (thread.granted) this.#checkResumed(thread, kind, words, index, a, b)
    else this.#suspendAt(thread, kind, words, index, a, b)
    return this.#takeStep(thread, kind, words, index, a, b)
  }

  #suspendAt(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): void {
    if (kind !== op.PAUSE) checkIndex(words, index)
    const location = kind === op.PAUSE ? null : this.machine.locations.at(words, index)
    const mayDieFirst = (this.#bounds.killable & (1 << thread.number)) !== 0 && thread.mortal
    const first = kind === op.PAUSE && mayDieFirst ? op.SPIN : kind
    thread.suspendAt(first, words, index, location, a, b)
    thread.state = first === op.PAUSE ? status.PAUSED : status.READY
    if (this.machine.trace !== null) thread.stack = new Error().stack ?? ""
    this.#advance()
  }

  /** Performs the pending operation as soon as it is chosen; a wait takes two choices. */
  #takeStep(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): number {
    for (;;) {
      if (!thread.granted) this.#drive(thread)
      thread.granted = false
      const variant = plan.variantOf(this.#next)
      const { machine } = this
      const performed = thread.kind
      const result = machine.perform(thread, variant === plan.EXPIRE)
      this.choices.push(this.#next)
      this.#next = plan.STOP
      if (machine.trace !== null) {
        const { location, stack } = thread
        machine.trace.push({
          thread: thread.number,
          kind: performed,
          location,
          a,
          b,
          result,
          stack,
        })
      }
      this.#executed(thread, variant)
      if (machine.race !== null) this.#reportRace(thread)
      if (result !== -1 || (performed !== op.WAIT && performed !== op.SPIN)) {
        thread.log(kind, words, index, a, b, result)
        return result
      }
      this.#advance()
    }
  }

  #executed(thread: ModelThread, variant: number): void {
    const { footprint, enables } = this.machine
    const bit = 1 << thread.number
    const quiescent = this.exclusive || (this.#forced & bit) !== 0
    this.#forced &= ~bit
    this.last = thread.number
    const process = thread.number
    this.#strategy.executed({ process, variant, footprint, quiescent, enables }, this)
    this.steps++
  }

  /** Finds out what is next: a thread to bring to its first step, or the strategy's choice. */
  #advance(): void {
    this.#next = this.#toLaunch > 0 ? LAUNCH : this.#decide()
  }

  /** Does what is next until that is a step of `self`; leaves `self` when a thread below is next. */
  #drive(self: ModelThread | null): void {
    for (;;) {
      const choice = this.#next
      if (choice === LAUNCH) {
        this.#toLaunch--
        this.#enter(this.#threads[this.#toLaunch] as ModelThread)
      } else if (choice === plan.STOP) {
        if (self === null) return
        this.#leave(self)
      } else {
        const thread = this.#threads[plan.processOf(choice)] as ModelThread
        const dies = plan.variantOf(choice) === plan.DIE
        if (thread === self && !dies && (!this.#vigil.active || thread.granted)) return
        if (thread.live) this.#leave(self as ModelThread)
        if (dies) this.#kill(thread)
        else {
          thread.granted = true
          this.#enter(thread)
        }
      }
    }
  }

  #leave(thread: ModelThread): never {
    thread.leaving = true
    throw SUSPEND
  }

  #kill(thread: ModelThread): void {
    const heir = this.#heirs.get(thread)
    this.machine.kill(thread)
    this.choices.push(this.#next)
    this.#next = plan.STOP
    this.kills++
    if (heir !== undefined) {
      this.machine.enables = 1 << heir.number
      for (let t = 0; t < heir.clock.length; t++) {
        heir.clock[t] = Math.max(heir.clock[t] as number, thread.clock[t] as number)
      }
    }
    this.#executed(thread, plan.DIE)
    if (heir === undefined) this.#next = this.#decide()
    else this.#enter(heir)
  }

  /** Runs a body from its start until it is finished or suspended; what is next is known then. */
  #enter(thread: ModelThread): void {
    const before = this.#running
    const stageBefore = stage
    this.#running = thread
    thread.live = true
    thread.leaving = false
    thread.position = 0
    if (thread.state !== status.ABSENT) this.#vigil.before(() => this.machine.locations.buffers())
    setStage(this)
    try {
      const { body } = thread
      const result = body(this.#world as never)
      if (thread.leaving) this.#swallowed(thread, undefined)
      else this.#finish(thread, result)
    } catch (error) {
      if (!thread.leaving) this.#fail("error in a thread", `${thread.name} throws ${error}`, error)
      else if (error !== SUSPEND) this.#swallowed(thread, error)
    } finally {
      thread.live = false
      this.#running = before
      setStage(stageBefore)
    }
  }

  #finish(thread: ModelThread, result: unknown): void {
    if (thread.position < thread.logged || thread.granted) {
      this.#fail(
        "not deterministic",
        `${thread.name} ends where it did ${op.nameOf(thread.kind)} before`,
      )
      return
    }
    thread.state = status.FINISHED
    thread.result = result
    this.#advance()
  }

  #swallowed(thread: ModelThread, error: unknown): void {
    const how = error === undefined ? "returns" : `throws ${error}`
    this.#fail(
      "suspension swallowed",
      `${thread.name} ${how} although it was suspended at ${op.nameOf(thread.kind)}: ` +
        "some catch or finally around shared memory does not rethrow what it catches",
      error,
    )
  }

  #decide(): plan.Choice {
    if (this.defect !== null) return plan.STOP
    this.#findEnabled()
    this.quiescent = this.enabled === 0
    this.exclusive = false
    if (this.quiescent && !this.#letTimePass()) return plan.STOP
    if (this.steps >= this.#bounds.stepsMax) {
      this.#fail(
        "livelock",
        `${this.steps} steps without an end: usually a spin loop without pause(); stepsMax allows more`,
      )
      return plan.STOP
    }
    const choice = this.#strategy.choose(this)
    this.stopped = choice === plan.STOP
    return choice
  }

  #findEnabled(): void {
    const { killable, killsMax, expiring } = this.#bounds
    const mayDie = this.kills < killsMax ? killable : 0
    let enabled = 0
    let mortal = 0
    let expirable = 0
    for (const thread of this.#threads) {
      const bit = 1 << thread.number
      const paused = thread.state === status.PAUSED
      if (thread.state !== status.READY && !paused) continue
      if (paused && (this.#forced & bit) === 0 && !thread.isOvertaken()) continue
      enabled |= bit
      if (thread.mortal && (mayDie & bit) !== 0) mortal |= bit
      if (expiring && thread.kind === op.WAIT && thread.b < Infinity) expirable |= bit
    }
    this.enabled = enabled
    this.mortal = mortal
    this.expirable = expirable
  }

  /** Nothing can run: a wait times out, or those that spin look once more, or this is the end. */
  #letTimePass(): boolean {
    let timed = 0
    let spinning = 0
    for (const thread of this.#threads) {
      const bit = 1 << thread.number
      if (thread.state === status.WAITING && thread.b < Infinity) timed |= bit
      if (thread.state === status.PAUSED && thread.fruitless < this.#bounds.spinsMax)
        spinning |= bit
    }
    this.enabled = timed !== 0 ? timed : spinning
    if (this.enabled === 0) {
      this.#end()
      return false
    }
    this.exclusive = timed !== 0
    if (timed === 0) {
      this.machine.timeMs++
      this.#forced = spinning
      this.#findEnabled()
    }
    return true
  }

  /** No thread can go on: that is fine when all have finished, died, or may wait for ever. */
  #end(): void {
    const stuck = this.#threads.filter(
      (thread) =>
        (thread.state === status.WAITING || thread.state === status.PAUSED) &&
        (this.#bounds.mayWait & (1 << thread.number)) === 0,
    )
    if (stuck.length === 0) return
    const spinning = stuck.some((thread) => thread.state === status.PAUSED)
    const names = stuck.map((thread) => thread.name).join(", ")
    if (spinning) this.#fail("livelock", `${names}: spinning or waiting, and nothing can change`)
    else this.#fail("deadlock", `${names}: waiting, and nobody is left to wake them`)
  }

  /** Answers from the log; the body must ask what it asked before. */
  #answer(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): number {
    const at = thread.position++
    if (
      thread.kinds[at] !== kind ||
      thread.indices[at] !== index ||
      !Object.is(thread.firsts[at], a) ||
      !Object.is(thread.seconds[at], b) ||
      (thread.arrays[at] !== words && !isSameArray(thread.arrays[at] as Words, words))
    ) {
      const was = `${op.nameOf(thread.kinds[at] as number)}(${thread.indices[at]}, ${thread.firsts[at]})`
      this.#notDeterministic(thread, was, `${op.nameOf(kind)}(${index}, ${a})`)
    }
    return thread.results[at] as number
  }

  #checkResumed(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
  ): void {
    const asked = op.askedFor(thread.kind)
    const same = kind === asked && index === thread.index && Object.is(a, thread.a)
    if (!same || !Object.is(b, thread.b) || !isSameArray(thread.words as Words, words)) {
      const was = `${op.nameOf(asked)}(${thread.index}, ${thread.a})`
      this.#notDeterministic(thread, was, `${op.nameOf(kind)}(${index}, ${a})`)
    }
    const at = this.#vigil.changed()
    if (at < 0) return
    this.#fail(
      "hidden access",
      `${thread.name} writes word ${at >> 2} without the platform's functions: ` +
        "that is done again whenever the thread is continued",
    )
    this.#leave(thread)
  }

  #notDeterministic(thread: ModelThread, was: string, is: string): never {
    this.#fail(
      "not deterministic",
      `${thread.name} did ${was} before and now, with the same answers, ${is}: ` +
        "objects that a thread changes must be made in its body",
    )
    this.#leave(thread)
  }

  #reportRace(thread: ModelThread): never {
    this.#fail("data race", "two accesses of one word are not ordered")
    this.#leave(thread)
  }

  /** Ends the execution; a choice that could not be carried out belongs to its schedule. */
  #fail(kind: DefectKind, message: string, cause?: unknown): void {
    this.defect ??= { kind, message, cause }
    if (this.#next >= 0) this.choices.push(this.#next)
    this.#next = plan.STOP
  }

  #note(
    thread: ModelThread,
    kind: number,
    words: Words,
    index: number,
    a: number,
    b: number,
    result: number,
  ): void {
    const location = kind === op.READ ? this.machine.locations.at(words, index) : null
    const stack = new Error().stack ?? ""
    this.machine.trace?.push({ thread: thread.number, kind, location, a, b, result, stack })
  }
}

function isSameArray(a: Words, b: Words): boolean {
  return a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset)
}
