/** Two mistakes of waiting and of doing once, and how they are mended. */
import assert from "node:assert/strict"
import { type Channel, channel, go, type Mutex, mutex, sharedArray } from "heddle"

/** Words of what is made once: whether it is there, and what it is. */
const THERE = 0
const VALUE = 1

async function get(words: Int32Array, lock: Mutex, flagFirst: boolean): Promise<number> {
  if (Atomics.load(words, THERE) === 0) {
    using _guard = await lock.lock()
    if (Atomics.load(words, THERE) === 0) {
      if (flagFirst) Atomics.store(words, THERE, 1)
      Atomics.store(words, VALUE, 42)
      if (!flagFirst) Atomics.store(words, THERE, 1)
    }
  }
  return Atomics.load(words, VALUE)
}

/** Two get what is made once, looking first without the lock. */
export function doubleChecked(flagFirst: boolean): () => Promise<void> {
  return async () => {
    const words = sharedArray(Int32Array, 2)
    const lock = mutex()
    const both = [go(get, words, lock, flagFirst), go(get, words, lock, flagFirst)]
    assert.deepEqual(await Promise.all(both), [42, 42])
  }
}

async function acquire(permits: Int32Array, wakes: Channel<null>): Promise<void> {
  for (;;) {
    const count = Atomics.load(permits, 0)
    if (count === 0) await wakes.receive()
    else if (Atomics.compareExchange(permits, 0, count, count - 1) === count) return
  }
}

function release(permits: Int32Array, wakes: Channel<null>): void {
  Atomics.add(permits, 0, 1)
  wakes.trySend(null)
}

/** One waits for a permit that another gives back: a wake-up is kept when there is room for it. */
export function naiveSemaphore(room: number): () => Promise<void> {
  return async () => {
    const permits = sharedArray(Int32Array, 1)
    const wakes = channel<null>(room)
    await Promise.all([go(acquire, permits, wakes), go(release, permits, wakes)])
  }
}
