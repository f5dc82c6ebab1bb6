import assert from "node:assert/strict"
import { test } from "node:test"
import { read, write } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as latchWord from "../../src/sync/latch-word.ts"
import { explored, found, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeAllIn } from "./line.ts"

type Used = typeof latchWord

/** Spare words: what each who counts has done before, in plain words; the latch. */
const DEEDS = 0
const LATCH = 16

function latchOf(at: World): number {
  return spare(at) + LATCH
}

function queueOf(at: World): number {
  return latchOf(at) + latchWord.QUEUE
}

function counter(used: Used, thread: number, by = 1) {
  return (at: World): void => {
    write(at.words, spare(at) + DEEDS + thread, 1)
    if (used.countDown(at.words, latchOf(at), by)) wakeAllIn(at, thread, queueOf(at))
  }
}

function waiter(used: Used, thread: number, counters: number) {
  return (at: World): void => {
    const { words } = at
    const isOpen = (): boolean => used.countOf(words, latchOf(at)) === 0
    waitInLine(at, thread, [queueOf(at)], 0, isOpen, isOpen)
    for (let i = 0; i < counters; i++) {
      assert.equal(read(words, spare(at) + DEEDS + i), 1, "what was done before is seen")
    }
  }
}

type Shape = Pick<ModelOptions<World>, "threads" | "kill" | "mayWait" | "preemptionsMax">

function counting(used: Used, name: string, count: number, shape: Shape): ModelOptions<World> {
  return {
    ...shape,
    name,
    setup() {
      const at = world(4, 8)
      write(at.words, latchOf(at), count)
      makeNodes(at, [queueOf(at)])
      return at
    },
    whenKilled: (at, thread) => afterDeath(at, thread, [queueOf(at)]),
    after(at, outcomes) {
      const left = used.countOf(at.words, latchOf(at))
      if (outcomes.includes("waiting")) assert.ok(left > 0, "asleep before an open latch")
      if (shape.kill === undefined) assert.equal(left, 0)
    },
  }
}

const twoCount = (used: Used): Shape => ({
  threads: [counter(used, 0), counter(used, 1), waiter(used, 2, 2)],
})
const twoWait = (used: Used): Shape => ({
  threads: [counter(used, 0), waiter(used, 1, 1), waiter(used, 2, 1)],
  preemptionsMax: 2,
})

test("it opens when all have counted, and shows what they did", () => {
  explored(counting(latchWord, "latch: two count, one waits", 2, twoCount(latchWord)))
})

test("it wakes all who wait", () => {
  explored(counting(latchWord, "latch: one counts, two wait", 1, twoWait(latchWord)))
})

test("counting more than there is opens it once", () => {
  const shape = { threads: [counter(latchWord, 0, 5), counter(latchWord, 1, 5)] }
  explored(counting(latchWord, "latch: two count too much", 2, shape))
})

test("who counts may die at any step", () => {
  const shape = { ...twoCount(latchWord), kill: [0], mayWait: [2], preemptionsMax: 2 }
  explored(counting(latchWord, "latch: two count, one dies", 2, shape))
  const waking = { ...twoWait(latchWord), kill: [0], mayWait: [1, 2], preemptionsMax: 1 }
  explored(counting(latchWord, "latch: one counts and dies, two wait", 1, waking))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/latch-word.ts", "latch-word.ts", from, to)
}

test("planted: counting in two steps", async () => {
  const used = await bug(
    "const found = compareExchange(words, latch, count, left)",
    "const found = load(words, latch)\n    if (found === count) compareExchange(words, latch, found, left)",
  )
  found(counting(used, "planted: latch counted in two steps", 2, twoCount(used)))
})

test("planted: the last who counts does not know it", async () => {
  const used = await bug("return left === 0", "return left < 0")
  found(counting(used, "planted: latch that wakes nobody", 2, twoCount(used)))
})
