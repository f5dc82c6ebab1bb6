/**
 * A value that was taken before everything it names has arrived: buffers on their way.
 *
 * It was claimed by this isolate, so that nobody else asks for its buffers; nothing is taken after
 * it before it is there.
 */
import type { Parked, Slots } from "./slots/types.ts"

/** What waits for values to arrive. */
export interface Waiting {
  /** Tries the waiting operations again. */
  serve(): void
}

interface Entry {
  readonly parked: Parked
  lost: Error | undefined
}

/** The values this isolate waits for, in order. */
export class Arrivals {
  readonly #slots: Slots
  readonly #waiting: Waiting
  /** Most channels never wait for a buffer: made when the first does. */
  #parked: Entry[] | undefined

  /** @param waiting must not refer to the channel's core */
  constructor(slots: Slots, waiting: Waiting) {
    this.#slots = slots
    this.#waiting = waiting
  }

  /** Waits for the value that was lifted last. */
  await(): void {
    const entry: Entry = { parked: this.#slots.park(), lost: undefined }
    this.#parked ??= []
    this.#parked.push(entry)
    const waiting = this.#waiting
    this.#slots.arrived().then(
      () => waiting.serve(),
      (error: Error) => {
        entry.lost = error
        waiting.serve()
      },
    )
  }

  /** Whether there is one. */
  get some(): boolean {
    return this.#parked !== undefined && this.#parked.length > 0
  }

  /** Lifts the first again when it can be made; false while it cannot. @throws when it was lost */
  lift(): boolean {
    const first = this.#parked?.[0]
    if (first === undefined) return false
    if (first.lost !== undefined) {
      this.#parked?.shift()
      this.#slots.dropParked(first.parked)
      throw first.lost
    }
    this.#slots.unpark(first.parked)
    if (this.#slots.pending) return false
    this.#parked?.shift()
    this.#slots.endParked(first.parked)
    return true
  }

  /** Drops them: nobody here will receive them any more. */
  drop(): void {
    for (const { parked } of this.#parked?.splice(0) ?? []) this.#slots.dropParked(parked)
  }
}
