/** The end of a channel: the words that say so, and who must hear of it. */
import { load, store } from "#platform/atomics"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import type { Side, SideListener } from "../internal/queue/ring.ts"
import { isWaiting, wakeAll, wakeOne } from "../internal/queue/wait-queue.ts"
import { askForSide } from "./ask.ts"
import * as layout from "./layout.ts"

/** The end of one channel, as one isolate brings it about. */
export class Closing implements SideListener {
  readonly #at: Here
  readonly #object: number

  constructor(at: Here, object: number) {
    this.#at = at
    this.#object = object
  }

  /** Ends the channel: no value goes in any more. False when it had ended before. */
  close(writer: Side, failure: unknown): boolean {
    if (this.isClosed) return false
    const tag = cells().prepare(failure, "error")
    const payload = cells().payload
    let first = false
    writer.guarded((isSettled) => {
      first = !this.isClosed
      if (!first) return
      cells().payload = payload
      cells().put(this.#object + layout.CLOSE_FAILURE, tag, failure)
      // A lone sender may have values that nobody sees yet: the end comes after them.
      this.#setState(isSettled ? layout.CLOSED : layout.CLOSING)
    })
    if (!first) cells().unprepare(tag)
    // Who waits for what a lone sender has not shown tells it: see `endClosing`.
    this.wakeEverybody()
    return first
  }

  /**
   * Somebody wants what was sent before the end. A lone sender is told of it, each time: whoever
   * did so before may have died on the way. When it is gone, all it sent is seen: the end is now.
   */
  endClosing(writer: Side): boolean {
    const settled = writer.guarded((isSettled) => {
      if (isSettled) this.#setState(layout.CLOSED)
    })
    if (settled) this.wakeEverybody()
    else askForSide(this.#at, this.#object, layout.WRITER, writer.owner())
    return settled
  }

  /**
   * A side was given up: who asked for it stands in line, and what was done there is visible. When
   * a lone sender has published all it sent, an end that waited for it is now.
   */
  gaveUp(isWriter: boolean): void {
    const { words, me } = this.#at
    if (isWriter && load(words, this.#object + layout.CLOSED_STATE) === layout.CLOSING) {
      this.#setState(layout.CLOSED)
      this.wakeEverybody()
      return
    }
    for (const queue of [layout.WAITING_SENDERS, layout.RECEIVERS]) {
      if (isWaiting(words, this.#object + queue)) wakeOne(words, this.#object + queue, me)
    }
  }

  wakeEverybody(): void {
    wakeAll(this.#at.words, this.#object + layout.WAITING_SENDERS, this.#at.me)
    wakeAll(this.#at.words, this.#object + layout.RECEIVERS, this.#at.me)
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return load(this.#at.words, this.#object + layout.CLOSED_STATE) !== layout.OPEN
  }

  /** What was given to `close`. */
  get failure(): unknown {
    return cells().look(this.#object + layout.CLOSE_FAILURE)
  }

  #setState(state: number): void {
    store(this.#at.words, this.#object + layout.CLOSED_STATE, state)
  }
}
