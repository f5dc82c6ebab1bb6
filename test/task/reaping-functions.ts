/** What the isolates of reaping.test.ts run. */
import { setImmediate as turn } from "node:timers/promises"
import { current, go, task } from "../../src/task/index.ts"

const here = import.meta.url

/** Words that the test and its isolates share. */
export const WORD = { BLOCKED: 0, BLOCKING: 1, COUNTED: 2, STEP: 3, TURNED: 4 } as const

/** Where `submits` stands: it has submitted, it may go on, it has looked around. */
export const STEP = { SUBMITTED: 1, GO_ON: 2 } as const

/** Counts; keeps its thread for good in those who steal, as long as that is wanted. */
export const countsOrBlocks = task(here, "countsOrBlocks", (told: Int32Array): void => {
  if (current().isolate !== 1 && Atomics.load(told, WORD.BLOCKING) === 1) {
    Atomics.add(told, WORD.BLOCKED, 1)
    Atomics.wait(told, WORD.BLOCKING + 8, 0)
  }
  Atomics.add(told, WORD.COUNTED, 1)
})

/** Submits, keeps its thread until GO_ON, takes some turns, and says how its tasks ended. */
export const submits = task(
  here,
  "submits",
  async (told: Int32Array, count: number): Promise<string[]> => {
    const tasks = Array.from({ length: count }, () => go(countsOrBlocks, told))
    const ended = Promise.allSettled(tasks)
    Atomics.store(told, WORD.STEP, STEP.SUBMITTED)
    while (Atomics.load(told, WORD.STEP) !== STEP.GO_ON) Atomics.wait(told, 15, 0, 1)
    for (let i = 0; i < 10; i++) await turn()
    Atomics.store(told, WORD.TURNED, 1)
    return (await ended).map((one) => (one.status === "fulfilled" ? "ended" : one.reason.code))
  },
)
