/** Who waits may die too: while it waits, and where it would have waited for good. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance } from "../../../src/explore/chance.ts"
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"
import {
  type Channel,
  channel,
  go,
  type HeddleError,
  type Mutex,
  mutex,
  type Semaphore,
  semaphore,
} from "../../../src/index.ts"

/** Holds the lock, and waits within for what may never come. */
async function hold(lock: Mutex, stop: Channel<number>): Promise<string> {
  using _guard = await lock.lock()
  return await stop.receive().then(
    () => "stopped",
    () => "closed",
  )
}

/** Gets the lock by itself, or from the dead. */
async function enter(lock: Mutex): Promise<string> {
  return await lock.with(() => "entered", { repair: () => {} })
}

const said = (ends: PromiseSettledResult<string>[]): string => {
  return ends.map((end) => (end.status === "fulfilled" ? end.value : "died")).join(" ")
}

async function outcomesOf(
  program: () => Promise<string>,
  options: ExploreOptions,
): Promise<{ outcomes: string[]; failed: string; schedules: number; whole: boolean }> {
  const outcomes = new Set<string>()
  try {
    const result = await explore(async () => outcomes.add(await program()), {
      kill: true,
      ...options,
    })
    const { schedules, exhaustive } = result
    return { outcomes: [...outcomes].sort(), failed: "", schedules, whole: exhaustive }
  } catch (error) {
    assert.ok(error instanceof ExploreFailure, String(error))
    return { outcomes: [], failed: error.kind, schedules: error.schedules, whole: true }
  }
}

/** The lock's holder waits until the other one has entered, which only its death allows. */
async function stuck(): Promise<string> {
  const [lock, stop] = [mutex(), channel<number>(0)]
  const holder = go(hold, lock, stop)
  const other = go(enter, lock)
  void other.then(
    () => stop.close(),
    () => stop.close(),
  )
  return said(await Promise.allSettled([holder, other]))
}

test("a holder that waits for good frees others by its death; else it is a deadlock", async () => {
  const how = { strategy: "random", schedulesMax: 300 } as const
  assert.equal((await outcomesOf(stuck, {})).failed, "deadlock")
  // Without the deadlock: the other one stops the holder when it finds the lock taken.
  const program = async (): Promise<string> => {
    const [lock, stop] = [mutex(), channel<number>(1)]
    const holder = go(hold, lock, stop)
    const other = go(enter, lock)
    void other.catch(() => {}).then(() => stop.trySend(1))
    await stop.trySend(0)
    return said(await Promise.allSettled([holder, other]))
  }
  const { outcomes } = await outcomesOf(program, how)
  assert.ok(outcomes.includes("died entered"))
})

test("who waits with a lock in its hands may die before it is woken", async () => {
  const found: string[][] = []
  for (const strategy of ["every", "exhaustive", "random", "pct"] as const) {
    const outcomes = new Set<string>()
    const program = async () => {
      const [lock, stop] = [mutex(), channel<number>(1)]
      const holder = go(hold, lock, stop)
      // Found before anybody has let the one who holds it go on; it does not wait for that.
      const other = go(async (mine: Mutex) => {
        return await mine.lock({ timeoutMs: 5 }).then(
          (guard) => {
            guard.unlock()
            return "free"
          },
          (error: HeddleError) => error.code,
        )
      }, lock)
      await other.catch(() => {})
      stop.trySend(1)
      outcomes.add(said(await Promise.allSettled([holder, other])))
    }
    const { exhaustive } = await explore(program, {
      strategy,
      kill: true,
      schedulesMax: strategy === "every" ? 20_000 : 2_000,
    })
    if (strategy === "every" || strategy === "exhaustive") assert.equal(exhaustive, true)
    found.push([...outcomes].sort())
  }
  const [every, exhaustive, random, pct] = found
  assert.deepEqual(exhaustive, every)
  assert.deepEqual(random, every)
  assert.deepEqual(pct, every)
  assert.ok(every?.includes("died ERR_HEDDLE_LOCK_OWNER_DIED"))
})

interface Things {
  readonly one: Channel<number>
  readonly other: Channel<number>
  readonly lock: Mutex
  readonly permits: Semaphore
}

const OPERATIONS = [
  async ({ one }: Things) => await one.receive().catch(() => "closed"),
  async ({ one }: Things) => await one.send(1).catch(() => "closed"),
  async ({ other }: Things) => await other.receive().catch(() => "closed"),
  async ({ other }: Things) => await other.send(2).catch(() => "closed"),
  async ({ one }: Things) => one.trySend(3),
  async ({ one }: Things) => one.tryReceive().state,
  async ({ one }: Things) => one.close(),
  async ({ lock, other }: Things) => {
    const guard = await lock.lock().catch(() => undefined)
    const got = await other.receive().catch(() => "closed")
    guard?.unlock()
    return got
  },
  async ({ lock }: Things) => {
    const guard = lock.tryLock()
    guard?.unlock()
    return guard === undefined ? "busy" : "free"
  },
  async ({ permits, one }: Things) => {
    using _permit = await permits.acquire()
    return one.trySend(4)
  },
] as const

async function work(things: Things, steps: readonly number[]): Promise<string> {
  const outcomes: unknown[] = []
  for (const step of steps) {
    outcomes.push(await OPERATIONS[step](things))
  }
  return outcomes.join()
}

const LONG = process.env.HEDDLE_LONG === "1"
const PROGRAMS = LONG ? 60 : 12

test("reduced searches find what the full one finds where those who wait may die", async (t) => {
  const chance = new Chance(11)
  let compared = 0
  let saved = 0
  for (let i = 0; i < PROGRAMS; i++) {
    const steps = [0, 1].map(() => [0, 1].map(() => chance.below(OPERATIONS.length)))
    const [first, second] = [chance.below(2), 1 + chance.below(2)]
    const program = async (): Promise<string> => {
      const things: Things = {
        one: channel<number>(first),
        other: channel<number>(second),
        lock: mutex(),
        permits: semaphore(1),
      }
      const ends = await Promise.allSettled([
        ...steps.map((mine) => go(work, things, mine)),
        // Lets go on whoever waits at the end.
        (async () => {
          await Promise.race([things.one.receive(), things.other.receive()]).catch(() => {})
          things.one.close()
          things.other.close()
          return "ended"
        })(),
      ])
      return said(ends)
    }
    const full = await outcomesOf(program, { strategy: "every", schedulesMax: LONG ? 3_000 : 800 })
    if (!full.whole) continue
    const reduced = await outcomesOf(program, { schedulesMax: 10_000 })
    assert.deepEqual(reduced.outcomes, full.outcomes, JSON.stringify({ steps, first, second }))
    assert.equal(
      reduced.failed === "",
      full.failed === "",
      JSON.stringify({ steps, first, second }),
    )
    compared++
    saved += full.schedules / reduced.schedules
  }
  t.diagnostic(`${compared} programs, ${(saved / compared).toFixed(1)} times fewer schedules`)
  assert.ok(compared > PROGRAMS / 4, `only ${compared} programs were small enough`)
})
