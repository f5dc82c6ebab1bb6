/**
 * When to stand in line although the lock is free.
 *
 * A lock is not kept for an isolate that was woken: whoever comes by takes it, and that is what
 * makes a lock fast that is passed around. But an isolate that unlocks and locks in a loop would
 * always be there first. So it may take the lock past others for OVERTAKE_MS; then it waits its
 * turn.
 */
import { now } from "#platform/clock"
import { OVERTAKE_MS } from "#platform/limits"

/** How long this isolate has overtaken those who wait for one lock. */
export class Manners {
  /** When others were first seen waiting while this isolate had the lock; 0 when they do not. */
  #since = 0

  /** To be called when the lock was given back. */
  gaveBack(othersWait: boolean): void {
    if (!othersWait) this.#since = 0
    else if (this.#since === 0) this.#since = now()
  }

  /** To be called when the lock was got by waiting. */
  hadTurn(): void {
    this.#since = 0
  }

  /** Whether it is the others' turn. */
  get mustWait(): boolean {
    return this.#since !== 0 && now() - this.#since > OVERTAKE_MS
  }
}
