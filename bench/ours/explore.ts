/** Programs that are explored, and how many schedules of one are run in a second of one core. */
import { type Channel, channel, go, type Mutex, mutex, sharedArray } from "heddle"
import { type ExploreOptions, explore } from "heddle/explore"
import { median } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"

const STEPS = 20

/** Schedules before the clock starts. */
const WARM_UP = 3_000

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

/** Two tasks of twenty steps each, in three forms. */
export const PROGRAMS = {
  "20 atomic steps each": async () => {
    const words = sharedArray(Int32Array, 1)
    await Promise.all([go(count, words), go(count, words)])
  },
  "20 sends, 20 receives": async () => {
    const numbers = channel<number>(4)
    await Promise.all([go(send, numbers), go(receive, numbers)])
  },
  "10 locks and unlocks each": async () => {
    const lock = mutex()
    await Promise.all([go(locked, lock), go(locked, lock)])
  },
} as const

/** The processor time of this process, so that what else the machine does matters little. */
async function once(
  program: () => Promise<unknown>,
  how: ExploreOptions,
  schedulesMax: number,
): Promise<number> {
  const before = process.cpuUsage()
  const { schedules, redundant } = await explore(program, { ...how, schedulesMax })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / (schedules + redundant)
}

/** Processor time of a schedule: the middle of three runs, after one to warm up. */
export async function measureExplore(
  context: Context,
  name: keyof typeof PROGRAMS,
  how: ExploreOptions,
): Promise<Sample> {
  const schedules = context.count(10_000)
  await once(PROGRAMS[name], how, context.size === "smoke" ? schedules : WARM_UP)
  const times: number[] = []
  for (let i = 0; i < context.repeats; i++) times.push(await once(PROGRAMS[name], how, schedules))
  return { seconds: median(times), count: 1 }
}
