/**
 * How many schedules of ordinary programs are explored in a second of one core: of the time that
 * this process has run, so that a busy machine does not matter.
 *
 *   node --conditions=source bench/explore.ts
 */
import { type Channel, channel, go, type Mutex, mutex, sharedArray } from "heddle"
import { type ExploreOptions, explore } from "heddle/explore"

/** What each strategy is to reach in the first row. */
const TARGET = 10_000
const STEPS = 20
const SECONDS = 2

function count(words: Int32Array): void {
  for (let i = 0; i < STEPS; i++) Atomics.add(words, 0, 1)
}

async function send(numbers: Channel<number>): Promise<void> {
  for (let i = 0; i < STEPS; i++) await numbers.send(i)
}

async function receive(numbers: Channel<number>): Promise<void> {
  for (let i = 0; i < STEPS; i++) await numbers.receive()
}

async function locked(lock: Mutex): Promise<void> {
  for (let i = 0; i < STEPS / 2; i++) (await lock.lock()).unlock()
}

const PROGRAMS: Readonly<Record<string, () => Promise<unknown>>> = {
  "2 tasks, 20 atomic steps each": async () => {
    const words = sharedArray(Int32Array, 1)
    await Promise.all([go(count, words), go(count, words)])
  },
  "2 tasks, 20 sends, 20 receives": async () => {
    const numbers = channel<number>(4)
    await Promise.all([go(send, numbers), go(receive, numbers)])
  },
  "2 tasks, 10 locks and unlocks each": async () => {
    const lock = mutex()
    await Promise.all([go(locked, lock), go(locked, lock)])
  },
}

async function once(program: () => Promise<unknown>, how: ExploreOptions): Promise<number> {
  const before = process.cpuUsage()
  const { schedules, redundant } = await explore(program, how)
  const { user, system } = process.cpuUsage(before)
  return (schedules + redundant) / ((user + system) / 1e6)
}

/** Schedules in a second, the best of three runs after one to warm up. */
async function rate(program: () => Promise<unknown>, how: ExploreOptions): Promise<number> {
  const warm = await once(program, { ...how, schedulesMax: 2_000 })
  const schedulesMax = Math.max(1_000, Math.round((warm * SECONDS) / 3))
  let best = 0
  for (let i = 0; i < 3; i++) {
    best = Math.max(best, await once(program, { ...how, schedulesMax }))
  }
  return best
}

const STRATEGIES: readonly ExploreOptions[] = [
  { strategy: "random" },
  { strategy: "pct" },
  { preemptionsMax: 3 },
]

const names = STRATEGIES.map(({ strategy }) => strategy ?? "3 preemptions")
const row = (title: string, cells: readonly string[]): string =>
  title.padEnd(38) + cells.map((cell) => cell.padStart(15)).join("")
console.log(row("schedules per second", names))
let first: readonly number[] = []
for (const [name, program] of Object.entries(PROGRAMS)) {
  const rates: number[] = []
  for (const how of STRATEGIES) rates.push(await rate(program, how))
  if (first.length === 0) first = rates
  const cells = rates.map((one) => Math.round(one).toLocaleString("en-US"))
  console.log(row(name, cells))
}
const verdicts = first.map((one) => (one >= TARGET ? "met" : "missed"))
console.log(row(`the first row's target, ${TARGET.toLocaleString("en-US")}`, verdicts))
