/** A lock for many readers or one writer, in one isolate or many. */
import type { Here } from "../internal/loop/here.ts"
import { type Line, wakeFirst } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
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
import * as word from "./rw-lock-word.ts"
import { Core, Family, SyncHandle, wakeIn } from "./shared.ts"
import { type Attempt, blockFor, type Step, waitFor } from "./waiting.ts"

const WORDS = BODY
const LABEL = labelAfter(WORDS + word.RW_LOCK_WORDS)

/** Such a lock as this isolate uses it. */
class RwLockCore extends Core {
  readonly kind = "rwLock"
  readonly label = LABEL
  readonly gate: Line
  readonly drain: Line
  readonly lock: number
  /** Readers of this isolate that are inside. */
  readers = 0
  readonly reading: Hold = { name: () => this.name(), giveBack: () => this.#leaveReading() }
  readonly writing: Hold = { name: () => this.name(), giveBack: (dead) => this.leaveWriting(dead) }
  readonly manners = new Manners()

  constructor(at: Here, object: number) {
    super(at, object)
    const lock = object + WORDS
    this.lock = lock
    this.gate = this.line(lock + word.GATE, () => word.isOpen(at.words, lock))
    this.drain = this.line(lock + word.DRAIN, () => true)
  }

  get isIdle(): boolean {
    return this.readers === 0 && !this.isWriting
  }

  /** Whether a writer of this isolate is inside or about to be. */
  get isWriting(): boolean {
    return word.isWriting(this.words, this.lock, this.me)
  }

  /** Whether a new writer may come before those who wait. */
  get mayWriteFirst(): boolean {
    if (this.gate.length > 0) return false
    return !this.manners.mustWait || !isWaiting(this.words, this.lock + word.GATE)
  }

  holders(): number[] {
    return word.holdersOf(this.words, this.lock)
  }

  override acquisitions(): number {
    return (super.acquisitions() + word.readsOf(this.words, this.lock)) >>> 0
  }

  /**
   * A reader comes in; `joins` when it may pass a writer that waits for readers of this isolate.
   */
  enterReading(joins: boolean): number {
    if (this.readers > 0) {
      if (!joins && !word.mayJoin(this.words, this.lock)) return word.WAIT
      this.readers++
      word.countRead(this.words, this.lock, this.me)
      return word.IN
    }
    const came = word.enterReading(this.words, this.lock, this.me)
    if (came === word.IN) {
      this.readers = 1
      word.countRead(this.words, this.lock, this.me)
    } else if (came === word.WAIT) wakeIn(this.at, this.lock + word.DRAIN)
    else this.acquired()
    return came
  }

  #leaveReading(): void {
    if (--this.readers > 0) return
    if (word.leaveReading(this.words, this.lock, this.me)) {
      wakeFirst(this.at, this.lock + word.DRAIN)
    }
    if (this.closing) this.ended()
  }

  /** A writer comes in, or claims the lock. */
  enterWriting(): number {
    const came = word.claimWriting(this.words, this.lock, this.me)
    if (came === word.CLAIMED) return this.enterClaimed()
    if (came !== word.WAIT) this.acquired()
    return came
  }

  enterClaimed(): number {
    const came = word.enterWriting(this.words, this.lock, this.me)
    if (came === word.IN) this.acquired()
    return came
  }

  leaveWriting(dead: number): void {
    const someWait = word.leaveWriting(this.words, this.lock, dead)
    this.manners.gaveBack(someWait)
    if (someWait) wakeFirst(this.at, this.lock + word.GATE)
    if (this.closing) this.ended()
  }

  /** What a reader holds; the successor of a dead writer holds the lock as a writer. */
  readingGuard(came: number): LockGuard {
    return new LockGuard(came === word.IN ? this.reading : this.writing)
  }
}

/** One call that waits to read. */
class Reading implements Attempt {
  readonly what = "rwLock read"
  readonly core: RwLockCore
  readonly gate: Line
  readonly inTurn: boolean
  came = word.WAIT

  constructor(core: RwLockCore) {
    this.core = core
    this.gate = core.gate
    this.inTurn = core.gate.length > 0
  }

  step(): Step {
    this.came = this.core.enterReading(false)
    return this.came === word.WAIT ? "wait" : "done"
  }

  isOwn(): boolean {
    return this.core.isWriting
  }
}

/** One call that waits to write. */
class Writing implements Attempt {
  readonly what = "rwLock write"
  readonly core: RwLockCore
  readonly gate: Line
  readonly drain: Line
  readonly inTurn: boolean
  came: number

  /** @param came what trying before came to */
  constructor(core: RwLockCore, inTurn: boolean, came: number) {
    this.core = core
    this.gate = core.gate
    this.drain = core.drain
    this.inTurn = inTurn
    this.came = came
  }

  step(): Step {
    const { core } = this
    this.came = this.came === word.CLAIMED ? core.enterClaimed() : core.enterWriting()
    if (this.came === word.WAIT) return "wait"
    if (this.came === word.CLAIMED) return "claimed"
    core.manners.hadTurn()
    return "done"
  }

  giveUp(): boolean {
    if (this.came === word.CLAIMED) this.core.leaveWriting(0)
    return true
  }

  isOwn(): boolean {
    return this.core.readers > 0 || (this.core.isWriting && this.came !== word.CLAIMED)
  }
}

/**
 * A lock that any number of readers hold at a time, or one writer. It can be sent.
 *
 * Fair: once a writer waits, new readers wait for it; those who wait are woken in order. Not
 * reentrant, and a reader does not become a writer: it unlocks first.
 */
export class RwLock extends SyncHandle<RwLockCore> {
  override readonly kindId = KIND.RW_LOCK

  /**
   * Waits until no writer is inside or waits, then holds the lock beside other readers.
   *
   * Costs about 40 ns when it can be had, beside the `await`; readers of several isolates do not
   * slow each other down.
   *
   * @throws {TimeoutError} when it cannot be had within `timeoutMs`
   * @throws {LockOwnerDiedError} when the writer before died and there is no `repair`; its `guard`
   *   is the lock, held alone, as a writer holds it
   * @example
   * const lock = rwLock()
   * using a = await lock.read()
   * using b = await lock.read()
   * console.log(lock.tryWrite()) // prints: undefined
   */
  read(options?: LockOptions): Promise<LockGuard> {
    const { core } = this
    const refused = checkLock(options, "read")
    if (refused !== undefined) return refused
    const came = core.gate.length === 0 ? core.enterReading(false) : word.WAIT
    if (came === word.WAIT) return readLater(core, options ?? {})
    return guarded(core.readingGuard(came), came, options?.repair)
  }

  /**
   * Reads if that is possible at once; undefined otherwise. @throws {LockOwnerDiedError} as `read`
   */
  tryRead(options?: TryLockOptions): LockGuard | undefined {
    const { core } = this
    checkTryLock(options, "tryRead")
    const came = core.enterReading(false)
    if (came === word.WAIT) return undefined
    return guardedSync(core.readingGuard(came), came, options?.repair)
  }

  /**
   * As `read`, blocking this thread: nothing else of this isolate runs meanwhile.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {DeadlockError} when a task of this isolate writes: it could never unlock
   */
  readSync(options: SyncLockOptions = {}): LockGuard {
    const { core } = this
    checkMayBlock("readSync")
    const timeoutMs = checkLockSync(options, "readSync")
    let came = core.enterReading(true)
    if (came === word.WAIT) {
      const reading = new Reading(core)
      blockFor(reading, timeoutMs)
      came = reading.came
    }
    return guardedSync(core.readingGuard(came), came, options.repair)
  }

  /**
   * Waits until nobody else is inside, then holds the lock alone. Readers that come meanwhile wait.
   *
   * @throws {TimeoutError} when it cannot be had within `timeoutMs`
   * @throws {LockOwnerDiedError} when the writer before died and there is no `repair`; its `guard`
   *   is the lock, held
   */
  write(options?: LockOptions): Promise<LockGuard> {
    const { core } = this
    const refused = checkLock(options, "write")
    if (refused !== undefined) return refused
    const first = core.mayWriteFirst
    const came = first ? core.enterWriting() : word.WAIT
    if (came === word.WAIT || came === word.CLAIMED) {
      return writeLater(new Writing(core, !first, came), options ?? {})
    }
    return guarded(new LockGuard(core.writing), came, options?.repair)
  }

  /**
   * Writes if nobody else is inside; undefined otherwise. @throws {LockOwnerDiedError} as `write`
   */
  tryWrite(options?: TryLockOptions): LockGuard | undefined {
    const { core } = this
    checkTryLock(options, "tryWrite")
    const came = core.enterWriting()
    if (came === word.CLAIMED) core.leaveWriting(0)
    if (came === word.WAIT || came === word.CLAIMED) return undefined
    return guardedSync(new LockGuard(core.writing), came, options?.repair)
  }

  /**
   * As `write`, blocking this thread: nothing else of this isolate runs meanwhile.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {DeadlockError} when a task of this isolate reads or writes: it could never unlock
   */
  writeSync(options: SyncLockOptions = {}): LockGuard {
    const { core } = this
    checkMayBlock("writeSync")
    const timeoutMs = checkLockSync(options, "writeSync")
    const first = core.mayWriteFirst
    const writing = new Writing(core, !first, word.WAIT)
    if (!first || writing.step() !== "done") blockFor(writing, timeoutMs)
    return guardedSync(new LockGuard(core.writing), writing.came, options.repair)
  }

  /** Runs `fn` as a reader, and unlocks when what it returned has settled. */
  async withRead<R>(fn: () => R | PromiseLike<R>, options?: LockOptions): Promise<R> {
    checkFunction(fn, "withRead")
    const guard = await this.read(options)
    try {
      return await fn()
    } finally {
      guard[Symbol.dispose]()
    }
  }

  /** Runs `fn` as the writer, and unlocks when what it returned has settled. */
  async withWrite<R>(fn: () => R | PromiseLike<R>, options?: LockOptions): Promise<R> {
    checkFunction(fn, "withWrite")
    const guard = await this.write(options)
    try {
      return await fn()
    } finally {
      guard[Symbol.dispose]()
    }
  }
}

async function readLater(core: RwLockCore, options: LockOptions): Promise<LockGuard> {
  const reading = new Reading(core)
  await waitFor(reading, options)
  return guarded(core.readingGuard(reading.came), reading.came, options.repair)
}

async function writeLater(writing: Writing, options: LockOptions): Promise<LockGuard> {
  await waitFor(writing, options)
  return guarded(new LockGuard(writing.core.writing), writing.came, options.repair)
}

const family = new Family({
  id: KIND.RW_LOCK,
  name: "RwLock",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: RwLockCore,
  Handle: RwLock,
  leave(at, object) {
    const lock = object + WORDS
    if (word.isReading(at.words, lock, at.me) && word.leaveReading(at.words, lock, at.me)) {
      wakeFirst(at, lock + word.DRAIN)
    }
    if (word.isWriting(at.words, lock, at.me) && word.leaveWriting(at.words, lock, 0)) {
      wakeFirst(at, lock + word.GATE)
    }
  },
})

/**
 * Makes a lock for many readers or one writer. It takes 4 KiB of shared memory, so that readers of
 * different isolates do not touch the same cache line; a mutex takes 64 bytes.
 *
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function rwLock(options?: LockNaming): RwLock {
  return family.create(nameIn("rwLock", options), () => {})
}
