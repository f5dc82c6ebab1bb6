/** What runs under chaos: every call notes that it began and that it ended. */
import "../../src/channel/index.ts"
import type { Channel } from "../../src/channel/index.ts"
import { current, go, task } from "../../src/task/index.ts"

const here = import.meta.url

/** Per task: how often it began, how often it ended. */
export interface Ledger {
  readonly began: Int32Array
  readonly ended: Int32Array
}

export const quick = task(here, "quick", (ledger: Ledger, i: number): number => {
  Atomics.add(ledger.began, i, 1)
  Atomics.add(ledger.ended, i, 1)
  return i
})

export const slow = task(here, "slow", async (ledger: Ledger, i: number): Promise<number> => {
  Atomics.add(ledger.began, i, 1)
  for (let turn = 0; turn < i % 20; turn++) await current().yield()
  Atomics.add(ledger.ended, i, 1)
  return i
})

export const stepwise = task(here, "stepwise", function* (ledger: Ledger, i: number): Generator<
  unknown,
  number,
  unknown
> {
  Atomics.add(ledger.began, i, 1)
  for (let turn = 0; turn < i % 30; turn++) yield
  Atomics.add(ledger.ended, i, 1)
  return i
})

/** Starts the tasks numbered `from` to `to`; gives how each ended. */
export const parent = task(
  here,
  "parent",
  async (ledger: Ledger, i: number, from: number, to: number): Promise<string[]> => {
    Atomics.add(ledger.began, i, 1)
    const children: Promise<unknown>[] = []
    for (let child = from; child < to; child++) {
      children.push(go(child % 2 === 0 ? quick : slow, ledger, child))
    }
    const outcomes = await Promise.allSettled(children)
    Atomics.add(ledger.ended, i, 1)
    return outcomes.map((one) => (one.status === "fulfilled" ? "" : String(one.reason.code)))
  },
)

export const ends = task(here, "ends", async (ledger: Ledger, i: number): Promise<unknown> => {
  Atomics.add(ledger.began, i, 1)
  if (i % 3 === 0) process.exit(1)
  if (i % 3 === 1) void Promise.reject(new Error(`floating in task ${i}`))
  else {
    setTimeout(() => {
      throw new Error(`from a timer of task ${i}`)
    }, 0)
  }
  return await new Promise(() => {})
})

/** Takes numbers until the channel ends, and counts each. */
export const consumes = task(
  here,
  "consumes",
  async (numbers: Channel<number>, got: Int32Array): Promise<void> => {
    for await (const n of numbers) Atomics.add(got, n, 1)
  },
)

/** Sends the numbers `from` to `to`, noting how far it has come. */
export const produces = task(
  here,
  "produces",
  async (numbers: Channel<number>, sent: Int32Array, from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) {
      await numbers.send(n)
      Atomics.store(sent, n, 1)
    }
  },
)
