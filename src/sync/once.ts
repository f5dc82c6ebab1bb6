/** A function that runs once in the whole program. */
import { DeadlockError, HeddleError, NotCallableError, NotSendableError } from "../errors.ts"
import { CELL_WORDS, cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import type { Line } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { isThenable } from "../internal/loop/thenable.ts"
import { sheltered } from "../internal/memory/guard.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY } from "../internal/memory/objects.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { wakeAll } from "../internal/queue/wait-queue.ts"
import { type Callable, callableOf, loadCallable, unnamedHelp } from "../internal/wire/callable.ts"
import { fromFailure, toFailure } from "../internal/wire/failure.ts"
import { checkFunction } from "../internal/wire/given.ts"
import { cellFrom, type LockNaming, labelAfter, nameIn } from "./label.ts"
import * as word from "./once-word.ts"
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
/** Cell: whether other isolates can find the function. */
const NAMED = cellFrom(WORD + word.ONCE_WORDS)
/** Cell: the function's name and captured values, if so. */
const CODE = NAMED + CELL_WORDS
/** Cell: the outcome, once it is done. */
const RESULT = CODE + CELL_WORDS
const LABEL = labelAfter(RESULT + CELL_WORDS)

const LOST = "once() has failed, and shared memory had no room for the reason"

type Function = () => unknown

/** How the function ended, as it lies in shared memory. */
interface Outcome {
  readonly failed: boolean
  /** The result, or the failure. */
  readonly value: unknown
}

/** Something done once, as this isolate sees it. */
class OnceCore extends Core {
  readonly kind = "once"
  readonly label = LABEL
  readonly gate: Line
  readonly #once: number
  #fn: Function | undefined
  #outcome: Outcome | undefined
  #isRunning = false

  constructor(at: Here, object: number) {
    super(at, object)
    const { words } = at
    const once = object + WORD
    this.#once = once
    this.gate = this.line(once + word.QUEUE, () => word.isFree(words, once))
  }

  get isIdle(): boolean {
    return !this.#isRunning
  }

  /** Whether the function runs in this isolate now. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  get isDone(): boolean {
    return word.isDone(this.words, this.#once)
  }

  holders(): number[] {
    const runner = word.runnerOf(this.words, this.#once)
    return runner === 0 ? [] : [slotOf(runner)]
  }

  override acquisitions(): number {
    return this.isDone ? 1 : 0
  }

  /** The function is at hand here. */
  setFunction(fn: Function): void {
    this.#fn = fn
  }

  /** Begins, if nobody has: true when this isolate has to run the function now. */
  begin(): boolean {
    if (!word.begin(this.words, this.#once, this.me)) return false
    this.#isRunning = true
    return true
  }

  /** Whether nobody runs the function, and this isolate cannot. */
  get isOutOfReach(): boolean {
    if (this.#fn !== undefined || cells().look(this.object + NAMED) === true) return false
    return word.isFree(this.words, this.#once)
  }

  /** The function, if it is loaded here. */
  get loaded(): Function | undefined {
    return this.#fn
  }

  async load(): Promise<Function> {
    if (this.#fn !== undefined) return this.#fn
    const code = cells().copy(this.object + CODE) as Callable
    const found = await loadCallable(code.url, code.exportName)
    this.#fn = (code.captures === undefined ? found : found(...code.captures)) as Function
    return this.#fn
  }

  /** Runs the function, which this isolate has begun, and publishes how it ended. */
  async run(): Promise<void> {
    try {
      const fn = await this.load()
      this.end({ failed: false, value: await fn() })
    } catch (error) {
      this.end({ failed: true, value: error })
    }
  }

  /** Publishes the outcome. The first time it is asked for here, it is the very value. */
  end(outcome: Outcome): void {
    this.#outcome = this.#publish(outcome)
    this.#isRunning = false
    word.end(this.words, this.#once)
    wakeAll(this.words, this.#once + word.QUEUE, this.me)
    if (this.closing) this.ended()
  }

  #publish(outcome: Outcome): Outcome {
    const { failed, value } = outcome
    const data: Outcome = { failed, value: failed ? toFailure(value) : value }
    try {
      putForAll(this.at, data, (tag) => {
        // Who ran it before may have died having put something there.
        cells().drop(this.object + RESULT)
        cells().put(this.object + RESULT, tag, data)
      })
      return outcome
    } catch (error) {
      // What tells why may not fit either: then the cell stays empty, which says enough.
      return failed ? { failed, value: error } : this.#publish({ failed: true, value: error })
    }
  }

  /** What came of it, once it is done. */
  async outcome<T>(): Promise<T> {
    const cell = this.object + RESULT
    if (this.#outcome === undefined && cells().pending(cell)) await cells().arrived(cell)
    return this.outcomeNow<T>()
  }

  outcomeNow<T>(): T {
    this.#outcome ??= this.#copy()
    if (this.#outcome.failed) throw this.#outcome.value
    return this.#outcome.value as T
  }

  #copy(): Outcome {
    const outcome = cells().copy(this.object + RESULT) as Outcome | undefined
    if (outcome === undefined) return { failed: true, value: new HeddleError(LOST) }
    const { failed, value } = outcome
    return { failed, value: failed ? fromFailure(value) : value }
  }
}

/** One call that waits for the outcome, or has to run the function itself. */
class Getting implements Attempt {
  readonly what = "once get"
  readonly core: OnceCore
  readonly gate: Line
  readonly inTurn = false
  /** Whether nobody can run it. */
  isOutOfReach = false
  readonly #begun: () => boolean

  /** @param begun called when it has begun; whether the wait is over with that */
  constructor(core: OnceCore, begun: () => boolean) {
    this.core = core
    this.gate = core.gate
    this.#begun = begun
  }

  step(): Step {
    if (this.core.isDone) return "done"
    this.isOutOfReach = this.core.isOutOfReach
    if (this.isOutOfReach) return "done"
    return this.core.begin() && this.#begun() ? "done" : "wait"
  }

  isOwn(): boolean {
    return this.core.isRunning
  }
}

/**
 * Runs its function at the first `get`, in the isolate of whoever calls it, and gives the result to
 * all: now and later, in all isolates. It can be sent.
 *
 * A failure is a result like any other: everybody gets the error, and the function does not run
 * again. Only when the isolate dies in which it runs, another one that waits runs it from the
 * start.
 *
 * The result is copied to other isolates, once per isolate; handles in it name the same things
 * everywhere.
 */
export class Once<T> extends SyncHandle<OnceCore> {
  override readonly kindId = KIND.ONCE

  /**
   * The result, run for or waited for.
   *
   * @throws what the function threw
   * @throws {NotCallableError} when the function runs here first, and nothing has named it
   * @throws {NotSendableError} when the result cannot cross, or holds a moved buffer
   * @throws {TimeoutError} when it has not ended within `timeoutMs`; it goes on
   * @example
   * const answer = once(() => 6 * 7)
   * console.log(await answer.get(), answer.done) // prints: 42 true
   */
  async get(options?: LockWaitOptions): Promise<T> {
    const { core } = this
    const refused = checkWait(options, "get")
    if (refused !== undefined) return refused
    if (!core.isDone) {
      const getting = new Getting(core, () => {
        queueMicrotask(() => core.run())
        return false
      })
      await waitFor(getting, options ?? {})
      if (getting.isOutOfReach) throw outOfReach()
    }
    return core.outcome<T>()
  }

  /**
   * As `get`, blocking this thread. When the function runs here, it must be at hand and not be
   * asynchronous.
   *
   * @throws {BlockingNotAllowedError} in the main isolate, unless `start({ blockMain: true })`
   *   allowed it
   * @throws {DeadlockError} when the function runs in this isolate already, or waits for something
   *   here
   */
  getSync(options?: SyncWaitOptions): T {
    const { core } = this
    checkMayBlock("getSync")
    const timeoutMs = checkBlock(options, "getSync")
    let mine = false
    const getting = new Getting(core, () => {
      mine = true
      return true
    })
    if (!core.isDone) blockFor(getting, timeoutMs)
    if (getting.isOutOfReach) throw outOfReach()
    if (mine) runSync(core)
    return core.outcomeNow<T>()
  }

  /** Whether the result is there. */
  get done(): boolean {
    return this.core.isDone
  }
}

function outOfReach(): NotCallableError {
  return new NotCallableError("the function of a once()", `once(): ${unnamedHelp()}`)
}

/**
 * Prepares a value that all isolates may read, lets `put` put it where they will, and commits it.
 */
function putForAll({ me, words }: Here, value: unknown, put: (tag: number) => void): void {
  const tag = cells().prepare(value, "once")
  if (!cells().isForAll(tag)) {
    cells().unprepare(tag)
    throw new NotSendableError("once", "holds a moved buffer, which only one isolate can have")
  }
  sheltered(words, me, () => {
    put(tag)
    cells().commit(tag)
  })
}

/**
 * Runs the function in a blocked thread. One that does not end at once goes on; the caller cannot
 * wait.
 */
function runSync(core: OnceCore): void {
  const { loaded } = core
  let value: unknown
  try {
    value = loaded?.()
  } catch (error) {
    core.end({ failed: true, value: error })
    return
  }
  if (loaded !== undefined && !isThenable(value)) {
    core.end({ failed: false, value })
    return
  }
  if (loaded === undefined) core.run()
  else endLater(core, value as PromiseLike<unknown>)
  const waitsFor = "its function, which goes on when this thread is not blocked"
  throw new DeadlockError([{ who: "once getSync", where: "", waitsFor }])
}

function endLater(core: OnceCore, value: PromiseLike<unknown>): void {
  value.then(
    (result) => core.end({ failed: false, value: result }),
    (error: unknown) => core.end({ failed: true, value: error }),
  )
}

const family = new Family<OnceCore, Once<unknown>>({
  id: KIND.ONCE,
  name: "Once",
  bytes: LABEL.bytes,
  label: LABEL,
  Core: OnceCore,
  Handle: Once,
  leave() {},
  destroy(_at, object) {
    cells().drop(object + CODE)
    cells().drop(object + RESULT)
  },
})

/**
 * Makes something that is done once in the whole program: `once(load)`, then `await it.get()` in
 * any isolate that it was sent to.
 *
 * Other isolates can run the function when they can find it, as for `go`; otherwise it runs only
 * where `once` was called.
 *
 * @throws {TypeError} when `fn` is not a function
 * @throws {CaptureError} when `fn` captures something that cannot cross
 * @throws {OutOfSharedMemoryError} when there is no room for it
 */
export function once<T>(fn: () => T, options?: LockNaming): Once<Awaited<T>> {
  checkFunction(fn, "once")
  const code = callableOf(fn)
  const handle = family.create(nameIn("once", options), (_words, object) => {
    cells().put(object + NAMED, cells().prepare(code !== undefined, "once"), code !== undefined)
    putForAll(here(), code, (tag) => cells().put(object + CODE, tag, code))
  })
  SyncHandle.coreOf(handle).setFunction(fn)
  return handle as Once<Awaited<T>>
}
