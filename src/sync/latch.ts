/** A gate that opens once, when enough has been counted. */
import { write } from "#platform/atomics"
import type { Here } from "../internal/loop/here.ts"
import type { Line } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
import { wakeAll } from "../internal/queue/wait-queue.ts"
import { shown } from "../internal/wire/shown.ts"
import { type LockNaming, labelAfter, nameIn } from "./label.ts"
import * as word from "./latch-word.ts"
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

const WORD = BODY
const LABEL = labelAfter(WORD + word.LATCH_WORDS)

/** Counts of one latch at most. */
const COUNT_MAX = 2 ** 30

/** A latch as this isolate uses it. */
class LatchCore extends Core implements Attempt {
  readonly kind = "latch"
  readonly label = LABEL
  readonly what = "latch wait"
  readonly core = this
  readonly inTurn = false
  readonly isIdle = true
  readonly gate: Line
  readonly latch: number

  constructor(at: Here, object: number) {
    super(at, object)
    const { words } = at
    const latch = object + WORD
    this.latch = latch
    this.gate = this.line(latch + word.QUEUE, () => word.countOf(words, latch) === 0, false)
  }

  holders(): number[] {
    return []
  }

  override acquisitions(): number {
    return word.countOf(this.words, this.latch) === 0 ? 1 : 0
  }

  step(): Step {
    return word.countOf(this.words, this.latch) === 0 ? "done" : "wait"
  }

  isOwn(): boolean {
    return false
  }

  /** What is left to count. */
  look(): number {
    return word.countOf(this.words, this.latch)
  }

  /** Counts, and opens at 0. */
  countDown(by: number): number {
    if (word.countDown(this.words, this.latch, by)) {
      wakeAll(this.words, this.latch + word.QUEUE, this.me)
    }
    return this.look()
  }
}

/**
 * Opens when it has been counted down to 0, and stays open. It can be sent.
 *
 * It does not know who will count: when a task that was to count dies first, the latch stays
 * closed. Give the wait a `signal` or `timeoutMs`, or join the tasks instead.
 */
export class Latch extends SyncHandle<LatchCore> {
  override readonly kindId = KIND.LATCH

  /**
   * Counts down, by 1 unless given, not below 0. Everything done before is seen by those who
   * waited. Returns what is left.
   */
  countDown(by = 1): number {
    checkCount("by", by, 1)
    return this.core.countDown(by)
  }

  /**
   * Waits until the latch is open.
   *
   * @throws {TimeoutError} when it is not open within `timeoutMs`
   * @example
   * const ready = latch(2)
   * ready.countDown()
   * ready.countDown()
   * await ready.wait()
   * console.log(ready.count) // prints: 0
   */
  wait(options?: LockWaitOptions): Promise<void> {
    const { core } = this
    const refused = checkWait(options, "wait")
    if (refused !== undefined) return refused
    return core.step() === "done" ? Promise.resolve() : waitFor(core, options ?? {})
  }

  /**
   * As `wait`, blocking this thread: nothing else of this isolate runs meanwhile.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {TimeoutError} when it is not open within `timeoutMs`
   */
  waitSync(options?: SyncWaitOptions): void {
    const { core } = this
    checkMayBlock("waitSync")
    const timeoutMs = checkBlock(options, "waitSync")
    blockFor(core, timeoutMs)
  }

  /** What is left to count; 0 when it is open. */
  get count(): number {
    return this.core.look()
  }
}

function checkCount(name: string, count: number, from: number): void {
  if (Number.isInteger(count) && count >= from && count <= COUNT_MAX) return
  throw new RangeError(
    `${name} must be a whole number from ${from} to ${COUNT_MAX}, received ${shown(count)}`,
  )
}

const family = new Family({
  id: KIND.LATCH,
  name: "Latch",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: LatchCore,
  Handle: Latch,
  leave() {},
})

/**
 * Makes a latch that opens after `count` counts; open at once when that is 0.
 *
 * @throws {RangeError} when `count` is not a whole number from 0 to 1,073,741,824
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function latch(count: number, options?: LockNaming): Latch {
  checkCount("count", count, 0)
  return family.create(nameIn("latch", options), (words, object) =>
    write(words, object + WORD, count),
  )
}
