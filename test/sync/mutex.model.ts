import assert from "node:assert/strict"
import { test } from "node:test"
import { pause, read, write } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as mutexWord from "../../src/sync/mutex-word.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeIn } from "./line.ts"

type Used = typeof mutexWord

/**
 * Spare words: what is protected, a number and its copy, which a repair can mend; then the mutex.
 */
const COUNT = 0
const COPY = 1
const MUTEX = 16

function mutexOf(at: World): number {
  return spare(at) + MUTEX
}

function queueOf(at: World): number {
  return mutexOf(at) + mutexWord.QUEUE
}

/** What the holder does; `taken` tells whether it has to repair first. */
function section(at: World, taken: number): void {
  const { words } = at
  const here = spare(at)
  if (taken !== mutexWord.TAKEN) write(words, here + COPY, read(words, here + COUNT))
  assert.equal(read(words, here + COPY), read(words, here + COUNT), "a holder sees whole sections")
  write(words, here + COUNT, read(words, here + COUNT) + 1)
  write(words, here + COPY, read(words, here + COUNT))
}

/** Locks by trying; returns how often it was told of a death. */
function spinner(used: Used, thread: number, times: number) {
  return (at: World): number => {
    let deaths = 0
    for (let i = 0; i < times; i++) {
      let taken = used.tryLock(at.words, mutexOf(at), me(at, thread))
      while (taken === mutexWord.BUSY) {
        pause()
        taken = used.tryLock(at.words, mutexOf(at), me(at, thread))
      }
      if (taken !== mutexWord.TAKEN) deaths++
      section(at, taken)
      used.release(at.words, mutexOf(at), 0)
    }
    return deaths
  }
}

/** Locks by waiting in line. */
function waiter(used: Used, thread: number) {
  return (at: World): number => {
    const { words } = at
    const mutex = mutexOf(at)
    let taken = mutexWord.BUSY
    waitInLine(
      at,
      thread,
      [queueOf(at)],
      0,
      () => {
        taken = used.tryLock(words, mutex, me(at, thread))
        return taken !== mutexWord.BUSY
      },
      () => used.isFree(words, mutex),
    )
    section(at, taken)
    if (used.release(words, mutex, 0)) wakeIn(at, thread, queueOf(at))
    return taken === mutexWord.TAKEN ? 0 : 1
  }
}

interface Shape
  extends Pick<ModelOptions<World, number>, "threads" | "kill" | "killsMax" | "preemptionsMax"> {
  /** Whether the threads wait in line. */
  readonly waits?: boolean
}

function locking(name: string, shape: Shape): ModelOptions<World, number> {
  return {
    ...shape,
    name,
    setup() {
      const at = world(4, 8)
      makeNodes(at, [queueOf(at)])
      return at
    },
    whenKilled(at, thread) {
      if (shape.waits) afterDeath(at, thread, [queueOf(at)])
      else buryThread(at, thread)
    },
    after(at, outcomes) {
      const killed = outcomes.filter((outcome) => outcome === "killed").length
      const told = outcomes.reduce((sum: number, o) => sum + (typeof o === "number" ? o : 0), 0)
      assert.ok(told <= killed, `${told} told of ${killed} deaths`)
      if (killed > 0) return
      assert.equal(at.words[spare(at) + COUNT], at.words[spare(at) + COPY])
      assert.equal(at.words[mutexOf(at)], 0, "free at the end")
    },
  }
}

const threeSpin = (used: Used): Shape => ({ threads: [0, 1, 2].map((i) => spinner(used, i, 1)) })
const twoSpinTwice = (used: Used): Shape => ({ threads: [0, 1].map((i) => spinner(used, i, 2)) })
const twoDie = (used: Used): Shape => ({ ...threeSpin(used), kill: true, killsMax: 2 })
const twoWait = (used: Used): Shape => ({
  threads: [0, 1].map((i) => waiter(used, i)),
  waits: true,
})
const threeWait = (used: Used): Shape => ({
  threads: [0, 1, 2].map((i) => waiter(used, i)),
  waits: true,
  preemptionsMax: 2,
})
const twoWaitOneDies = (used: Used): Shape => ({ ...twoWait(used), kill: true, preemptionsMax: 2 })

test("holders exclude each other and see each other", () => {
  explored(locking("mutex: three lock", threeSpin(mutexWord)))
  explored(locking("mutex: two lock twice", twoSpinTwice(mutexWord)))
})

test("one successor of a dead holder is told, and has the lock", () => {
  explored(locking("mutex: three lock, two die", twoDie(mutexWord)))
})

test("no wake is lost", () => {
  explored(locking("mutex: two wait", twoWait(mutexWord)))
  explored(locking("mutex: three wait", threeWait(mutexWord)))
})

test("no wake is lost when one dies at any step", () => {
  explored(locking("mutex: two wait, one dies", twoWaitOneDies(mutexWord)))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/mutex-word.ts", "mutex-word.ts", from, to)
}

test("planted: taking over by a store", async () => {
  const used = await bug(
    "  const holder = compareExchange(words, mutex, dead, me)\n",
    "  const holder = load(words, mutex)\n  if (holder === dead) store(words, mutex, me)\n",
  )
  found(locking("planted: mutex taken over by a store", twoDie(used)))
})

test("planted: nobody is told of the death", async () => {
  const used = await bug("if (holder === dead) return dead", "if (holder === dead) return TAKEN")
  found(locking("planted: mutex that hides a death", twoDie(used)))
})

test("planted: the dead keep the lock", async () => {
  const used = await bug("isAlive(words, holder) ? BUSY : takeOver", "true ? BUSY : takeOver")
  found(locking("planted: mutex of the dead", twoDie(used)))
})

test("planted: freed by a plain write", async () => {
  const used = await bug("  store(words, mutex, left)\n", "  words[mutex] = left\n")
  found(locking("planted: mutex freed by a plain write", threeSpin(used)))
})

test("planted: the queue is looked at before the lock is free", async () => {
  const used = await bug(
    "  store(words, mutex, left)\n  return isWaiting(words, mutex + QUEUE)\n",
    "  const some = isWaiting(words, mutex + QUEUE)\n  store(words, mutex, left)\n  return some\n",
  )
  found(locking("planted: mutex that looks too early", twoWait(used)))
})
