/** A reader reads again while a writer waits between its two reads. */
import { go, type RwLock, rwLock } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: RWMutex, where waiting writers go before new readers",
}

async function readTwice(lock: RwLock): Promise<void> {
  using _outer = await lock.read()
  using _inner = await lock.read()
}

async function readOnce(lock: RwLock): Promise<void> {
  using _outer = await lock.read()
}

async function write(lock: RwLock): Promise<void> {
  using _writing = await lock.write()
}

async function two(fn: typeof readTwice): Promise<void> {
  const lock = rwLock()
  await Promise.all([go(fn, lock), go(write, lock)])
}

export const broken = () => two(readTwice)
export const fixed = () => two(readOnce)
