/**
 * Looking for a moment before standing in line, as long as that has lately paid.
 *
 * A sender that is lone and busy publishes its next group within microseconds. Who stands in line
 * makes it stop, publish what it has and ring; who looks gets the whole group and costs it nothing,
 * unless the core it looks on is the one that the sender needs.
 */
import { RECEIVE_LOOKS } from "#platform/limits"
import { here } from "../internal/loop/here.ts"
import { coresAreTaken } from "../internal/loop/idle.ts"
import { flush } from "../internal/loop/pump.ts"
import type { Side } from "../internal/queue/ring.ts"

/** Looks in vain after which it is not tried for a while. */
const LOSSES_MAX = 3

/** Waits until it is tried again. */
const REST_WAITS = 64

/** One receiving side's patience. */
export class Patience {
  readonly #reader: Side
  #left = LOSSES_MAX
  #waits = 0

  constructor(reader: Side) {
    this.#reader = reader
  }

  /** True when something came while it looked. */
  linger(): boolean {
    if (!this.#reader.isLone) return false
    if (this.#left === 0 && ++this.#waits % REST_WAITS !== 0) return false
    if (coresAreTaken(here())) return false
    // Whoever sends to this isolate may be waiting for what it has not published yet.
    flush()
    const came = this.#reader.linger(RECEIVE_LOOKS)
    this.#left = came ? LOSSES_MAX : Math.max(0, this.#left - 1)
    return came
  }
}
