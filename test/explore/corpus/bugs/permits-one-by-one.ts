/** Two tasks need two permits each, take one, and wait for the other. */
import { go, type Semaphore, semaphore } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Downey: The little book of semaphores; hold and wait",
}

async function oneByOne(permits: Semaphore): Promise<void> {
  using _first = await permits.acquire()
  using _second = await permits.acquire()
}

async function together(permits: Semaphore): Promise<void> {
  using _both = await permits.acquire(2)
}

async function two(fn: typeof oneByOne): Promise<void> {
  const permits = semaphore(2)
  await Promise.all([go(fn, permits), go(fn, permits)])
}

export const broken = () => two(oneByOne)
export const fixed = () => two(together)
