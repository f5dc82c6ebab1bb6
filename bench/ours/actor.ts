/** Actors: questions and messages within an isolate and across two, starts, weight, restarts. */
import { Actor, type ActorRef, actor, child, spawn, start, supervise } from "heddle"
import { bytesOf, collect, SPAWN_TIMES, TELL_BATCH } from "../harness/actor.ts"
import { check, median, nanoseconds, repeated, sumBelow } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"

const url = import.meta.url

/** Messages that leaves have handled in this isolate. */
let handled = 0

export class Leaf extends Actor {
  static {
    actor(url, "Leaf", Leaf)
  }
  sum = 0
  add(n: number): void {
    this.sum += n
    handled++
  }
  increment(n: number): number {
    return n + 1
  }
  /** What was added, and when that was asked for. */
  total(): { sum: number; at: number } {
    return { sum: this.sum, at: nanoseconds() }
  }
  fail(): never {
    throw new Error("asked to fail")
  }
  exit(): never {
    process.exit(1)
  }
}

export class Driver extends Actor {
  static {
    actor(url, "Driver", Driver)
  }
  async ping(leaf: ActorRef<Leaf>, count: number): Promise<{ sum: number; elapsed: number }> {
    const begin = nanoseconds()
    let sum = 0
    for (let i = 0; i < count; i++) sum += await leaf.ask.increment(i)
    return { sum, elapsed: nanoseconds() - begin }
  }
  async tell(leaf: ActorRef<Leaf>, count: number): Promise<{ sum: number; elapsed: number }> {
    const begin = nanoseconds()
    const { tell } = leaf
    for (let i = 0; i < count; i++) {
      const taken = tell.add(i)
      if (i % TELL_BATCH === TELL_BATCH - 1) await taken
    }
    const { sum, at } = await leaf.ask.total()
    return { sum, elapsed: at - begin }
  }
  async spawn(count: number): Promise<{ started: number; ended: number }> {
    await collect()
    const before = handled
    const begin = nanoseconds()
    const leaves: ActorRef<Leaf>[] = []
    for (let i = 0; i < count; i++) {
      const leaf = await spawn(Leaf, [], { on: "here" })
      void leaf.tell.add(i)
      leaves.push(leaf)
    }
    while (handled < before + count) await new Promise(setImmediate)
    const started = nanoseconds() - begin
    for (const leaf of leaves) leaf.stop()
    await Promise.all(leaves.map((leaf) => leaf.exited))
    return { started, ended: nanoseconds() - begin }
  }
}

/** Where the two actors live. */
const HOMES = { here: 1, far: 2 }

async function pair(where: keyof typeof HOMES): Promise<[ActorRef<Driver>, ActorRef<Leaf>]> {
  await start({ isolates: 2 })
  return [await spawn(Driver, [], { on: 1 }), await spawn(Leaf, [], { on: HOMES[where] })]
}

/** One asks the other, again and again. */
export async function measurePing(
  context: Context,
  where: keyof typeof HOMES,
  full: number,
): Promise<Sample> {
  const count = context.count(full)
  const [driver, leaf] = await pair(where)
  return repeated(context, count, async () => {
    const { sum, elapsed } = await driver.ask.ping(leaf, count)
    check("sum", sum, sumBelow(count) + count)
    return elapsed / 1e9
  })
}

/** One tells the other as fast as it takes. */
export async function measureTell(context: Context, where: keyof typeof HOMES): Promise<Sample> {
  const count = context.count(2_000_000)
  const [driver, leaf] = await pair(where)
  let total = 0
  return repeated(context, count, async () => {
    const { sum, elapsed } = await driver.ask.tell(leaf, count)
    check("sum", sum - total, sumBelow(count))
    total = sum
    return elapsed / 1e9
  })
}

/**
 * An actor starts another one beside itself and tells it something, again and again: until all
 * have started, or all have ended.
 */
export async function measureSpawn(context: Context, until: "started" | "ended"): Promise<Sample> {
  const count = context.count(100_000)
  const [driver] = await pair("here")
  const run = async (): Promise<number> => (await driver.ask.spawn(count))[until] / 1e9
  return repeated(context, count, run, SPAWN_TIMES)
}

/** Bytes an actor takes that has handled one message. */
export async function measureMemory(context: Context): Promise<Sample> {
  const leaves: ActorRef<Leaf>[] = []
  return bytesOf(context, async (count) => {
    for (let i = 0; i < count; i++) {
      const leaf = await spawn(Leaf, [], { on: "here" })
      await leaf.ask.increment(i)
      leaves.push(leaf)
    }
  })
}

/** A supervised actor ends by `how` and answers again: milliseconds, the middle of some. */
export async function measureRestart(
  context: Context,
  how: "fail" | "exit",
  isolates = 2,
): Promise<Sample> {
  await start({ isolates })
  const rounds = context.count(how === "fail" ? 1_000 : 20)
  const intensity = { restarts: 1_000_000, withinMs: 1_000 }
  const children = [child(Leaf, [], { id: "leaf" })]
  const supervisor = await supervise({ intensity, children })
  const leaf = supervisor.child("leaf")
  const all: number[] = []
  for (let i = 0; i < rounds; i++) {
    check("increment", await leaf.ask.increment(i), i + 1)
    const begin = nanoseconds()
    await leaf.ask[how]().catch(() => {})
    check("increment", await leaf.ask.increment(i), i + 1)
    all.push((nanoseconds() - begin) / 1e6)
    // The next life is ended in an isolate that runs.
    if (how === "exit") await new Promise((resolve) => setTimeout(resolve, 400))
  }
  await supervisor.stop()
  return { value: median(all) }
}
