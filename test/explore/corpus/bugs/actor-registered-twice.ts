/** Two tasks find no actor of a name, and both start one. */
import { Actor, spawn, whereis } from "../../../../src/actor/index.ts"
import { go, type Mutex, mutex } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "check, then act",
  finds: "error",
  source:
    "Christakis, Sagonas: Static detection of race conditions in Erlang, 2010: whereis/register",
}

class Cache extends Actor {
  size(): number {
    return 0
  }
}

async function find(): Promise<number> {
  const cache = whereis<Cache>("cache") ?? (await spawn(Cache, [], { name: "cache" }))
  return cache.ask.size()
}

async function findLocked(lock: Mutex): Promise<number> {
  using _guard = await lock.lock()
  return await find()
}

export const broken = () => Promise.all([go(find), go(find)])

export async function fixed(): Promise<void> {
  const lock = mutex()
  await Promise.all([go(findLocked, lock), go(findLocked, lock)])
}
