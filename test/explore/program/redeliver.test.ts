/** Channels that redeliver, explored with deaths. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { type ExploreOptions, explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go } from "../../../src/index.ts"
import { failureOf } from "./support.ts"

async function outcomesOf(program: () => Promise<string>, options: ExploreOptions) {
  const outcomes = new Set<string>()
  const result = await explore(async () => outcomes.add(await program()), options)
  assert.equal(result.exhaustive, true)
  return { outcomes: [...outcomes].sort(), schedules: result.schedules }
}

async function work(jobs: Channel<number>, done: Channel<number>): Promise<void> {
  for await (const job of jobs) await done.send(job)
}

async function workTwice(jobs: Channel<number>, done: Channel<number>): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const found = jobs.tryReceive()
    if (found.state !== "ok") return
    await done.send(found.value)
    jobs.done(found.value)
  }
}

/** What two workers did with the jobs, and what they left. */
function run(worker: typeof work, count: number, whenReceiverDies: "drop" | "redeliver") {
  return async (): Promise<string> => {
    const jobs = channel<number>({ capacity: 4, whenReceiverDies })
    const done = channel<number>(8)
    for (let job = 1; job <= count; job++) await jobs.send(job)
    jobs.close()
    await Promise.allSettled([go(worker, jobs, done), go(worker, jobs, done)])
    const seen: number[] = []
    for (let one = done.tryReceive(); one.state === "ok"; one = done.tryReceive()) {
      seen.push(one.value)
    }
    const left: number[] = []
    for (let one = jobs.tryReceive(); one.state === "ok"; one = jobs.tryReceive()) {
      left.push(one.value)
    }
    return `${seen.join(",")} | ${left.join(",")}`
  }
}

test("a job of the dead is done again, or is there for the next", async () => {
  const { outcomes } = await outcomesOf(run(work, 1, "redeliver"), { kill: true })
  // Done; done by one that died before it said so, and then again, or left; or not done and left.
  assert.deepEqual(outcomes, ["1 | ", "1 | 1", "1,1 | ", " | 1"].sort())
})

test("where it is dropped, a job may be done by nobody, and never twice", async () => {
  const { outcomes } = await outcomesOf(run(work, 1, "drop"), { kill: true })
  assert.deepEqual(outcomes, [" | ", "1 | "])
})

test("without deaths every job is done once", async () => {
  const { outcomes } = await outcomesOf(run(work, 2, "redeliver"), {})
  assert.deepEqual(outcomes, ["1,2 | ", "2,1 | "])
})

for (const [name, worker, count] of [
  ["a loop", work, 1],
  ["done()", workTwice, 2],
] as const) {
  test(`the reduced search misses nothing: ${name}`, async (t) => {
    const program = run(worker, count, "redeliver")
    const options = { kill: true, schedulesMax: 60_000 }
    const full = await outcomesOf(program, { ...options, strategy: "every" })
    const reduced = await outcomesOf(program, options)
    assert.deepEqual(reduced.outcomes, full.outcomes)
    const bounded = await outcomesOf(program, { ...options, preemptionsMax: 2 })
    assert.deepEqual(bounded.outcomes, full.outcomes)
    t.diagnostic(`${full.schedules} schedules, reduced to ${reduced.schedules}`)
  })
}

test("a job that nobody is left to do is not lost silently", async () => {
  const error = await failureOf(
    async () => {
      const jobs = channel<number>({ capacity: 1, whenReceiverDies: "redeliver" })
      const done = channel<number>(1)
      await jobs.send(1)
      jobs.close()
      void go(work, jobs, done).catch(() => {})
      assert.equal(await done.receive(), 1)
    },
    { kill: true },
  )
  assert.equal(error.kind, "deadlock")
})
