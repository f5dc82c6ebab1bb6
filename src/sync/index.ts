/** Waiting for each other: locks and gates between any tasks of any isolates. */
export { Barrier, barrier } from "./barrier.ts"
export { LockGuard, type LockOptions, type SyncLockOptions } from "./held.ts"
export { Latch, latch } from "./latch.ts"
export { Mutex, mutex } from "./mutex.ts"
export { Once, once } from "./once.ts"
export { RwLock, rwLock } from "./rw-lock.ts"
export { Permits, Semaphore, semaphore } from "./semaphore.ts"
export type { LockWaitOptions, SyncWaitOptions } from "./waiting.ts"
