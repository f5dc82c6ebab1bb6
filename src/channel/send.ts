/** What everything that can be sent to does, as functions over a sink. */
import { LOOK_MESSAGES } from "#platform/limits"
import { yieldTurn } from "../internal/loop/pump.ts"
import { type Outcome, ofMany, type Sink } from "./flavor.ts"
import { closedError, sendLater } from "./operations.ts"
import { checkIterable, checkWait, type WaitOptions } from "./options.ts"
import { shouldYield } from "./receive.ts"

const DONE = Promise.resolve()

/** Sends a value, waiting while there is no room. */
export function send(sink: Sink, value: unknown, options?: WaitOptions): Promise<void> {
  if (options !== undefined) return sendUnless(sink, value, options)
  return sendNext(sink, value)
}

/** As `send`, unless the options are wrong or the signal has aborted. */
async function sendUnless(sink: Sink, value: unknown, options: WaitOptions): Promise<void> {
  checkWait(options, "send")
  options.signal?.throwIfAborted()
  await sendNext(sink, value, options.signal)
}

function sendNext(sink: Sink, value: unknown, signal?: AbortSignal): Promise<void> {
  const isQuick = sink.offersQuickly === true
  if (isQuick || sink.senders.length === 0) {
    let outcome: Outcome
    try {
      outcome = sink.offer(value)
      if (outcome === "ok" && isQuick && sink.offersQuickly) return DONE
    } catch (error) {
      return Promise.reject(error)
    }
    if (outcome === "ok") return shouldYield(isQuick ? LOOK_MESSAGES : 1) ? yieldTurn() : DONE
    if (outcome === "closed") return Promise.reject(closedError(sink, "send", value))
  }
  return sendLater(sink, value, signal)
}

/** Sends a value if that is possible at once. */
export function trySend(sink: Sink, value: unknown): "ok" | "full" | "closed" {
  const outcome = sink.offer(value)
  return outcome === "wait" ? "full" : outcome
}

/** Sends values in order, waiting while there is no room. */
export async function sendMany(
  sink: Sink,
  values: Iterable<unknown>,
  options?: WaitOptions,
): Promise<void> {
  if (options !== undefined) checkWait(options, "sendMany")
  const signal = options?.signal
  signal?.throwIfAborted()
  if (!isList(values)) {
    checkIterable(values, "sendMany")
    let index = 0
    for (const value of values) await sendOneOf(sink, value, index++, options)
    return
  }
  let next = 0
  while (next < values.length) {
    signal?.throwIfAborted()
    if (sink.senders.length === 0) next += sink.offerMany(values, next)
    if (next < values.length) await sendOneOf(sink, values[next], next++, options)
    else if (shouldYield()) await yieldTurn()
  }
}

async function sendOneOf(
  sink: Sink,
  value: unknown,
  index: number,
  options?: WaitOptions,
): Promise<void> {
  try {
    await send(sink, value, options)
  } catch (error) {
    throw ofMany(error, index)
  }
}

function isList(values: Iterable<unknown>): values is Iterable<unknown> & ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))
}
