/** How many schedules a second: printed, and not judged, since other work may share the machine. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go, sharedArray } from "../../../src/index.ts"

const STEPS = 20

async function awaiting(to: Channel<number>): Promise<void> {
  for (let i = 0; i < STEPS; i++) await to.send(i)
}

function trying(to: Channel<number>): void {
  for (let i = 0; i < STEPS; i++) to.trySend(i)
}

function adding(words: Int32Array): void {
  for (let i = 0; i < STEPS; i++) Atomics.add(words, 0, 1)
}

const programs: Readonly<Record<string, () => Promise<unknown>>> = {
  "two tasks of 20 awaited sends": () => {
    const numbers = channel<number>(2 * STEPS)
    return Promise.all([go(awaiting, numbers), go(awaiting, numbers)])
  },
  "two tasks of 20 trySend": () => {
    const numbers = channel<number>(2 * STEPS)
    return Promise.all([go(trying, numbers), go(trying, numbers)])
  },
  "two tasks of 20 Atomics.add": () => {
    const words = sharedArray(Int32Array, 1)
    return Promise.all([go(adding, words), go(adding, words)])
  },
}

test("schedules a second", async (t) => {
  for (const [name, program] of Object.entries(programs)) {
    for (const strategy of ["random", "pct"] as const) {
      await explore(program, { name, strategy, schedulesMax: 300 })
      const before = process.threadCpuUsage()
      const result = await explore(program, { name, strategy, schedulesMax: 1_500 })
      const { user, system } = process.threadCpuUsage(before)
      assert.ok(result.steps >= result.schedules * 2 * STEPS)
      const rate = Math.round(result.schedules / ((user + system) / 1e6))
      t.diagnostic(`${result.line}; ${rate.toLocaleString("en-US")} a second of this thread`)
    }
  }
})
