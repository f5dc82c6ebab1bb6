/** Whoever is woken takes without looking again: another one was faster. */
import assert from "node:assert/strict"
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "stolen wake-up",
  finds: "error",
  source: "Farchi, Nir, Ur, 2003: if instead of while; Lampson, Redell: Mesa, 1980",
}

async function take(words: Int32Array, wakes: Channel<number>, again: boolean): Promise<void> {
  if (Atomics.load(words, 0) === 0) await wakes.receive()
  if (again) {
    for (;;) {
      const count = Atomics.load(words, 0)
      if (count === 0) await wakes.receive()
      else if (Atomics.compareExchange(words, 0, count, count - 1) === count) return
    }
  }
  assert.ok(Atomics.sub(words, 0, 1) > 0, "taken from nothing")
}

async function run(again: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const wakes = channel<number>(4)
  const takers = [go(take, words, wakes, again), go(take, words, wakes, again)]
  for (let i = 0; i < 2; i++) {
    Atomics.add(words, 0, 1)
    await wakes.send(0)
    await wakes.send(0)
  }
  await Promise.all(takers)
}

export const broken = () => run(false)
export const fixed = () => run(true)
