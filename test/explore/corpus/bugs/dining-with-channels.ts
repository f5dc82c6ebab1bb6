/** Forks are channels of one value; the same circle of waiting, without a lock. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Hoare: Communicating sequential processes, 1978",
}

const SEATS = 3

async function dine(first: Channel<number>, second: Channel<number>): Promise<void> {
  const one = await first.receive()
  const other = await second.receive()
  await second.send(other)
  await first.send(one)
}

async function table(ordered: boolean): Promise<void> {
  const forks = Array.from({ length: SEATS }, () => channel<number>(1))
  for (const fork of forks) await fork.send(0)
  const meals = forks.map((fork, i) => {
    const next = forks[(i + 1) % SEATS]
    return ordered && i === SEATS - 1 ? go(dine, next, fork) : go(dine, fork, next)
  })
  await Promise.all(meals)
}

export const broken = () => table(false)
export const fixed = () => table(true)
