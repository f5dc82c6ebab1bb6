/**
 * Threads that wait for an object of this interpreter: a lock, a queue, the end of a thread.
 *
 * Who lets go wakes the first in line, and whoever comes meanwhile may take the object before it:
 * that saves a switch for each operation. Who was woken and came too late gets it handed over.
 */

import type { Scheduler } from "./scheduler.ts"
import type { Pointer, Waiting } from "./seam.ts"
import type { GreenThread } from "./thread.ts"

/** One thread's place in the line for an object. */
interface Place {
  readonly thread: GreenThread
  /** True after it was woken and came too late: the next to let go hands the object over. */
  late: boolean
  /** True when the object was handed to it. */
  granted: boolean
}

/** What a builtin waits for, as a line sees it. */
export interface Wanted {
  /** The object; whoever waits holds a reference to it, so the address stays its own. */
  readonly key: Pointer
  /** Takes it, also when it was handed over; undefined when it cannot be had. */
  take(granted: boolean): Pointer | undefined
  /** The result when the time is over. */
  late(): Pointer
  /** Called when it was had, or was too late, and the place in line is given up. */
  left?(): void
  /** Gives back what was handed over and is not wanted any more. */
  giveBack?(): void
  readonly deadline?: number
}

/** The lines of one interpreter, by the object's address. */
export class Parking {
  readonly #scheduler: Scheduler
  readonly #lines = new Map<Pointer, Place[]>()

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  /** Stands in line for an object that could not be had at once. */
  wait({ key, take, late, left, giveBack, deadline }: Wanted): Waiting {
    const place = { thread: this.#scheduler.here, late: false, granted: false }
    const line = this.#lines.get(key)
    if (line === undefined) this.#lines.set(key, [place])
    else line.push(place)
    return {
      deadline,
      resume: (timedOut) => {
        const result = timedOut ? late() : take(place.granted)
        if (result === undefined) {
          place.late = true
          return undefined
        }
        this.#leave(key, place)
        left?.()
        return result
      },
      abandon: () => {
        this.#leave(key, place)
        if (place.granted) giveBack?.()
        else this.wakeOne(key)
      },
    }
  }

  /** Hands the object to the first in line if that one came too late before. */
  hand(key: Pointer): boolean {
    const place = this.#lines.get(key)?.[0]
    if (place === undefined || !place.late) return false
    this.#leave(key, place)
    place.granted = true
    this.#scheduler.wake(place.thread)
    return true
  }

  /** Wakes the first in line. */
  wakeOne(key: Pointer): void {
    const place = this.#lines.get(key)?.[0]
    if (place !== undefined) this.#scheduler.wake(place.thread)
  }

  /** Wakes everybody in line. */
  wakeAll(key: Pointer): void {
    for (const { thread } of this.#lines.get(key) ?? []) this.#scheduler.wake(thread)
  }

  /** Nobody who waits now gets what it waits for. */
  clear(): void {
    this.#lines.clear()
  }

  #leave(key: Pointer, place: Place): void {
    const line = this.#lines.get(key) ?? []
    const at = line.indexOf(place)
    if (at >= 0) line.splice(at, 1)
    if (line.length === 0) this.#lines.delete(key)
  }
}
