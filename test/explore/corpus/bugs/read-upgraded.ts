/** Two readers want to write and wait for each other to stop reading. */
import { go, type RwLock, rwLock } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Java's ReentrantReadWriteLock documentation: upgrading is not possible",
}

async function upgrade(lock: RwLock): Promise<void> {
  using _reading = await lock.read()
  using _writing = await lock.write()
}

async function writeAtOnce(lock: RwLock): Promise<void> {
  using _writing = await lock.write()
}

async function two(fn: typeof upgrade): Promise<void> {
  const lock = rwLock()
  await Promise.all([go(fn, lock), go(writeAtOnce, lock)])
}

export const broken = () => two(upgrade)
export const fixed = () => two(writeAtOnce)
