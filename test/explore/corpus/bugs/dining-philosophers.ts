/** Each philosopher takes the left fork first: all hold one and wait for the other. */
import { go, type Mutex, mutex } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Dijkstra: Hierarchical ordering of sequential processes, 1971",
}

const SEATS = 3

async function dine(first: Mutex, second: Mutex): Promise<void> {
  using _first = await first.lock()
  using _second = await second.lock()
}

async function table(ordered: boolean): Promise<void> {
  const forks = Array.from({ length: SEATS }, () => mutex())
  const meals = forks.map((_, i) => {
    const seats = [i, (i + 1) % SEATS]
    if (ordered) seats.sort((a, b) => a - b)
    const [first, second] = seats.map((seat) => forks[seat])
    return go(dine, first, second)
  })
  await Promise.all(meals)
}

export const broken = () => table(false)
export const fixed = () => table(true)
