import assert from "node:assert/strict"
import { test } from "node:test"
import { add, read, write } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as onceWord from "../../src/sync/once-word.ts"
import { explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeAllIn } from "./line.ts"

type Used = typeof onceWord

/** Spare words: how often the function ran, the result in a plain word; the once. */
const RUNS = 0
const RESULT = 1
const ONCE = 16
const ANSWER = 42

function onceOf(at: World): number {
  return spare(at) + ONCE
}

function queueOf(at: World): number {
  return onceOf(at) + onceWord.QUEUE
}

function getter(used: Used, thread: number) {
  return (at: World): number => {
    const { words } = at
    const once = onceOf(at)
    let mine = false
    const step = (): boolean => {
      if (used.isDone(words, once)) return true
      mine = used.begin(words, once, me(at, thread))
      return mine
    }
    waitInLine(at, thread, [queueOf(at)], 0, step, () => used.isFree(words, once))
    if (mine) {
      add(words, spare(at) + RUNS, 1)
      write(words, spare(at) + RESULT, ANSWER)
      used.end(words, once)
      wakeAllIn(at, thread, queueOf(at))
    }
    return read(words, spare(at) + RESULT)
  }
}

type Shape = Pick<ModelOptions<World, number>, "threads" | "kill" | "preemptionsMax">

function getting(name: string, shape: Shape): ModelOptions<World, number> {
  return {
    ...shape,
    name,
    setup() {
      const at = world(4, 8)
      makeNodes(at, [queueOf(at)])
      return at
    },
    whenKilled: (at, thread) => afterDeath(at, thread, [queueOf(at)]),
    after(at, outcomes) {
      const killed = outcomes.filter((outcome) => outcome === "killed").length
      const runs = at.words[spare(at) + RUNS]
      assert.ok(runs <= 1 + killed, `${runs} runs with ${killed} deaths`)
      for (const outcome of outcomes) if (outcome !== "killed") assert.equal(outcome, ANSWER)
    },
  }
}

const get = (used: Used, threads: number, preemptionsMax?: number): Shape => ({
  threads: Array.from({ length: threads }, (_, i) => getter(used, i)),
  preemptionsMax,
})

test("it runs once, and all have the result", () => {
  explored(getting("once: two get", get(onceWord, 2)))
  explored(getting("once: three get", get(onceWord, 3, 2)))
})

test("when the one that runs it dies, another runs it", () => {
  explored(getting("once: two get, one dies", { ...get(onceWord, 2, 3), kill: true }))
  explored(getting("once: three get, one dies", { ...get(onceWord, 3, 1), kill: true }))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/once-word.ts", "once-word.ts", from, to)
}

test("planted: begun by all who find it free", async () => {
  const used = await bug("return compareExchange(words, once, state, me) === state", "return true")
  found(getting("planted: once that runs twice", get(used, 2)))
})

test("planted: nobody takes over from the dead", async () => {
  const used = await bug(
    "(state !== 0 && isAlive(words, state))) return false",
    "state !== 0) return false",
  )
  found(getting("planted: once of the dead", { ...get(used, 2, 2), kill: true }))
})
