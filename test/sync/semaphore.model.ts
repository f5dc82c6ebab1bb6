import assert from "node:assert/strict"
import { test } from "node:test"
import { load, store } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as semaphoreWord from "../../src/sync/semaphore-word.ts"
import { explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeIn } from "./line.ts"

type Used = typeof semaphoreWord

/**
 * Spare words: permits used now by each thread, whether thread 0 waits with a claim; the semaphore.
 */
const USED = 0
const CLAIMS = 8
const SEMAPHORE = 16
const TOTAL = 2

function semaphoreOf(at: World): number {
  return spare(at) + SEMAPHORE
}

function queuesOf(at: World): number[] {
  return [semaphoreOf(at) + semaphoreWord.GATE, semaphoreOf(at) + semaphoreWord.DRAIN]
}

/** Takes permits, uses them, gives them back. */
function user(used: Used, thread: number, permits: number) {
  return (at: World): void => {
    const { words } = at
    const semaphore = semaphoreOf(at)
    const mine = me(at, thread)
    const queues = queuesOf(at)
    let step = "wait"
    const through = (): boolean => {
      const isLate = load(words, spare(at) + CLAIMS) === 1
      step = used.acquire(words, semaphore, permits, mine, false, true)
      const overtakes = isLate && step === "done" && load(words, spare(at) + CLAIMS) === 1
      assert.ok(!overtakes, "a call with a claim is overtaken")
      return step !== "wait"
    }
    const isDone = (): boolean =>
      used.acquire(words, semaphore, permits, mine, true, true) === "done"
    waitInLine(at, thread, queues, 0, through, () => used.isOpen(words, semaphore, mine))
    if (step === "claimed") {
      if (thread === 0) store(words, spare(at) + CLAIMS, 1)
      waitInLine(at, thread, queues, 1, isDone, () => true)
      if (thread === 0) store(words, spare(at) + CLAIMS, 0)
      wakeIn(at, thread, queues[0])
    }
    use(at, thread, permits)
    assert.ok(used.release(words, semaphore, permits, mine), "it holds what it took")
    wakeIn(at, thread, queues[1])
  }
}

/**
 * Both other threads cannot be looked at in one step, so the one that shares with two asks one by
 * one.
 */
function use(at: World, thread: number, permits: number): void {
  const { words } = at
  store(words, spare(at) + USED + thread, permits)
  for (let other = 0; other < 3; other++) {
    if (other === thread) continue
    assert.ok(load(words, spare(at) + USED + other) + permits <= TOTAL, "more than there are")
  }
  store(words, spare(at) + USED + thread, 0)
}

type Shape = Pick<ModelOptions<World>, "threads" | "kill" | "preemptionsMax">

function using(used: Used, name: string, shape: Shape): ModelOptions<World> {
  return {
    ...shape,
    name,
    setup() {
      const at = world(4, 8)
      makeNodes(at, queuesOf(at))
      used.found(at.words, semaphoreOf(at), TOTAL)
      return at
    },
    whenKilled(at, thread) {
      store(at.words, spare(at) + USED + thread, 0)
      if (thread === 0) store(at.words, spare(at) + CLAIMS, 0)
      afterDeath(at, thread, queuesOf(at))
    },
    after(at) {
      const { available } = used.look(at.words, semaphoreOf(at), me(at, 3))
      assert.equal(available, TOTAL, "all permits are back")
    },
  }
}

const users = (used: Used, ...permits: readonly number[]): Shape => ({
  threads: permits.map((count, thread) => user(used, thread, count)),
})

test("permits are exact, and no wake is lost", () => {
  const shape = { ...users(semaphoreWord, 2, 1), preemptionsMax: 4 }
  explored(using(semaphoreWord, "semaphore: one takes all, one takes one", shape))
})

test("a large call is not starved by small ones", () => {
  const shape = { ...users(semaphoreWord, 2, 1, 1), preemptionsMax: 2 }
  explored(using(semaphoreWord, "semaphore: three, one takes all", shape))
})

test("what a dead isolate holds comes back, and its claim ends", () => {
  const shape = { ...users(semaphoreWord, 2, 1), kill: true, preemptionsMax: 2 }
  explored(using(semaphoreWord, "semaphore: two, one dies", shape))
  const three = { ...users(semaphoreWord, 2, 1, 1), kill: true, preemptionsMax: 1 }
  explored(using(semaphoreWord, "semaphore: three, one dies", three))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/semaphore-word.ts", "semaphore-word.ts", from, to)
}

test("planted: permits are taken without a look at the claim", async () => {
  const used = await bug("if (!claimed && isClaimed(words, semaphore)) return", "if (false) return")
  const shape = { ...users(used, 2, 1, 1), preemptionsMax: 3 }
  found(using(used, "planted: semaphore without regard for claims", shape))
})

test("planted: the dead keep their permits", async () => {
  const used = await bug("    else write(words, at + HOLDS, 0)\n", "    else available -= 1\n")
  const shape = { ...users(used, 2, 1), kill: true, preemptionsMax: 2 }
  found(using(used, "planted: semaphore of the dead", shape))
})

test("planted: the claim stays", async () => {
  const used = await bug("  if (claimed) write(words, semaphore + CLAIM, 0)\n", "")
  found(
    using(used, "planted: semaphore whose claim stays", {
      ...users(used, 2, 1, 1),
      preemptionsMax: 2,
    }),
  )
})
