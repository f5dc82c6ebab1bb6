/** What can stand as a case of a select. */
import type { Sink, Source } from "./flavor.ts"

/** Where a selectable keeps its source. */
export const SOURCE: unique symbol = Symbol("heddle.source")

/** Something whose next value a select can wait for: receivers, channels, subscriptions, timers. */
export interface Selectable<T> {
  readonly [SOURCE]: Source
  receive(): Promise<T>
}

/** A value that is sent if the select chooses its case. Made by `jobs.sending(value)`. */
export class SendCase {
  readonly sink: Sink
  readonly value: unknown

  constructor(sink: Sink, value: unknown) {
    this.sink = sink
    this.value = value
  }
}
