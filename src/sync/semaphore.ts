/** A number of permits between tasks, in one isolate or many. */
import { HandleClosedError } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import type { Line } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
import { staysHere } from "../internal/wire/codec-refusal.ts"
import { checkFunction } from "../internal/wire/given.ts"
import { shown } from "../internal/wire/shown.ts"
import { type LockNaming, labelAfter, nameIn } from "./label.ts"
import * as word from "./semaphore-word.ts"
import { Core, Family, SyncHandle, wakeIn } from "./shared.ts"
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
const LABEL = labelAfter(WORDS + word.SEMAPHORE_WORDS)

/** Permits of one semaphore at most. */
const PERMITS_MAX = 2 ** 30

/** A semaphore as this isolate uses it. */
class SemaphoreCore extends Core {
  readonly kind = "semaphore"
  readonly label = LABEL
  readonly gate: Line
  readonly drain: Line
  readonly semaphore: number
  readonly total: number

  constructor(at: Here, object: number) {
    super(at, object)
    const semaphore = object + WORDS
    this.semaphore = semaphore
    this.total = word.look(at.words, semaphore, at.me).total
    this.gate = this.line(semaphore + word.GATE, () => word.isOpen(at.words, semaphore, at.me))
    this.drain = this.line(semaphore + word.DRAIN, () => true)
  }

  get isIdle(): boolean {
    return this.look().held === 0
  }

  look(): { held: number; available: number } {
    return word.look(this.words, this.semaphore, this.me)
  }

  holders(): number[] {
    return word.holdersOf(this.words, this.semaphore, this.me)
  }

  override acquisitions(): number {
    return word.acquisitionsOf(this.words, this.semaphore) >>> 0
  }

  take(permits: number, claimed: boolean, mayClaim: boolean): Step {
    const step = word.acquire(this.words, this.semaphore, permits, this.me, claimed, mayClaim)
    if (step === "done" && claimed) wakeIn(this.at, this.semaphore + word.GATE)
    return step
  }

  unclaim(): void {
    word.unclaim(this.words, this.semaphore, this.me)
    wakeIn(this.at, this.semaphore + word.GATE)
  }

  giveBack(permits: number): void {
    if (!word.release(this.words, this.semaphore, permits, this.me)) {
      const { held } = this.look()
      throw new RangeError(`this isolate holds ${held} permits, it cannot release ${permits}`)
    }
    wakeIn(this.at, this.semaphore + word.DRAIN)
    if (this.closing) this.ended()
  }
}

/** One call that waits for permits. */
class Acquiring implements Attempt {
  readonly what = "semaphore acquire"
  readonly core: SemaphoreCore
  readonly gate: Line
  readonly drain: Line
  readonly inTurn: boolean
  readonly #permits: number
  #hasClaim = false

  constructor(core: SemaphoreCore, permits: number) {
    this.core = core
    this.gate = core.gate
    this.drain = core.drain
    this.inTurn = core.gate.length > 0
    this.#permits = permits
  }

  step(claimed: boolean): Step {
    const step = this.core.take(this.#permits, claimed, true)
    this.#hasClaim = step === "claimed"
    return step
  }

  giveUp(): boolean {
    if (this.#hasClaim) this.core.unclaim()
    return true
  }

  isOwn(): boolean {
    return this.core.total - this.core.look().held < this.#permits
  }
}

/** Permits that this task holds. */
export class Permits implements Disposable {
  /** How many. */
  readonly count: number
  #core: SemaphoreCore | undefined

  constructor(core: SemaphoreCore, count: number) {
    this.#core = core
    this.count = count
  }

  /**
   * Gives them back.
   *
   * @throws {HandleClosedError} when they were given back before
   */
  release(): void {
    const core = this.#core
    if (core === undefined) throw new HandleClosedError("Permits", "were released before")
    this.#core = undefined
    core.giveBack(this.count)
  }

  /** As `release`, but does nothing when they were given back before. */
  [Symbol.dispose](): void {
    if (this.#core !== undefined) this.release()
  }
}

staysHere(Permits, "they stay with who acquired them: send the semaphore, and acquire there")

/**
 * A number of permits that tasks of any isolates take and give back. It can be sent.
 *
 * What an isolate holds when it dies comes back. Calls are served in order: a call for many permits
 * is not starved by calls for few.
 */
export class Semaphore extends SyncHandle<SemaphoreCore> {
  override readonly kindId = KIND.SEMAPHORE

  /**
   * Waits until there are `permits` permits, then takes them.
   *
   * Costs about 60 ns when they are there, beside the `await`.
   *
   * @throws {RangeError} when there can never be so many
   * @throws {TimeoutError} when they are not there within `timeoutMs`
   * @example
   * const connections = semaphore(2)
   * using permit = await connections.acquire()
   * console.log(connections.available, permit.count) // prints: 1 1
   */
  acquire(permits = 1, options?: LockWaitOptions): Promise<Permits> {
    const { core } = this
    checkPermits(core, permits)
    const refused = checkWait(options, "acquire")
    if (refused !== undefined) return refused
    if (core.gate.length === 0 && core.take(permits, false, false) === "done") {
      return Promise.resolve(new Permits(core, permits))
    }
    const acquiring = new Acquiring(core, permits)
    return waitFor(acquiring, options ?? {}).then(() => new Permits(core, permits))
  }

  /** Takes permits if they are there and nobody waits for them; undefined otherwise. */
  tryAcquire(permits = 1): Permits | undefined {
    const { core } = this
    checkPermits(core, permits)
    if (core.take(permits, false, false) !== "done") return undefined
    return new Permits(core, permits)
  }

  /**
   * As `acquire`, blocking this thread: nothing else of this isolate runs meanwhile.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {DeadlockError} when tasks of this isolate hold too many: they could never give them
   *   back
   * @throws {TimeoutError} when they are not there within `timeoutMs`
   */
  acquireSync(permits = 1, options?: SyncWaitOptions): Permits {
    const { core } = this
    checkMayBlock("acquireSync")
    checkPermits(core, permits)
    const timeoutMs = checkBlock(options, "acquireSync")
    if (core.take(permits, false, false) !== "done") {
      blockFor(new Acquiring(core, permits), timeoutMs)
    }
    return new Permits(core, permits)
  }

  /**
   * Gives back permits that this isolate took, when their `Permits` were not kept.
   *
   * @throws {RangeError} when this isolate holds fewer
   */
  release(permits = 1): void {
    checkPermits(this.core, permits)
    this.core.giveBack(permits)
  }

  /**
   * Runs `fn` holding one permit, or `permits`, and gives them back when what it returned has
   * settled.
   */
  async with<R>(
    fn: () => R | PromiseLike<R>,
    options: LockWaitOptions & { readonly permits?: number } = {},
  ): Promise<R> {
    checkFunction(fn, "with")
    const { permits, ...rest } = options
    const held = await this.acquire(permits, rest)
    try {
      return await fn()
    } finally {
      held[Symbol.dispose]()
    }
  }

  /** Permits that nobody holds now: a hint. */
  get available(): number {
    return this.core.look().available
  }

  /** Permits in all. */
  get total(): number {
    return this.core.total
  }
}

function checkPermits(core: SemaphoreCore, permits: number): void {
  if (Number.isInteger(permits) && permits >= 1 && permits <= core.total) return
  throw new RangeError(
    `permits must be a whole number from 1 to ${core.total}, all there are; ` +
      `received ${shown(permits)}`,
  )
}

const family = new Family({
  id: KIND.SEMAPHORE,
  name: "Semaphore",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: SemaphoreCore,
  Handle: Semaphore,
  leave(at, object) {
    const semaphore = object + WORDS
    const { held } = word.look(at.words, semaphore, at.me)
    word.release(at.words, semaphore, held, at.me)
    word.unclaim(at.words, semaphore, at.me)
    wakeIn(at, semaphore + word.DRAIN)
    wakeIn(at, semaphore + word.GATE)
  },
})

/**
 * Makes a semaphore with `permits` permits.
 *
 * @throws {RangeError} when `permits` is not a whole number from 1 to 1,073,741,824
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function semaphore(permits: number, options?: LockNaming): Semaphore {
  if (!Number.isInteger(permits) || permits < 1 || permits > PERMITS_MAX) {
    throw new RangeError(
      `permits must be a whole number from 1 to ${PERMITS_MAX}, received ${shown(permits)}`,
    )
  }
  return family.create(nameIn("semaphore", options), (words, object) =>
    word.found(words, object + WORDS, permits),
  )
}
