/** What everything that only receives does, whatever it receives from. */
import { Shareable } from "../internal/wire/shareable.ts"
import type { Source } from "./flavor.ts"
import { receiveSync } from "./operations.ts"
import type { SyncOptions, WaitOptions } from "./options.ts"
import type { Batch, Received } from "./receive.ts"
import * as receiving from "./receive.ts"
import { type Selectable, SOURCE } from "./selectable.ts"

/** Base of the handles that receive and cannot send. */
export abstract class ReceivingEnd<T> extends Shareable implements AsyncIterable<T>, Selectable<T> {
  /** The side that rooms of this package receive from. @throws when this end cannot be used */
  abstract get [SOURCE](): Source

  /**
   * Receives the next value, waiting for it. If `signal` aborts first, no value is taken.
   *
   * @throws {ChannelClosedError} after the last
   */
  receive(options?: WaitOptions): Promise<T> {
    return receiving.receive(this[SOURCE], options)
  }

  /** Receives the next value if there is one. */
  tryReceive(): Received<T> {
    return receiving.tryReceive(this[SOURCE])
  }

  /** Receives at least one value, waiting for it, and up to `max` that are there. */
  receiveMany(max: number, options?: WaitOptions): Promise<T[]> {
    return receiving.receiveMany(this[SOURCE], max, options)
  }

  /** Receives the next value, blocking this thread. */
  receiveSync(options: SyncOptions = {}): T {
    return receiveSync(this[SOURCE], options) as T
  }

  /** Values in groups of up to `max`. */
  batches(max: number): AsyncIterableIterator<Batch<T>> {
    return receiving.batches(this[SOURCE], max)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiving.iterate(this[SOURCE])
  }
}
