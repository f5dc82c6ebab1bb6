/**
 * Programs with actors made by chance: the reduced search comes to the same outcomes as the full
 * one, with and without deaths.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Actor, type ActorRef, child, link, spawn, supervise } from "../../../src/actor/index.ts"
import { Chance } from "../../../src/explore/chance.ts"
import { explore } from "../../../src/explore/index.ts"
import { go } from "../../../src/index.ts"

const LONG = process.env.HEDDLE_LONG === "1"
/** Programs of middle size, by the number that makes them; the long form takes all up to 150. */
const SEEDS = { "": [1, 11, 12, 18, 27, 65], ", with deaths": [18, 24, 59] } as const
/** A program with more schedules than that is passed over: the full search takes too long. */
const SCHEDULES_MAX = LONG ? 3_000 : 1_000

class Sheet extends Actor {
  text = ""
  add(text: string): string {
    this.text += text
    return this.text
  }
  fail(): never {
    throw new Error(this.text)
  }
  async pass(to: ActorRef<Sheet>, text: string): Promise<string> {
    return `${this.text}>${await to.ask.add(text)}`
  }
}

/** What a task does, one after the other. */
type Deed = readonly [what: string, to: 0 | 1]

const DEEDS = ["ask", "tell", "both", "fail", "stop", "kill", "look", "pass", "exit", "link"]

interface Plan {
  readonly tasks: readonly (readonly Deed[])[]
  readonly places: readonly ("here" | undefined)[]
  readonly supervised: boolean
  readonly capacity: number
}

function planOf(seed: number): Plan {
  const chance = new Chance(seed)
  const below = (bound: number): number => Math.floor(chance.next() * bound)
  const deed = (): Deed => [DEEDS[below(DEEDS.length)], below(2) as 0 | 1]
  const tasks = [0, 1].map(() => Array.from({ length: 1 + below(2) }, deed))
  const place = (): "here" | undefined => (below(3) === 0 ? "here" : undefined)
  const capacity = below(3) === 0 ? 1 : 100
  return { tasks, places: [place(), place()], supervised: below(3) === 0, capacity }
}

function named(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => `${value}`,
    (error: Error) => error.name.slice(0, 7),
  )
}

async function work(
  refs: readonly ActorRef<Sheet>[],
  deeds: readonly Deed[],
  name: string,
): Promise<string> {
  const seen: string[] = []
  for (const [what, to] of deeds) {
    const ref = refs[to]
    const other = refs[1 - to]
    if (what === "ask") seen.push(await named(ref.ask.add(name)))
    else if (what === "tell") seen.push(await named(ref.tell.add(name)))
    else if (what === "both") {
      const first = named(ref.tell.add(`${name}1`))
      seen.push(`${await named(ref.ask.add(`${name}2`))} ${await first}`)
    } else if (what === "fail") seen.push(await named(ref.ask.fail()))
    else if (what === "stop") ref.stop()
    else if (what === "kill") ref.kill()
    else if (what === "look") {
      const { state, depth, handled } = ref.statistics()
      seen.push(`${state} ${depth} ${handled}`)
    } else if (what === "pass") seen.push(await named(ref.ask.pass(other, name)))
    else if (what === "link") link(ref, other)
    else {
      ref.stop()
      seen.push((await ref.exited).reason)
    }
  }
  return seen.join()
}

async function make({ places, supervised, capacity }: Plan): Promise<ActorRef<Sheet>[]> {
  const mailbox = { capacity }
  const refs: ActorRef<Sheet>[] = []
  for (const [at, on] of places.entries()) {
    if (!supervised || at > 0) refs.push(await spawn(Sheet, [], { on, mailbox }))
    else {
      const spec = child(Sheet, [], { id: "a", on, mailbox, restart: "transient" })
      refs.push((await supervise({ children: [spec] })).child("a"))
    }
  }
  return refs
}

function programOf(plan: Plan, outcomes: Set<string>): () => Promise<void> {
  return async () => {
    const refs = await make(plan).catch(() => undefined)
    if (refs === undefined) return
    const tasks = plan.tasks.map((deeds, at) => go(work, refs, deeds, "xy".charAt(at)))
    outcomes.add((await Promise.all(tasks.map(named))).join(" | "))
  }
}

interface Found {
  readonly outcomes: readonly string[]
  readonly kind: string
  readonly schedules: number
  readonly exhaustive: boolean
}

async function found(plan: Plan, strategy: "every" | "exhaustive", kill: boolean): Promise<Found> {
  const outcomes = new Set<string>()
  const options = { strategy, kill, schedulesMax: SCHEDULES_MAX }
  return explore(programOf(plan, outcomes), options).then(
    ({ schedules, exhaustive }) => ({
      outcomes: [...outcomes].sort(),
      kind: "",
      schedules,
      exhaustive,
    }),
    ({ kind, schedules }) => ({ outcomes: [], kind, schedules, exhaustive: true }),
  )
}

for (const [how, seeds] of Object.entries(SEEDS)) {
  test(`the reduced search misses nothing${how}`, async (t) => {
    const kill = how !== ""
    let compared = 0
    let all = 0
    let few = 0
    for (const seed of LONG ? Array.from({ length: 150 }, (_, i) => i + 1) : seeds) {
      const plan = planOf(seed)
      const full = await found(plan, "every", kill)
      if (!full.exhaustive) continue
      const reduced = await found(plan, "exhaustive", kill)
      const told = `seed ${seed}: ${JSON.stringify(plan)}`
      assert.equal(reduced.kind, full.kind, told)
      assert.deepEqual(reduced.outcomes, full.outcomes, told)
      compared++
      all += full.schedules
      few += reduced.schedules
    }
    t.diagnostic(`${compared} programs, ${all} schedules, reduced to ${few}`)
    assert.ok(compared >= seeds.length)
  })
}
