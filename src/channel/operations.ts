/** Sending and receiving that may have to wait, as operations of a line. */
import { ChannelClosedError } from "../errors.ts"
import type { Operation } from "../internal/loop/line.ts"
import { fromFailure } from "../internal/wire/failure.ts"
import type { ChannelCore } from "./core.ts"

/** How a waiting operation can be called off. */
export interface WaitOptions {
  /** When it aborts first, nothing is sent or taken, and the call rejects with its reason. */
  readonly signal?: AbortSignal
}

/** What receivers of an ended channel get: the error given to `close`, or that it is closed. */
export function closedError(
  core: ChannelCore,
  operation: "send" | "receive",
  unsent?: unknown,
): Error {
  const failure = core.closeFailure
  const options = {
    channel: core.meta.name,
    ...(failure === undefined ? {} : { cause: fromFailure(failure) }),
    ...(operation === "send" ? { unsent } : {}),
  }
  return new ChannelClosedError(operation, options)
}

/** What ends the iteration over an ended channel: nothing, or the error given to `close`. */
export function iterationError(core: ChannelCore): unknown {
  const failure = core.closeFailure
  return failure === undefined ? undefined : fromFailure(failure)
}

abstract class Waiting<T> implements Operation {
  readonly promise: Promise<T>
  protected resolve!: (value: T) => void
  protected reject!: (error: unknown) => void
  #over = false

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  attempt(): boolean {
    if (this.#over) return true
    this.#over = this.tryOnce()
    return this.#over
  }

  /** True once the promise is settled. */
  protected abstract tryOnce(): boolean

  /** Rejects with the signal's reason when it aborts before the operation is over. */
  listen(signal: AbortSignal, giveUp: () => void): void {
    const abort = (): void => {
      if (this.#over) return
      this.#over = true
      this.reject(signal.reason)
      giveUp()
    }
    signal.addEventListener("abort", abort, { once: true })
    const stop = (): void => signal.removeEventListener("abort", abort)
    this.promise.then(stop, stop)
  }
}

/** A receive that waits for a value. */
export class Receiving<T> extends Waiting<T> {
  readonly #core: ChannelCore

  constructor(core: ChannelCore) {
    super()
    this.#core = core
  }

  protected override tryOnce(): boolean {
    const outcome = attemptTake(this.#core)
    if (outcome === "wait") return false
    if (outcome === "closed") this.reject(closedError(this.#core, "receive"))
    else if (outcome === "failed") this.reject(this.#core.value)
    else this.resolve(this.#core.value as T)
    return true
  }
}

/** A value that cannot be made fails the receive that took it, not the loop that tries. */
function attemptTake(core: ChannelCore): "ok" | "wait" | "closed" | "failed" {
  try {
    return core.take()
  } catch (error) {
    core.value = error
    return "failed"
  }
}

/** A send that waits for room. */
export class Sending extends Waiting<void> {
  readonly #core: ChannelCore
  readonly #value: unknown

  constructor(core: ChannelCore, value: unknown) {
    super()
    this.#core = core
    this.#value = value
  }

  protected override tryOnce(): boolean {
    try {
      const outcome = this.#core.offer(this.#value)
      if (outcome === "wait") return false
      if (outcome === "closed") this.reject(closedError(this.#core, "send", this.#value))
      else this.resolve()
    } catch (error) {
      this.reject(error)
    }
    return true
  }
}
