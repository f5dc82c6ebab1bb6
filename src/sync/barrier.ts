/** A place where a number of tasks wait for each other, again and again. */
import { BarrierBrokenError } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import type { Line } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
import { wakeAll } from "../internal/queue/wait-queue.ts"
import { shown } from "../internal/wire/shown.ts"
import * as word from "./barrier-word.ts"
import { type LockNaming, labelAfter, nameIn } from "./label.ts"
import { Core, Family, SyncHandle } from "./shared.ts"
import {
  type Attempt,
  blockFor,
  checkBlock,
  checkWait,
  type LockWaitOptions,
  type Step,
  type SyncWaitOptions,
  waitFor,
} from "./waiting.ts"

const WORDS = BODY
const LABEL = labelAfter(WORDS + word.BARRIER_WORDS)

/** Parties of one barrier at most. */
const PARTIES_MAX = 2 ** 30

/** A barrier as this isolate uses it. */
class BarrierCore extends Core {
  readonly kind = "barrier"
  readonly label = LABEL
  readonly isIdle = true
  readonly barrier: number
  readonly #even: Line
  readonly #odd: Line

  constructor(at: Here, object: number) {
    super(at, object)
    const barrier = object + WORDS
    this.barrier = barrier
    this.#even = this.line(word.queueOf(barrier, 0), () => true, false)
    this.#odd = this.line(word.queueOf(barrier, 1), () => true, false)
  }

  holders(): number[] {
    return []
  }

  override acquisitions(): number {
    return word.roundsOf(this.words, this.barrier) >>> 0
  }

  override waiting(): number {
    return word.arrivedIn(this.words, this.barrier, this.me)
  }

  lineOf(generation: number): Line {
    return (generation & 1) === 0 ? this.#even : this.#odd
  }

  arrive(): Arriving | undefined {
    // Outcomes of earlier rounds are kept until this isolate arrives in another one.
    this.#even.serve()
    this.#odd.serve()
    const { generation, last, broke } = word.arrive(this.words, this.barrier, this.me)
    this.wakeAll(broke)
    if (!last) return new Arriving(this, generation)
    this.wakeAll(generation)
    return undefined
  }

  /** Wakes all who wait for the end of a round; 0 is none. */
  wakeAll(generation: number): void {
    if (generation !== 0) wakeAll(this.words, word.queueOf(this.barrier, generation), this.me)
  }
}

/** One call that has arrived and waits for the others. */
class Arriving implements Attempt {
  readonly what = "barrier wait"
  readonly core: BarrierCore
  readonly gate: Line
  readonly inTurn = false
  readonly #generation: number
  #outcome = word.WAIT

  constructor(core: BarrierCore, generation: number) {
    this.core = core
    this.gate = core.lineOf(generation)
    this.#generation = generation
  }

  step(): Step {
    const { words, barrier, me } = this.core
    const { outcome, broke } = word.outcomeOf(words, barrier, this.#generation, me)
    this.core.wakeAll(broke)
    this.#outcome = outcome
    return outcome === word.WAIT ? "wait" : "done"
  }

  giveUp(): boolean {
    const { words, barrier, me } = this.core
    return word.retract(words, barrier, this.#generation, me)
  }

  isOwn(): boolean {
    return false
  }

  /** False, for it was not the last. @throws {BarrierBrokenError} when somebody died */
  end(): false {
    if (this.#outcome !== word.PASSED) throw new BarrierBrokenError(this.#outcome)
    return false
  }
}

/**
 * Tasks of any isolates wait here until a fixed number of them has arrived; then all go on and the
 * next round begins. It can be sent.
 *
 * Participants have no names: any task that calls `wait` counts as one. When the isolate of one
 * that waits dies, all others that wait in the round get `BarrierBrokenError`. A participant that
 * dies before it arrives is not known here: give the wait a `signal` or `timeoutMs`.
 */
export class Barrier extends SyncHandle<BarrierCore> {
  override readonly kindId = KIND.BARRIER

  /**
   * Arrives, and waits until all have. True for the last one to arrive, false for the others: one
   * of them can do what has to be done once a round.
   *
   * A wait that is called off is as if it had not arrived.
   *
   * @throws {BarrierBrokenError} when the isolate of another one died that waited in the same round
   * @throws {TimeoutError} when the others have not arrived within `timeoutMs`
   * @example
   * const b = barrier(2)
   * console.log(await Promise.all([b.wait(), b.wait()])) // prints: [ false, true ]
   */
  wait(options?: LockWaitOptions): Promise<boolean> {
    const { core } = this
    const refused = checkWait(options, "wait")
    if (refused !== undefined) return refused
    const arriving = core.arrive()
    if (arriving === undefined) return Promise.resolve(true)
    return waitFor(arriving, options ?? {}).then(() => arriving.end())
  }

  /**
   * As `wait`, blocking this thread: nothing else of this isolate runs meanwhile, so the others
   * must be in other isolates.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   */
  waitSync(options?: SyncWaitOptions): boolean {
    const { core } = this
    checkMayBlock("waitSync")
    const timeoutMs = checkBlock(options, "waitSync")
    const arriving = core.arrive()
    if (arriving === undefined) return true
    blockFor(arriving, timeoutMs)
    return arriving.end()
  }

  /** How many must arrive. */
  get parties(): number {
    return word.partiesOf(this.core.words, this.core.barrier)
  }

  /** How many wait now: a hint. */
  get waiting(): number {
    return word.arrivedIn(this.core.words, this.core.barrier, this.core.me)
  }
}

const family = new Family({
  id: KIND.BARRIER,
  name: "Barrier",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: BarrierCore,
  Handle: Barrier,
  leave() {},
})

/**
 * Makes a barrier for `parties` tasks.
 *
 * @throws {RangeError} when `parties` is not a whole number from 1 to 1,073,741,824
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function barrier(parties: number, options?: LockNaming): Barrier {
  if (!Number.isInteger(parties) || parties < 1 || parties > PARTIES_MAX) {
    throw new RangeError(
      `parties must be a whole number from 1 to ${PARTIES_MAX}, received ${shown(parties)}`,
    )
  }
  return family.create(nameIn("barrier", options), (words, object) =>
    word.found(words, object + WORDS, parties),
  )
}
