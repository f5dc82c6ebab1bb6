/** What the tests of tasks wait for, without counting on time. */
import { setImmediate as turn } from "node:timers/promises"
import { sharedArray } from "../../src/isolate/index.ts"
import type { Task } from "../../src/task/index.ts"

/** Words that a task and its test both see. */
export function words(): Int32Array {
  return sharedArray(Int32Array, 16)
}

/** Resolves when a word has at least this value. */
export async function reached(told: Int32Array, word: number, value: number): Promise<void> {
  while (Atomics.load(told, word) < value) await turn()
}

/** Lets those who wait for a word go on. */
export function release(told: Int32Array): void {
  Atomics.store(told, 1, 1)
  Atomics.notify(told, 1)
}

/** Resolves when a task has begun. */
export async function begun(task: Task<unknown>): Promise<void> {
  while (task.state === "queued") await turn()
}

/** The error that a promise rejects with. */
export async function errorOf<E = Error>(promise: PromiseLike<unknown>): Promise<E> {
  try {
    await promise
  } catch (error) {
    return error as E
  }
  throw new Error("it did not reject")
}
