/** What explored programs can do wrong, by name; and what they may do. */
import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { type ExploreOptions, explore } from "../../../src/explore/index.ts"
import {
  after,
  type Channel,
  channel,
  current,
  go,
  IsolateDiedError,
  LockOwnerDiedError,
  type Mutex,
  mutex,
  remote,
  scope,
  select,
  sharedArray,
  TaskCancelledError,
  TimeoutError,
} from "../../../src/index.ts"
import { failureOf } from "./support.ts"

function lost(): Promise<never> {
  return Promise.reject(new Error("lost"))
}

test("an assertion of the program fails in one schedule of several", async () => {
  const look = (words: Int32Array) => {
    const before = Atomics.load(words, 0)
    Atomics.store(words, 0, before + 1)
  }
  const failure = await failureOf(async () => {
    const words = sharedArray(Int32Array, 1)
    await Promise.all([go(look, words), go(look, words)])
    assert.equal(Atomics.load(words, 0), 2)
  })
  assert.equal(failure.kind, "error")
  assert.ok(failure.cause instanceof assert.AssertionError)
  assert.match(failure.message, /Atomics\.load shared\[0\] +0 +findings\.test\.ts:\d+ look/)
})

test("a failure is repeated by its schedule, in this and in another exploration", async () => {
  const program = async () => {
    const jobs = channel<number>(2)
    const send = async (to: Channel<number>, value: number) => to.send(value)
    await Promise.all([go(send, jobs, 1), go(send, jobs, 2)])
    assert.equal(await jobs.receive(), 1)
    await jobs.receive()
  }
  const first = await failureOf(program)
  const again = await failureOf(program, { replay: first.schedule })
  assert.equal(again.schedule, first.schedule)
  assert.equal(again.schedules, 1)
  await assert.rejects(explore(program, { replay: "0-7" }), RangeError)
})

test("the same seed gives the same schedules", async () => {
  const program = async () => {
    const words = sharedArray(Int32Array, 1)
    const work = (mine: Int32Array, by: number) => Atomics.store(mine, 0, by)
    await Promise.all([1, 2, 3].map((by) => go(work, words, by)))
    assert.notEqual(Atomics.load(words, 0), 2)
  }
  for (const strategy of ["random", "pct"] as const) {
    const [one, two] = [
      await failureOf(program, { strategy, seed: 5 }),
      await failureOf(program, { strategy, seed: 5 }),
    ]
    assert.deepEqual([one.schedule, one.schedules], [two.schedule, two.schedules])
  }
})

test("a deadlock names its cycle and where each waits", async () => {
  const both = async (first: Mutex, second: Mutex) => {
    using _one = await first.lock()
    using _two = await second.lock()
  }
  const failure = await failureOf(async () => {
    const [left, right] = [mutex(), mutex()]
    await Promise.all([go(both, left, right), go(both, right, left)])
  })
  assert.equal(failure.kind, "deadlock")
  assert.match(failure.message, /1 both -> 2 both -> 1 both: each waits for the next/)
  assert.match(failure.message, /1 both waits: wait mutex \d, held by 2 both at findings\.test\.ts/)
})

test("a task that waits for ever although the program ends is a partial deadlock", async () => {
  const failure = await failureOf(() => {
    const nobody = channel<number>(0)
    void go(async (to: Channel<number>) => to.send(1), nobody)
  })
  assert.equal(failure.kind, "partial deadlock")
})

test("a task that looks again and again at what nobody changes is a livelock", async () => {
  const failure = await failureOf(async () => {
    const words = sharedArray(Int32Array, 1)
    await go((mine: Int32Array) => {
      while (Atomics.load(mine, 0) === 0);
    }, words)
  })
  assert.equal(failure.kind, "livelock")
})

test("plain accesses in no order are a data race, and in order none", async () => {
  const add = (mine: Float64Array) => {
    mine[0] = mine[0] + 1
  }
  const failure = await failureOf(async () => {
    const sums = sharedArray(Float64Array, 1)
    await Promise.all([go(add, sums), go(add, sums)])
  })
  assert.equal(failure.kind, "data race")
  await explore(async () => {
    const sums = sharedArray(Float64Array, 1)
    const lock = mutex()
    const locked = async (mine: Float64Array, m: Mutex) => m.with(() => add(mine))
    await Promise.all([go(locked, sums, lock), go(locked, sums, lock)])
    assert.equal(sums[0], 2)
  })
})

test("an error nobody hears is found, of a task or of a promise", async () => {
  assert.equal((await failureOf(() => void go(lost))).kind, "unhandled error")
  assert.equal((await failureOf(() => void lost())).kind, "unhandled error")
  await explore(async () => assert.rejects(go(lost), /lost/))
})

test("a lock that is held at the end is a leak; values that are left, when asked", async () => {
  const keep = async (lock: Mutex) => void (await lock.lock())
  assert.equal((await failureOf(() => go(keep, mutex()))).kind, "leak")
  const leave = async () => channel<number>(1).send(1)
  await explore(leave)
  assert.equal((await failureOf(leave, { leaks: "all" })).kind, "leak")
})

test("chance and clocks are named, or the same each time when allowed", async () => {
  for (const [what, program] of [
    ["Math.random", () => Math.random()],
    ["Date.now", () => Date.now()],
    ["Date.now", () => new Date()],
    ["performance.now", () => performance.now()],
    ["crypto", () => crypto.randomUUID()],
  ] as const) {
    const failure = await failureOf(program)
    assert.equal(failure.kind, "uncontrolled")
    assert.ok(failure.message.includes(`allow: ["${what}"]`), failure.message)
  }
  const seen = new Set<number>()
  const note = () => void seen.add(Math.random() + Date.now())
  await explore(note, { allow: ["Math.random", "Date.now"] })
  await explore(note, { allow: ["Math.random", "Date.now"] })
  assert.equal(seen.size, 1)
})

test("input, output and foreign timers are found", async () => {
  assert.equal((await failureOf(() => readFile(import.meta.filename))).kind, "uncontrolled")
  assert.equal((await failureOf(() => sleep(1))).kind, "uncontrolled")
})

test("code that does something else when it is run again is found", async () => {
  let runs = 0
  const failure = await failureOf(async () => {
    const jobs = channel<number>(4)
    const work = (to: Channel<number>) => {
      if (++runs % 3 === 0) to.close()
      to.trySend(1)
      to.trySend(2)
    }
    await Promise.all([go(work, jobs), go(work, jobs)])
  })
  assert.equal(failure.kind, "not repeatable")
})

test("time is simulated: an hour costs nothing, and comes after all that can happen", async () => {
  const result = await explore(async () => {
    const begun = after(3_600_000)
    const answers = channel<string>(1)
    void go(async (to: Channel<string>) => to.send("answer"), answers)
    const hit = await select({ answer: answers.receiver, late: begun })
    assert.equal(hit.case, "answer")
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await assert.rejects(mutexHeld(), TimeoutError)
  })
  assert.ok(result.exhaustive)
})

async function mutexHeld(): Promise<void> {
  const lock = mutex()
  using _held = await lock.lock()
  await lock.lock({ timeoutMs: 50 })
}

test("with timeouts at any moment the other case comes too", async () => {
  const cases = new Set<string>()
  const program = async () => {
    const answers = channel<string>(1)
    const task = go(async (to: Channel<string>) => to.send("answer"), answers)
    cases.add((await select({ answer: answers.receiver, late: after(10) })).case)
    await task
  }
  await explore(program)
  assert.deepEqual([...cases], ["answer"])
  await explore(program, { timeouts: "any" })
  assert.deepEqual([...cases].sort(), ["answer", "late"])
})

test("a death may come before any step: the next holder hears of it", async () => {
  const seen = new Set<string>()
  const work = async (lock: Mutex) => {
    try {
      using _guard = await lock.lock()
      await current().yield()
      return "had it"
    } catch (error) {
      if (!(error instanceof LockOwnerDiedError)) throw error
      error.guard?.unlock()
      return "owner died"
    }
  }
  const result = await explore(
    async () => {
      const lock = mutex()
      for (const end of await Promise.allSettled([go(work, lock), go(work, lock)])) {
        if (end.status === "fulfilled") seen.add(end.value)
        else if (end.reason instanceof IsolateDiedError) seen.add("died")
        else throw end.reason
      }
    },
    { kill: true },
  )
  assert.ok(result.exhaustive && result.kills > 0)
  assert.deepEqual([...seen].sort(), ["died", "had it", "owner died"])
})

test("scopes, cancellation and modules by name work as ever", async () => {
  const work = remote<typeof import("./explored-functions.ts")>(
    new URL("./explored-functions.ts", import.meta.url),
  )
  await explore(async () => {
    assert.equal(await work.double(21), 42)
    const idle = go(async () => {
      while (!current().signal.aborted) await current().yield()
    })
    idle.cancel()
    await assert.rejects(idle, TaskCancelledError)
    const stopped = async () => {
      while (!current().signal.aborted) await current().yield()
    }
    const failing = scope(async (s) => {
      s.go(stopped)
      s.go(lost)
    })
    await assert.rejects(failing, /lost/)
  })
})

test("a failing schedule is written as a timeline", async () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-trace-"))
  try {
    const trace = join(folder, "trace.json")
    await failureOf(() => go(lost), { trace })
    const { traceEvents } = JSON.parse(readFileSync(trace, "utf8")) as {
      traceEvents: { ph: string; name: string; tid?: number }[]
    }
    assert.ok(traceEvents.some(({ ph, name }) => ph === "X" && name.startsWith("go task 1")))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test("unknown options are refused, and what is no program", async () => {
  await assert.rejects(
    explore(() => {}, { schedule: 1 } as ExploreOptions),
    TypeError,
  )
  await assert.rejects(
    explore(() => {}, { schedulesMax: -1 }),
    RangeError,
  )
  await assert.rejects(explore(1 as unknown as () => void), TypeError)
})

test("a wait of no time is tried at once", async () => {
  await explore(async () => {
    const lock = mutex()
    const guard = await lock.lock({ timeoutMs: 0 })
    await assert.rejects(lock.lock({ timeoutMs: 0 }), TimeoutError)
    guard.unlock()
  })
})

test("thirty tasks are explored by chance, and what is found is repeated", async () => {
  const send = async (to: Channel<number>, value: number) => to.send(value)
  const program = async () => {
    const numbers = channel<number>(30)
    const tasks = Array.from({ length: 30 }, (_, i) => go(send, numbers, i))
    const ends = await Promise.allSettled(tasks)
    return { numbers, died: ends.filter(({ status }) => status === "rejected").length }
  }
  await explore(
    async () => {
      const { numbers, died } = await program()
      assert.ok(numbers.statistics().depth >= 30 - died)
    },
    { strategy: "random", schedulesMax: 10, kill: true },
  )
  const failure = await failureOf(
    async () => {
      const { numbers } = await program()
      assert.equal(await numbers.receive(), 0)
    },
    { strategy: "random" },
  )
  assert.equal(failure.kind, "error")
})
