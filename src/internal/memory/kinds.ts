/** What a shared object or an inbox node can be: the number in its first word. */
export const KIND = {
  WAITER: 1,
  TASK: 2,
  CHANNEL: 3,
  SENDER: 4,
  ASK: 5,
  CANCEL: 6,
  MUTEX: 7,
  RW_LOCK: 8,
  SEMAPHORE: 9,
  BARRIER: 10,
  LATCH: 11,
  ONCE: 12,
  SHARED_BYTES: 13,
  SHARED_VALUE: 14,
  CALLABLE: 15,
  BROADCAST: 16,
} as const
