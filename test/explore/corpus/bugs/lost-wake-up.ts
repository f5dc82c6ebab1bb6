/** A naive semaphore: the wake-up comes between looking at the count and going to sleep. */
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "lost wake-up",
  finds: "lost wake-up",
  source: "Downey: The little book of semaphores; Saltzer: Traffic control, 1966",
}

async function acquire(words: Int32Array, wakes: Channel<number>): Promise<void> {
  while (Atomics.load(words, 0) === 0) await wakes.receive()
  Atomics.sub(words, 0, 1)
}

function release(words: Int32Array, wakes: Channel<number>): void {
  Atomics.add(words, 0, 1)
  wakes.trySend(0)
}

async function run(capacity: number): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const wakes = channel<number>(capacity)
  const waiter = go(acquire, words, wakes)
  await go(release, words, wakes)
  await waiter
}

export const broken = () => run(0)
export const fixed = () => run(1)
