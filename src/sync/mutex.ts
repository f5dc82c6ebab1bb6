/** Mutual exclusion between tasks, in one isolate or many. */
import type { Here } from "../internal/loop/here.ts"
import { type Line, wakeFirst } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { isWaiting } from "../internal/queue/wait-queue.ts"
import { checkFunction } from "../internal/wire/given.ts"
import {
  checkLock,
  checkLockSync,
  checkTryLock,
  guarded,
  guardedSync,
  type Hold,
  LockGuard,
  type LockOptions,
  type SyncLockOptions,
  type TryLockOptions,
} from "./held.ts"
import { type LockNaming, labelAfter, nameIn } from "./label.ts"
import { Manners } from "./manners.ts"
import * as mutexWord from "./mutex-word.ts"
import { Core, Family, SyncHandle } from "./shared.ts"
import { type Attempt, blockFor, type Step, waitFor } from "./waiting.ts"

const WORD = BODY
const LABEL = labelAfter(WORD + mutexWord.MUTEX_WORDS)

/** A mutex as this isolate uses it. */
class MutexCore extends Core implements Hold {
  readonly kind = "mutex"
  readonly label = LABEL
  readonly gate: Line
  readonly #word: number
  readonly #manners = new Manners()

  constructor(at: Here, object: number) {
    super(at, object)
    const { words } = at
    const word = object + WORD
    this.#word = word
    this.gate = this.line(word + mutexWord.QUEUE, () => mutexWord.isFree(words, word))
  }

  get isIdle(): boolean {
    return !this.isOwn
  }

  /** Whether a task of this isolate holds it. */
  get isOwn(): boolean {
    return mutexWord.holderOf(this.words, this.#word) === this.me
  }

  get isLocked(): boolean {
    return !mutexWord.isFree(this.words, this.#word)
  }

  take(): number {
    const taken = mutexWord.tryLock(this.words, this.#word, this.me)
    if (taken !== mutexWord.BUSY) this.acquired()
    return taken
  }

  holders(): number[] {
    const holder = mutexWord.holderOf(this.words, this.#word)
    return holder === 0 || mutexWord.isFree(this.words, this.#word) ? [] : [slotOf(holder)]
  }

  /** Whether a new call may take the lock before those who wait. */
  get mayOvertake(): boolean {
    if (this.gate.length > 0) return false
    return !this.#manners.mustWait || !isWaiting(this.words, this.#word + mutexWord.QUEUE)
  }

  hadTurn(): void {
    this.#manners.hadTurn()
  }

  giveBack(dead: number): void {
    const someWait = mutexWord.release(this.words, this.#word, dead)
    this.#manners.gaveBack(someWait)
    if (someWait) wakeFirst(this.at, this.#word + mutexWord.QUEUE)
    if (this.closing) this.ended()
  }
}

/** One call that waits for the lock. */
class Locking implements Attempt {
  readonly what = "mutex lock"
  readonly core: MutexCore
  readonly gate: Line
  readonly inTurn: boolean
  taken = mutexWord.BUSY

  constructor(core: MutexCore, inTurn: boolean) {
    this.core = core
    this.gate = core.gate
    this.inTurn = inTurn
  }

  step(): Step {
    this.taken = this.core.take()
    if (this.taken === mutexWord.BUSY) return "wait"
    this.core.hadTurn()
    return "done"
  }

  isOwn(): boolean {
    return this.core.isOwn
  }
}

/**
 * A lock that one task holds at a time, in whichever isolate it runs. It can be sent.
 *
 * Not reentrant: a task that locks it twice waits for itself.
 */
export class Mutex extends SyncHandle<MutexCore> {
  override readonly kindId = KIND.MUTEX

  /**
   * Waits until nobody holds the lock, then holds it. Those who wait in one isolate get it in
   * order; of several isolates none waits for ever.
   *
   * Costs about 50 ns when it is free, beside the `await`.
   *
   * @throws {TimeoutError} when it is not free within `timeoutMs`
   * @throws {LockOwnerDiedError} when the holder before died and there is no `repair`; its `guard`
   *   is the lock, held
   * @example
   * const m = mutex()
   * {
   *   using guard = await m.lock()
   *   console.log(m.locked) // prints: true
   * }
   * console.log(m.locked) // prints: false
   */
  lock(options?: LockOptions): Promise<LockGuard> {
    const { core } = this
    const refused = checkLock(options, "lock")
    if (refused !== undefined) return refused
    const first = core.mayOvertake
    const taken = first ? core.take() : mutexWord.BUSY
    if (taken === mutexWord.BUSY) return lockLater(core, options ?? {}, !first)
    return guarded(new LockGuard(core), taken, options?.repair)
  }

  /**
   * Holds the lock if nobody does; undefined when somebody does.
   *
   * @throws {LockOwnerDiedError} as `lock`
   */
  tryLock(options?: TryLockOptions): LockGuard | undefined {
    const { core } = this
    checkTryLock(options, "tryLock")
    const taken = core.take()
    if (taken === mutexWord.BUSY) return undefined
    return guardedSync(new LockGuard(core), taken, options?.repair)
  }

  /**
   * As `lock`, blocking this thread: nothing else of this isolate runs meanwhile.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {DeadlockError} when a task of this isolate holds the lock: it could never unlock it
   * @throws {TimeoutError} when it is not free within `timeoutMs`
   * @throws {LockOwnerDiedError} as `lock`
   */
  lockSync(options: SyncLockOptions = {}): LockGuard {
    const { core } = this
    checkMayBlock("lockSync")
    const timeoutMs = checkLockSync(options, "lockSync")
    const first = core.mayOvertake
    let taken = first ? core.take() : mutexWord.BUSY
    if (taken === mutexWord.BUSY) {
      const locking = new Locking(core, !first)
      blockFor(locking, timeoutMs)
      taken = locking.taken
    }
    return guardedSync(new LockGuard(core), taken, options.repair)
  }

  /** Runs `fn` while holding the lock, and gives it back when what it returned has settled. */
  async with<R>(fn: () => R | PromiseLike<R>, options?: LockOptions): Promise<R> {
    checkFunction(fn, "with")
    const guard = await this.lock(options)
    try {
      return await fn()
    } finally {
      guard[Symbol.dispose]()
    }
  }

  /** Whether somebody holds it now: a hint. */
  get locked(): boolean {
    return this.core.isLocked
  }
}

async function lockLater(
  core: MutexCore,
  options: LockOptions,
  inTurn: boolean,
): Promise<LockGuard> {
  const locking = new Locking(core, inTurn)
  await waitFor(locking, options)
  return guarded(new LockGuard(core), locking.taken, options.repair)
}

const family = new Family({
  id: KIND.MUTEX,
  name: "Mutex",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: MutexCore,
  Handle: Mutex,
  leave(at, object) {
    const word = object + WORD
    if (mutexWord.holderOf(at.words, word) !== at.me) return
    if (mutexWord.release(at.words, word, 0)) wakeFirst(at, word + mutexWord.QUEUE)
  },
})

/**
 * Makes a mutex, with a name if statistics shall tell it from others.
 *
 * @throws {TypeError} when an option is not known
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function mutex(options?: LockNaming): Mutex {
  return family.create(nameIn("mutex", options), () => {})
}
