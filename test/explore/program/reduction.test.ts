/**
 * The reduced search misses nothing: on random programs it finds exactly the outcomes that the full
 * one finds, and fails exactly where that fails.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance } from "../../../src/explore/chance.ts"
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"
import {
  after,
  type Channel,
  channel,
  go,
  type Mutex,
  mutex,
  type Semaphore,
  select,
  semaphore,
  sharedArray,
} from "../../../src/index.ts"

const { HEDDLE_LONG } = process.env
const LONG = HEDDLE_LONG === "1"
const PROGRAMS = LONG ? 300 : 12
/** A full search that is longer is not compared. */
const SCHEDULES_MAX = LONG ? 30_000 : 1_000

interface Things {
  readonly channels: Channel<number>[]
  readonly lock: Mutex
  readonly permits: Semaphore
  readonly words: Int32Array
}

type Operation = readonly [name: string, which: number, value: number]

const NAMES = [
  "send",
  "receive",
  "trySend",
  "tryReceive",
  "close",
  "locked",
  "tryLock",
  "permit",
  "add",
  "load",
  "store",
  "swap",
  "select",
  "depth",
  "late",
] as const

/** Does one operation; what it came to is part of the outcome. */
async function perform(things: Things, [name, which, value]: Operation): Promise<unknown> {
  const { channels, lock, permits, words } = things
  const one = channels[which]
  const other = channels[1 - which]
  switch (name) {
    case "send":
      return one.send(value).catch(() => "closed")
    case "receive":
      return one.receive().catch(() => "closed")
    case "trySend":
      return one.trySend(value)
    case "tryReceive": {
      const found = one.tryReceive()
      return found.state === "ok" ? found.value : found.state
    }
    case "close":
      return one.close()
    case "locked": {
      using _guard = await lock.lock()
      return one.trySend(value)
    }
    case "tryLock": {
      using guard = lock.tryLock()
      return guard === undefined ? "busy" : Atomics.add(words, which, 1)
    }
    case "permit": {
      using _permit = await permits.acquire()
      return Atomics.load(words, which)
    }
    case "add":
      return Atomics.add(words, which, value)
    case "load":
      return Atomics.load(words, which)
    case "store":
      return Atomics.store(words, which, value)
    case "swap":
      return Atomics.compareExchange(words, which, 0, value)
    case "select": {
      const hit = await select({ one, other })
      return `${hit.case} ${hit.value}`
    }
    case "late": {
      const hit = await select({ one, late: after(value) })
      return hit.case === "one" ? `${hit.value}` : hit.case
    }
    default:
      return one.statistics().depth
  }
}

async function worker(things: Things, operations: readonly Operation[]): Promise<string> {
  const outcomes: unknown[] = []
  for (const operation of operations) outcomes.push(await perform(things, operation))
  return outcomes.join(",")
}

function programOf(chance: Chance): { tasks: Operation[][]; capacities: number[] } {
  const count = 2 + chance.below(2)
  const length = count === 2 ? 3 : 2
  const tasks = Array.from({ length: count }, () =>
    Array.from(
      { length },
      (): Operation => [
        NAMES[chance.below(NAMES.length)] as string,
        chance.below(4) === 0 ? 1 : 0,
        1 + chance.below(9),
      ],
    ),
  )
  return { tasks, capacities: [chance.below(3), 1 + chance.below(2)] }
}

/** All outcomes of a program under one search. */
async function outcomesOf(
  { tasks, capacities }: ReturnType<typeof programOf>,
  options: ExploreOptions,
): Promise<{ outcomes: string[]; failed: string; schedules: number; whole: boolean }> {
  const outcomes = new Set<string>()
  try {
    const { schedules, exhaustive } = await explore(
      async () => {
        const things: Things = {
          channels: capacities.map((capacity) => channel<number>(capacity)),
          lock: mutex(),
          permits: semaphore(1),
          words: sharedArray(Int32Array, 2),
        }
        const running = tasks.map((operations) => go(worker, things, operations))
        const ends: string[] = []
        for (const task of running) ends.push(await task.catch(() => "died"))
        outcomes.add(ends.join(" | "))
      },
      { schedulesMax: SCHEDULES_MAX, ...options },
    )
    return { outcomes: [...outcomes].sort(), failed: "", schedules, whole: exhaustive }
  } catch (error) {
    assert.ok(error instanceof ExploreFailure, String(error))
    return { outcomes: [], failed: error.kind, schedules: error.schedules, whole: true }
  }
}

for (const kill of [false, true]) {
  test(`reduced and full searches agree${kill ? ", with deaths" : ""}`, async () => {
    const chance = new Chance(kill ? 7 : 3)
    let compared = 0
    let saved = 0
    for (let i = 0; i < PROGRAMS; i++) {
      const program = programOf(chance)
      const full = await outcomesOf(program, { strategy: "every", kill: kill && i % 3 === 0 })
      if (!full.whole) continue
      const reduced = await outcomesOf(program, { kill: kill && i % 3 === 0 })
      const said = JSON.stringify(program)
      assert.deepEqual(reduced.outcomes, full.outcomes, said)
      assert.equal(reduced.failed === "", full.failed === "", said)
      compared++
      saved += full.schedules / reduced.schedules
    }
    assert.ok(compared > PROGRAMS / 4, `only ${compared} programs were small enough`)
    console.log(`${compared} programs, ${(saved / compared).toFixed(1)} times fewer schedules`)
  })
}
