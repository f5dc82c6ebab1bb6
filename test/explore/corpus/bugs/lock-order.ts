/** Two tasks take the same two locks in opposite orders. */
import { go, type Mutex, mutex } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Coffman, Elphick, Shoshani: System deadlocks, 1971",
}

async function lockBoth(first: Mutex, second: Mutex): Promise<void> {
  using _first = await first.lock()
  using _second = await second.lock()
}

async function two(same: boolean): Promise<void> {
  const a = mutex()
  const b = mutex()
  await Promise.all([go(lockBoth, a, b), same ? go(lockBoth, a, b) : go(lockBoth, b, a)])
}

export const broken = () => two(false)
export const fixed = () => two(true)
