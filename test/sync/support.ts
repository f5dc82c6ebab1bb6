/** Functions that the tests of locks run in other isolates, and what they have in common. */
import { sharedArray } from "../../src/isolate/index.ts"
import {
  type Barrier,
  type Latch,
  type LockStatistics,
  type Mutex,
  mutex,
  type Once,
  type RwLock,
  type Semaphore,
} from "../../src/sync/index.ts"
import { task } from "../../src/task/index.ts"

/**
 * Numbers that all isolates see: `numbers[0]` counts, `numbers[1]` says that somebody is inside.
 */
export function shared(): Int32Array {
  return sharedArray(Int32Array, 16)
}

/** Adds one in many steps: with two at a time one is lost, or seen. */
export function addCarefully(numbers: Int32Array): void {
  if (numbers[1] !== 0) throw new Error("two at a time")
  numbers[1] = 1
  const before = numbers[0]
  for (let i = 0; i < 20; i++) numbers[0] = -1
  numbers[0] = before + 1
  numbers[1] = 0
}

/** Says so at `numbers[place]`. */
export function sign(numbers: Int32Array, place: number): void {
  Atomics.add(numbers, place, 1)
  Atomics.notify(numbers, place)
}

/** Resolves when `numbers[place]` is at least `count`. */
export async function signed(numbers: Int32Array, place: number, count = 1): Promise<void> {
  for (;;) {
    const seen = Atomics.load(numbers, place)
    if (seen >= count) return
    const wait = Atomics.waitAsync(numbers, place, seen, 10)
    if (wait.async) await wait.value
  }
}

const url = import.meta.url

export const addLocked = task(
  url,
  "addLocked",
  async (m: Mutex, numbers: Int32Array, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      using _guard = await m.lock()
      addCarefully(numbers)
      if (i % 16 === 0) await null
    }
  },
)

export const addLockedSync = task(
  url,
  "addLockedSync",
  (m: Mutex, numbers: Int32Array, times: number): void => {
    for (let i = 0; i < times; i++) {
      const guard = m.lockSync()
      addCarefully(numbers)
      guard.unlock()
    }
  },
)

/** Locks, signs, and keeps the lock until `numbers[3]` is signed. */
export const keepLocked = task(
  url,
  "keepLocked",
  async (m: Mutex, numbers: Int32Array): Promise<void> => {
    using _guard = await m.lock()
    sign(numbers, 2)
    await signed(numbers, 3)
  },
)

/** Blocks its thread in a lock, with a task of the same isolate that waits for another lock. */
export const lockWhileWaiting = task(
  url,
  "lockWhileWaiting",
  async (blocking: Mutex, other: Mutex, numbers: Int32Array): Promise<string> => {
    const waits = other.lock()
    sign(numbers, 2)
    const guard = blocking.lockSync()
    const held = other.locked ? "held" : "free"
    guard.unlock()
    const late = await waits
    late.unlock()
    return held
  },
)

export const lockSyncWithin = task(url, "lockSyncWithin", (m: Mutex, timeoutMs: number): string => {
  try {
    m.lockSync({ timeoutMs }).unlock()
    return "locked"
  } catch (error) {
    return (error as Error).name
  }
})

export const lockSyncTwice = task(url, "lockSyncTwice", (m: Mutex): void => {
  using _guard = m.lockSync()
  m.lockSync()
})

/** Locks, signs, and ends its isolate. */
export const dieHolding = task(
  url,
  "dieHolding",
  async (m: Mutex, numbers: Int32Array): Promise<void> => {
    await m.lock()
    numbers[1] = 1
    sign(numbers, 2)
    process.exit(3)
  },
)

/** Adds under the lock, and now and then ends its isolate in the middle of that. */
export const addOrDie = task(
  url,
  "addOrDie",
  async (m: Mutex, numbers: Int32Array, times: number, deadly: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      using _guard = await m.lock({ repair: () => repair(numbers) })
      addCarefully(numbers)
      if (i === deadly) {
        numbers[1] = 1
        process.exit(4)
      }
    }
  },
)

/** What is left of a holder that died: its sign that it is inside. Counted at `numbers[4]`. */
export function repair(numbers: Int32Array): void {
  numbers[1] = 0
  Atomics.add(numbers, 4, 1)
}

/** Uses permits, never more at a time than there are. */
export const usePermits = task(
  url,
  "usePermits",
  async (s: Semaphore, numbers: Int32Array, permits: number, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      using _permits = await s.acquire(permits)
      if (Atomics.add(numbers, 0, permits) + permits > s.total) throw new Error("too many")
      if (i % 8 === 0) await null
      Atomics.sub(numbers, 0, permits)
    }
  },
)

export const acquireSyncly = task(
  url,
  "acquireSyncly",
  (s: Semaphore, permits: number, times: number): void => {
    for (let i = 0; i < times; i++) s.acquireSync(permits).release()
  },
)

export const dieWithPermits = task(
  url,
  "dieWithPermits",
  async (s: Semaphore, permits: number): Promise<void> => {
    await s.acquire(permits)
    process.exit(3)
  },
)

/** Dies while it waits for permits with a claim. */
export const dieWaiting = task(
  url,
  "dieWaiting",
  async (s: Semaphore, permits: number, numbers: Int32Array): Promise<void> => {
    s.acquire(permits).catch(() => {})
    sign(numbers, 2)
    await signed(numbers, 3)
    process.exit(3)
  },
)

export const readMany = task(
  url,
  "readMany",
  async (lock: RwLock, numbers: Int32Array, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      using _guard = await lock.read()
      if (numbers[1] !== 0) throw new Error("a writer is inside")
      const before = numbers[0]
      if (i % 16 === 0) await null
      if (numbers[0] !== before) throw new Error("changed under a reader")
    }
  },
)

/** Reads, signs, and reads on without a pause until `numbers[3]` is signed. */
export const readUntilSigned = task(
  url,
  "readUntilSigned",
  async (lock: RwLock, numbers: Int32Array): Promise<void> => {
    for (let i = 0; Atomics.load(numbers, 3) === 0; i++) {
      using _guard = await lock.read()
      if (i === 0) sign(numbers, 2)
    }
  },
)

export const writeMany = task(
  url,
  "writeMany",
  async (lock: RwLock, numbers: Int32Array, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      using _guard = await lock.write()
      addCarefully(numbers)
    }
  },
)

export const readWriteSync = task(
  url,
  "readWriteSync",
  (lock: RwLock, numbers: Int32Array, times: number): void => {
    for (let i = 0; i < times; i++) {
      const writing = lock.writeSync()
      addCarefully(numbers)
      writing.unlock()
      const reading = lock.readSync()
      if (numbers[1] !== 0) throw new Error("a writer is inside")
      reading.unlock()
    }
  },
)

export const dieReading = task(url, "dieReading", async (lock: RwLock): Promise<void> => {
  await lock.read()
  process.exit(3)
})

export const dieWriting = task(url, "dieWriting", async (lock: RwLock): Promise<void> => {
  await lock.write()
  process.exit(3)
})

/** Meets the others in every round; each has done its part of the round before. */
export const meet = task(
  url,
  "meet",
  async (b: Barrier, numbers: Int32Array, rounds: number): Promise<number> => {
    let last = 0
    for (let round = 1; round <= rounds; round++) {
      Atomics.add(numbers, 0, 1)
      if (await b.wait()) last++
      if (Atomics.load(numbers, 0) < round * b.parties) throw new Error("somebody is missing")
      await b.wait()
    }
    return last
  },
)

export const meetSync = task(
  url,
  "meetSync",
  (b: Barrier, numbers: Int32Array, rounds: number): number => {
    let last = 0
    for (let round = 1; round <= rounds; round++) {
      Atomics.add(numbers, 0, 1)
      if (b.waitSync()) last++
      if (Atomics.load(numbers, 0) < round * b.parties) throw new Error("somebody is missing")
      b.waitSync()
    }
    return last
  },
)

/** Arrives, and dies waiting. */
export const dieAtBarrier = task(
  url,
  "dieAtBarrier",
  async (b: Barrier, numbers: Int32Array): Promise<void> => {
    b.wait().catch(() => {})
    sign(numbers, 2)
    await signed(numbers, 3)
    process.exit(3)
  },
)

export const countDown = task(url, "countDown", (l: Latch): void => {
  l.countDown()
})

export const waitSyncly = task(url, "waitSyncly", (l: Latch): string => {
  l.waitSync()
  return "open"
})

export const getIt = task(url, "getIt", (o: Once<unknown>): Promise<unknown> => o.get())

export const getItSync = task(url, "getItSync", (o: Once<unknown>): unknown => o.getSync())

let isDoomed = false

/** From here on this isolate ends when it runs `survive`. */
export const doom = task(url, "doom", (): void => {
  isDoomed = true
})

export const survive = task(url, "survive", (): string => {
  if (isDoomed) process.exit(3)
  return "survived"
})

export const makeHandle = task(url, "makeHandle", (): { m: Mutex } => ({ m: mutex() }))

export const failOnce = task(url, "failOnce", (): never => {
  throw new RangeError("it does not work")
})

/** Gives back what it was given. */
export const sendBack = task(url, "sendBack", (m: Mutex): Mutex => m)

export const statisticsOf = task(url, "statisticsOf", (m: Mutex): LockStatistics => m.statistics())

export const readOnce = task(url, "readOnce", async (lock: RwLock): Promise<void> => {
  const guard = await lock.read()
  guard.unlock()
})
