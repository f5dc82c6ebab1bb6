/** Sending and receiving that may have to wait, as operations of whatever they wait in. */

import { now } from "#platform/clock"
import { ChannelClosedError, TimeoutError } from "../errors.ts"
import type { Operation } from "../internal/loop/line.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { fromFailure } from "../internal/wire/failure.ts"
import type { Ending, Outcome, Sink, Source, Waits } from "./flavor.ts"
import { type SyncOptions, timeoutOf } from "./options.ts"

/** Milliseconds between looks for a buffer while the thread is blocked. */
const PORT_POLL_MS = 1

/** What an operation on an ended channel gets. */
export function closedError(
  ended: Ending,
  operation: "send" | "receive",
  unsent?: unknown,
): ChannelClosedError {
  const failure = ended.closeFailure
  const options = {
    channel: ended.meta.name,
    ...(failure === undefined ? {} : { cause: fromFailure(failure) }),
    ...(operation === "send" ? { unsent } : {}),
  }
  return new ChannelClosedError(operation, options)
}

/** What ends the iteration over an ended channel: nothing, or the error given to `close`. */
export function iterationError(ended: Ending): unknown {
  const failure = ended.closeFailure
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
  listen(signal: AbortSignal, waits: Waits): void {
    const abort = (): void => {
      if (this.#over || !waits.giveUp(this)) return
      this.#over = true
      this.reject(signal.reason)
    }
    signal.addEventListener("abort", abort, { once: true })
    const stop = (): void => signal.removeEventListener("abort", abort)
    this.promise.then(stop, stop)
  }
}

/** A receive that waits for a value. */
class Receiving extends Waiting<unknown> {
  protected readonly source: Source

  constructor(source: Source) {
    super()
    this.source = source
  }

  protected override tryOnce(): boolean {
    const outcome = this.taken()
    if (outcome === "wait") return false
    if (outcome === "closed") this.reject(closedError(this.source, "receive"))
    else if (outcome === "failed") this.reject(this.source.value)
    else this.resolve(this.source.value)
    return true
  }

  /** A value that cannot be made fails the receive that took it, not the loop that tries. */
  protected taken(): Outcome | "failed" {
    try {
      return this.tryTake()
    } catch (error) {
      this.source.value = error
      return "failed"
    }
  }

  protected tryTake(): Outcome {
    return this.source.takeAgain()
  }
}

/** A receive of several values that waits for the first. */
class ReceivingMany extends Receiving {
  readonly #max: number

  constructor(source: Source, max: number) {
    super(source)
    this.#max = max
  }

  protected override tryTake(): Outcome {
    return this.source.takeManyAgain(this.#max)
  }
}

/** A send that waits for room. */
class Sending extends Waiting<void> {
  readonly #sink: Sink
  readonly #value: unknown

  constructor(sink: Sink, value: unknown) {
    super()
    this.#sink = sink
    this.#value = value
  }

  protected override tryOnce(): boolean {
    try {
      const outcome = this.#sink.offer(this.#value)
      if (outcome === "wait") return false
      if (outcome === "closed") this.reject(closedError(this.#sink, "send", this.#value))
      else this.resolve()
    } catch (error) {
      this.reject(error)
    }
    return true
  }
}

/** Waits for a value. */
export function receiveLater(source: Source, signal: AbortSignal | undefined): Promise<unknown> {
  source.acknowledge()
  return later(new Receiving(source), source.receivers, signal)
}

/** Waits for values: as many as there are, up to `max`. */
export function receiveManyLater(
  source: Source,
  max: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  source.acknowledge()
  return later(new ReceivingMany(source, max), source.receivers, signal)
}

/** Waits for room for a value. */
export function sendLater(
  sink: Sink,
  value: unknown,
  signal: AbortSignal | undefined,
): Promise<void> {
  return later(new Sending(sink, value), sink.senders, signal, value)
}

function later<T>(
  operation: Waiting<T>,
  waits: Waits,
  signal: AbortSignal | undefined,
  value?: unknown,
): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(signal.reason)
  waits.wait(operation, value)
  if (signal !== undefined) operation.listen(signal, waits)
  return operation.promise
}

/** Blocks this thread until there is a value. */
export function receiveSync(source: Source, options: SyncOptions): unknown {
  checkMayBlock("receiveSync")
  const timeoutMs = timeoutOf(options, "receiveSync")
  let outcome = source.take()
  if (outcome === "wait") {
    const operation = {
      attempt(): boolean {
        outcome = source.takeAgain()
        return outcome !== "wait"
      },
    }
    const deadline = now() + timeoutMs
    while (!source.receivers.block(operation, sliceOf(source, deadline)) || outcome === "wait") {
      if (now() >= deadline) throw new TimeoutError("channel receive", timeoutMs, source.meta.name)
    }
  }
  if (outcome === "closed") throw closedError(source, "receive")
  return source.value
}

/** How long to block before looking again: what comes through a port rings no bell. */
function sliceOf(source: Source, deadline: number): number {
  const left = Math.max(0, deadline - now())
  return source.isArriving ? Math.min(left, PORT_POLL_MS) : left
}

/** Blocks this thread until the value is sent. */
export function sendSync(sink: Sink, value: unknown, options: SyncOptions): void {
  checkMayBlock("sendSync")
  const timeoutMs = timeoutOf(options, "sendSync")
  let outcome = sink.offer(value)
  if (outcome === "wait") {
    const operation = {
      attempt(): boolean {
        outcome = sink.offer(value)
        return outcome !== "wait"
      },
    }
    if (!sink.senders.block(operation, timeoutMs, value)) {
      throw new TimeoutError("channel send", timeoutMs, sink.meta.name)
    }
  }
  if (outcome === "closed") throw closedError(sink, "send", value)
}
