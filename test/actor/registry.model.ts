/** Names in all schedules: who gets one, and that it is free when its owner died at any step. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { write } from "#platform/atomics"
import * as registry from "../../src/actor/registry.ts"
import type { ModelOptions, Outcome } from "../../src/explore/index.ts"
import type { Here } from "../../src/internal/loop/here.ts"
import { KIND } from "../../src/internal/memory/kinds.ts"
import { memoryOver } from "../../src/internal/memory/memory.ts"
import { create } from "../../src/internal/memory/objects.ts"
import { close, GONE } from "../../src/internal/queue/mailbox.ts"
import {
  arenaOf,
  buryThread,
  explored,
  found,
  me,
  spare,
  type World,
  world,
} from "../support/model.ts"
import { planted } from "../support/plant.ts"

type Used = typeof registry

interface Shape {
  /** What each thread does with the actor that is its own, one after the other. */
  readonly threads: readonly (readonly ("enter" | "end" | "leave" | "find")[])[]
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

const NAME = "bank"
const OBJECT_WORDS = 32

const objectAt = (at: World, thread: number): number => spare(at) + thread * OBJECT_WORDS

function hereOf(at: World, token: number, thread: number): Here {
  const memory = memoryOver(at.words.buffer as SharedArrayBuffer)
  return { memory, words: at.words, arena: arenaOf(at, thread), me: token }
}

/** What a thread did: the last answer. */
function act(used: Used, at: World, thread: number, shape: Shape): string {
  const here = hereOf(at, me(at, thread), thread)
  let answer = ""
  for (const step of shape.threads[thread] ?? []) {
    if (step === "enter") answer = used.enterName(here, NAME, objectAt(at, thread))
    else if (step === "end") close(here.words, objectAt(at, thread), 0, GONE, here.me)
    else if (step === "leave") used.unregister(here, objectAt(at, thread))
    else answer = `${used.findName(here, NAME)}`
  }
  return answer
}

/** As main: an actor whose isolate died has no name any more. */
function reap(used: Used, at: World, thread: number, shape: Shape): void {
  buryThread(at, thread)
  const last = shape.threads.length
  used.unregister(hereOf(at, me(at, last), last), objectAt(at, thread))
}

function modelOf(used: Used, name: string, shape: Shape): ModelOptions<World, string> {
  const { threads, kill = [], preemptionsMax } = shape
  return {
    ...(preemptionsMax === undefined ? {} : { preemptionsMax }),
    name: `registry: ${name}`,
    setup() {
      const at = world(threads.length + 1, 2)
      for (const [thread] of threads.entries()) {
        write(at.words, objectAt(at, thread), 0)
        create(at.words, objectAt(at, thread), KIND.ACTOR, me(at, thread))
      }
      return at
    },
    threads: threads.map((_, thread) => (at) => act(used, at, thread, shape)),
    kill,
    whenKilled: (at, thread) => reap(used, at, thread, shape),
    after: (at, outcomes) => assertNamed(used, at, shape, outcomes),
  }
}

/** One has the name, or nobody; whoever is dead, is gone, or gave it back, has not. */
function assertNamed(
  used: Used,
  at: World,
  shape: Shape,
  outcomes: readonly Outcome<string>[],
): void {
  const last = shape.threads.length
  const here = hereOf(at, me(at, last), last)
  const holder = registry.findName(here, NAME)
  const winners = shape.threads.flatMap((steps, thread) => {
    const keeps = steps.includes("enter") && !steps.includes("end") && !steps.includes("leave")
    return keeps && outcomes[thread] === "ok" ? [objectAt(at, thread)] : []
  })
  assert.ok(winners.length <= 1, `${winners.length} have the name`)
  assert.equal(holder, winners[0] ?? 0, "who has it")
  for (const [thread, steps] of shape.threads.entries())
    if (steps.includes("find")) {
      const found = Number(outcomes[thread])
      const known = shape.threads.some((_, other) => objectAt(at, other) === found)
      assert.ok(outcomes[thread] === "killed" || found === 0 || known, "found an actor")
    }
  if (winners.length > 0) return
  const fresh = spare(at) + 10 * OBJECT_WORDS
  assert.equal(used.enterName(here, NAME, fresh), "ok", "free again")
}

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["two want one", { threads: [["enter"], ["enter"]] }],
  ["one gives it back", { threads: [["enter", "leave"], ["enter"], ["find"]], preemptionsMax: 2 }],
  ["one is gone", { threads: [["enter", "end"], ["enter"]], preemptionsMax: 2 }],
  [
    "one is gone and gives it back",
    { threads: [["enter", "end", "leave"], ["enter"]], preemptionsMax: 2 },
  ],
  ["an owner dies", { threads: [["enter"], ["enter"]], kill: [0], preemptionsMax: 2 }],
  ["one dies giving it back", { threads: [["enter", "leave"], ["find"]], kill: [0] }],
]

for (const [name, shape] of SHAPES) test(name, () => explored(modelOf(registry, name, shape)))

test("the name of one who is gone is another's, whose it stays", () => {
  const at = world(2, 2)
  const [first, second] = [objectAt(at, 0), objectAt(at, 1)]
  const [here, other] = [hereOf(at, me(at, 0), 0), hereOf(at, me(at, 1), 1)]
  for (const object of [first, second]) {
    write(at.words, object, 0)
    create(at.words, object, KIND.ACTOR, me(at, 0))
  }
  assert.equal(registry.enterName(here, NAME, first), "ok")
  assert.equal(registry.enterName(other, NAME, second), "taken")
  close(at.words, first, 0, GONE, me(at, 0))
  assert.equal(registry.findName(other, NAME), 0)
  assert.equal(registry.enterName(other, NAME, second), "ok")
  registry.unregister(here, first)
  assert.equal(registry.findName(here, NAME), second)
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../actor/registry.ts", "actor/registry.ts", from, to)
}

test("planted: names are entered outside the guard", async () => {
  const used = await bug("  enter(words, HEAD_NAMES, me)\n  let answer", "  let answer")
  found(modelOf(used, "planted, unguarded", { threads: [["enter"], ["enter"]] }))
})

test("planted: who is gone has its name until its home takes it back", async () => {
  const used = await bug("holder !== 0 && stateHint(words, holder) !== GONE", "holder !== 0")
  const shape: Shape = { threads: [["enter", "end"], ["find"]], preemptionsMax: 2 }
  found(modelOf(used, "planted, kept by who is gone", shape))
})

test("planted: a dead owner keeps its name", async () => {
  const used = await bug(
    "if (here !== 0 && before === 0) write(words, FIRST, read(words, here + NEXT))",
    "if (here !== 0 && before === 0) write(words, FIRST, here)",
  )
  const shape: Shape = { threads: [["enter"], ["enter"]], kill: [0], preemptionsMax: 1 }
  found(modelOf(used, "planted, kept by the dead", shape))
})
