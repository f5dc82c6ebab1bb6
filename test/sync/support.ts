/** Functions that the tests of locks run in other isolates. */
import { type Mutex, sharedArray, task } from "../../src/index.ts"

/** A shared number that is only right when those who change it exclude each other. */
export function fragile(): Int32Array {
  return sharedArray(Int32Array, 2)
}

/** Adds one so that two at a time lose one; says when two were inside. */
export function addCarefully(numbers: Int32Array): void {
  if (numbers[1] !== 0) throw new Error("two at a time")
  numbers[1] = 1
  const before = numbers[0] as number
  for (let i = 0; i < 20; i++) numbers[0] = -1
  numbers[0] = before + 1
  numbers[1] = 0
}

export const addLocked = task(
  import.meta.url,
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
  import.meta.url,
  "addLockedSync",
  (m: Mutex, numbers: Int32Array, times: number): void => {
    for (let i = 0; i < times; i++) {
      const guard = m.lockSync()
      addCarefully(numbers)
      guard.unlock()
    }
  },
)

/** Locks, says so in `signs[0]`, and ends its isolate. */
export const dieHolding = task(
  import.meta.url,
  "dieHolding",
  async (m: Mutex, signs: Int32Array): Promise<void> => {
    await m.lock()
    Atomics.store(signs, 0, 1)
    Atomics.notify(signs, 0)
    process.exit(3)
  },
)
