/** Two wait for the same condition, and one of them is woken. */
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "lost wake-up",
  finds: "deadlock",
  source: "Farchi, Nir, Ur, 2003: notify instead of notifyAll",
}

async function await1(words: Int32Array, wakes: Channel<number>): Promise<void> {
  while (Atomics.load(words, 0) === 0) await wakes.receive()
}

async function run(count: number): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const wakes = channel<number>(2)
  const waiters = [go(await1, words, wakes), go(await1, words, wakes)]
  Atomics.store(words, 0, 1)
  for (let i = 0; i < count; i++) await wakes.send(0)
  await Promise.all(waiters)
}

export const broken = () => run(1)
export const fixed = () => run(2)
