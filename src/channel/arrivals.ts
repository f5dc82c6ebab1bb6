/**
 * A value that was taken before everything it names has arrived: buffers on their way.
 *
 * It was claimed by this isolate, so that nobody else asks for its buffers; nothing is taken after
 * it before it is there.
 */
import type { Parked, Slots } from "./slots/types.ts"

/** The values this isolate waits for, in order. */
export class Arrivals {
  readonly #slots: Slots
  readonly #serve: () => void
  readonly #parked: { readonly parked: Parked; lost: Error | undefined }[] = []

  /** @param serve tries the waiting operations again; must not refer to the channel's core */
  constructor(slots: Slots, serve: () => void) {
    this.#slots = slots
    this.#serve = serve
  }

  /** Waits for the value that was lifted last. */
  await(): void {
    const entry = { parked: this.#slots.park(), lost: undefined as Error | undefined }
    this.#parked.push(entry)
    this.#slots.arrived().then(this.#serve, (error: Error) => {
      entry.lost = error
      this.#serve()
    })
  }

  /** Whether there is one. */
  get some(): boolean {
    return this.#parked.length > 0
  }

  /** Lifts the first again when it can be made; false while it cannot. @throws when it was lost */
  lift(): boolean {
    const first = this.#parked[0]
    if (first === undefined) return false
    if (first.lost !== undefined) {
      this.#parked.shift()
      this.#slots.dropParked(first.parked)
      throw first.lost
    }
    this.#slots.unpark(first.parked)
    if (this.#slots.pending) return false
    this.#parked.shift()
    return true
  }

  /** Drops them: nobody here will receive them any more. */
  drop(): void {
    for (const { parked } of this.#parked.splice(0)) this.#slots.dropParked(parked)
  }
}
