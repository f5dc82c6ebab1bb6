import assert from "node:assert/strict"
import { test } from "node:test"
import { add, compareExchange, load, notify, read } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions } from "../../../src/explore/index.ts"
import { doorbell, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import { NEXT, takeAll } from "../../../src/internal/queue/inbox.ts"
import * as queues from "../../../src/internal/queue/wait-queue.ts"
import { explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof queues

/** Spare words: the permits waited for, the queue, and two nodes for each thread. */
const PERMITS = 0
const QUEUE = 16
const NODES = 32
const NODE_WORDS = 32

function queueOf(at: World): number {
  return spare(at) + QUEUE
}

function nodeOf(at: World, thread: number, i: number): number {
  return spare(at) + NODES + (thread * 2 + i) * NODE_WORDS
}

function tryTake({ words }: World, permits: number): boolean {
  for (;;) {
    const count = load(words, permits)
    if (count === 0) return false
    if (compareExchange(words, permits, count, count - 1) === count) return true
  }
}

/** Takes one permit, waiting in line as an isolate does. */
function taker(used: Used, thread: number) {
  return (at: World): void => {
    const { words } = at
    const mine = me(at, thread)
    const permits = spare(at) + PERMITS
    let node = nodeOf(at, thread, 0)
    for (;;) {
      const seen = load(words, doorbell(mine))
      for (let told = takeAll(words, mine); told !== 0; told = read(words, told + NEXT)) {
        used.wasTold(words, told)
      }
      if (tryTake(at, permits)) break
      if (!used.enqueue(words, node, mine)) {
        node = nodeOf(at, thread, 1)
        used.enqueue(words, node, mine)
      }
      if (tryTake(at, permits)) break
      setSleeping(words, mine, true)
      waitSync(words, doorbell(mine), seen)
      setSleeping(words, mine, false)
    }
    used.withdraw(words, node, mine)
    passOn(used, at, thread)
  }
}

function passOn(used: Used, at: World, thread: number): void {
  const { words } = at
  if (!used.isWaiting(words, queueOf(at)) || load(words, spare(at) + PERMITS) === 0) return
  used.wakeOne(words, queueOf(at), me(at, thread))
}

/** Gives permits, one at a time. */
function giver(used: Used, thread: number, count: number) {
  return (at: World): void => {
    const { words } = at
    for (let i = 0; i < count; i++) {
      add(words, spare(at) + PERMITS, 1)
      if (used.isWaiting(words, queueOf(at))) used.wakeOne(words, queueOf(at), me(at, thread))
    }
  }
}

/** As main does: the dead is buried, its nodes leave the line, and everybody looks again. */
function afterDeath(used: Used, takers: number) {
  return (at: World, thread: number): void => {
    const { words } = at
    bury(words, me(at, thread))
    for (const i of [0, 1]) used.withdraw(words, nodeOf(at, thread, i), me(at, MAIN))
    for (let i = 0; i < takers; i++) {
      const bell = doorbell(me(at, i))
      add(words, bell, 1)
      notify(words, bell)
    }
  }
}

/** The isolate that puts the affairs of the dead in order. */
const MAIN = 3

interface Shape {
  readonly takers: number
  readonly permits: number
  /** Somebody wakes without giving anything: thread 1. */
  readonly vain?: boolean
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

function waiting(used: Used, name: string, shape: Shape): ModelOptions<World> {
  const { takers, permits, vain = false, kill, preemptionsMax } = shape
  const indices = Array.from({ length: takers }, (_, i) => i)
  return {
    name,
    setup() {
      const at = world(4, 8)
      for (let thread = 0; thread < 3; thread++) {
        for (const i of [0, 1]) {
          used.makeNode(at.words, nodeOf(at, thread, i), queueOf(at), me(at, thread), i)
        }
      }
      return at
    },
    threads: [
      ...indices.map((i) => taker(used, i)),
      ...(vain ? [(at: World) => void used.wakeOne(at.words, queueOf(at), me(at, takers))] : []),
      giver(used, takers + (vain ? 1 : 0), permits),
    ],
    kill,
    preemptionsMax,
    whenKilled: afterDeath(used, takers),
    mayWait: indices,
    after(at, outcomes) {
      const left = at.words[spare(at) + PERMITS]
      const asleep = outcomes.filter((outcome) => outcome === "waiting").length
      assert.ok(left === 0 || asleep === 0, `${asleep} wait for ${left} permits`)
      if (kill !== undefined) return
      assert.equal(left, Math.max(0, permits - takers))
      assert.equal(asleep, Math.max(0, takers - permits))
    },
  }
}

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["one waits", { takers: 1, permits: 1 }],
  ["one waits, two permits come", { takers: 1, permits: 2 }],
  ["two wait for one permit", { takers: 2, permits: 1, preemptionsMax: 3 }],
  ["two wait for two permits", { takers: 2, permits: 2, preemptionsMax: 3 }],
  ["one waits, anyone dies", { takers: 1, permits: 1, kill: [0, 1] }],
  ["two wait, the giver dies", { takers: 2, permits: 1, kill: [2], preemptionsMax: 2 }],
]

/** A waker that gives nothing dies at any step; the permit that comes later must still wake. */
const VAIN: Shape = { takers: 1, permits: 1, vain: true, kill: [1], preemptionsMax: 2 }

for (const [name, shape] of SHAPES) {
  test(name, () => {
    explored(waiting(queues, `wait queue: ${name}`, shape))
  })
}

test("one waits, a waker dies that gave nothing", () => {
  explored(waiting(queues, "wait queue: a waker dies", VAIN))
})

async function bug(file: string, from: string, to: string): Promise<Used> {
  return planted<Used>("queue/wait-queue.ts", file, from, to)
}

test("planted: nobody repairs the line", async () => {
  const used = await bug(
    "wait-queue.ts",
    "if (enter(words, queue + GUARD, me)) repair(words, queue)",
    "enter(words, queue + GUARD, me)",
  )
  found(waiting(used, "planted: wait queue without repair", VAIN))
})

test("planted: a node lost with its waker is waited for", async () => {
  const used = await bug("wait-queue.ts", "  return !lost\n", "  return true\n")
  found(waiting(used, "planted: wait queue that trusts the dead", VAIN))
})

test("planted: the line is entered by a plain write", async () => {
  const used = await bug(
    "wait-queue.ts",
    "if (before === 0) store(words, queue + HEAD, node)",
    "if (before === 0) write(words, queue + HEAD, node)",
  )
  found(waiting(used, "planted: wait queue with a plain head", { takers: 1, permits: 1 }))
})

test("planted: a waiter does not stand in line after it was told", async () => {
  const used = await bug("wait-queue.ts", "  write(words, node + STATE, IDLE)\n}", "}")
  const shape: Shape = { takers: 1, permits: 1, vain: true }
  found(waiting(used, "planted: wait queue that wakes once", shape))
})
