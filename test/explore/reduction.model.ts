/** Partial-order reduction leaves no outcome out: random small programs, with it and without. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  add,
  compareExchange,
  exchange,
  load,
  notify,
  pause,
  peek,
  poke,
  store,
  type Words,
  write,
} from "#platform/atomics"
import { waitSync } from "#platform/park"
import { Chance } from "../../src/explore/chance.ts"
import { type ModelOptions, model } from "../../src/explore/index.ts"

const PROGRAMS = 60
const SCHEDULES_MAX = 20_000

type Command = (words: Words, seen: (string | number)[]) => void

/** One command of a random program; later ones may depend on what earlier ones have seen. */
function command(chance: Chance, waits: boolean, me: number): Command {
  const at = chance.below(3)
  const value = chance.below(3)
  const other = chance.below(3)
  switch (chance.below(waits ? 12 : 9)) {
    case 0:
      return (words, seen) => void seen.push(load(words, at))
    case 1:
      return (words) => void store(words, at, value)
    case 2:
      return (words, seen) => void seen.push(add(words, at, 1))
    case 3:
      return (words, seen) => void seen.push(compareExchange(words, at, value, other + 1))
    case 4:
      return (words, seen) => void seen.push(exchange(words, at, value))
    case 5:
      return (words, seen) => void seen.push(peek(words, at))
    case 6:
      return (words) => void poke(words, at, value)
    case 7:
      return (words, seen) => void (load(words, at) === value && seen.push(load(words, other)))
    case 8:
      // A plain word of thread 0, at which the others peek.
      if (me === 0) return (words) => write(words, 3, value)
      return (words, seen) => void seen.push(peek(words, 3))
    case 9:
      return (words, seen) => void seen.push(waitSync(words, at, 0, value === 0 ? 5 : Infinity))
    case 10:
      return (words, seen) => void seen.push(notify(words, at, 1))
    default:
      return (words, seen) => {
        for (let i = 0; i < 2 && load(words, at) === 0; i++) pause()
        seen.push(load(words, at))
      }
  }
}

interface Flavor {
  readonly waits: boolean
  readonly options: Partial<ModelOptions<Words, string>>
}

const FLAVORS: Readonly<Record<string, Flavor>> = {
  "memory alone": { waits: false, options: {} },
  "one death": { waits: false, options: { kill: true } },
  "two deaths, cleaned up": {
    waits: false,
    options: {
      kill: [0, 1],
      killsMax: 2,
      whenKilled: (words, thread) => void add(words, thread, load(words, 2) + 10),
    },
  },
  waiting: { waits: true, options: {} },
  "waiting that may expire": { waits: true, options: { timeouts: "any" } },
  "waiting and one death": {
    waits: true,
    options: {
      kill: true,
      whenKilled: (words) => {
        store(words, 0, 7)
        notify(words, 0)
      },
    },
  },
}

/** All final states of a random program: memory, and what each thread has seen. */
function outcomes(seed: number, flavor: Flavor, strategy: "exhaustive" | "every") {
  const chance = new Chance(seed)
  const threads = 2 + chance.below(2)
  const length = threads === 2 ? 4 : 3
  const programs = Array.from({ length: threads }, (_, me) =>
    Array.from({ length: 1 + chance.below(length) }, () => command(chance, flavor.waits, me)),
  )
  const found = new Set<string>()
  const result = model<Words, string>({
    name: `program ${seed}`,
    setup: () => new Int32Array(new SharedArrayBuffer(16)),
    threads: programs.map((program) => (words) => {
      const seen: (string | number)[] = []
      for (const step of program) step(words, seen)
      return seen.join()
    }),
    after: (words, ends) => void found.add(`${words.join()} | ${ends.join(" | ")}`),
    mayWait: programs.map((_, t) => t),
    schedulesMax: SCHEDULES_MAX,
    strategy,
    ...flavor.options,
  })
  return { found: [...found].sort(), result }
}

/** Compares both searches on many programs; returns what each took. */
function compare(flavor: Flavor): string {
  let reduced = 0
  let every = 0
  let compared = 0
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    let full: ReturnType<typeof outcomes>
    try {
      full = outcomes(seed, flavor, "every")
    } catch (error) {
      if (error instanceof RangeError) continue
      throw error
    }
    const small = outcomes(seed, flavor, "exhaustive")
    assert.deepEqual(small.found, full.found, `program ${seed}`)
    reduced += small.result.schedules
    every += full.result.schedules
    compared++
  }
  assert.ok(compared > PROGRAMS / 2)
  return `${compared} programs: ${every} schedules, reduced to ${reduced}`
}

for (const [name, flavor] of Object.entries(FLAVORS)) {
  test(`the reduced search finds every outcome: ${name}`, (t) => {
    t.diagnostic(compare(flavor))
  })
  for (const preemptionsMax of [0, 1, 2]) {
    test(`within ${preemptionsMax} preemptions: ${name}`, (t) => {
      t.diagnostic(compare({ ...flavor, options: { ...flavor.options, preemptionsMax } }))
    })
  }
}
