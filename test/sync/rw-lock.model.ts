import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read, store, write } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as rwWord from "../../src/sync/rw-lock-word.ts"
import { explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeIn } from "./line.ts"

type Used = typeof rwWord

/** Spare words: what is protected, a number and its copy; how far the writer is; then the lock. */
const COUNT = 0
const COPY = 1
const WRITERS = 2
const LOCK = 16

/** The writer has claimed the lock and has not been inside yet. */
const CLAIMING = 1

function lockOf(at: World): number {
  return spare(at) + LOCK
}

function queuesOf(at: World): number[] {
  return [lockOf(at) + rwWord.GATE, lockOf(at) + rwWord.DRAIN]
}

function look({ words }: World, here: number): void {
  assert.equal(read(words, here + COPY), read(words, here + COUNT), "whole sections are seen")
}

function change(at: World, repairs: boolean): void {
  const { words } = at
  const here = spare(at)
  if (repairs) write(words, here + COPY, read(words, here + COUNT))
  look(at, here)
  write(words, here + COUNT, read(words, here + COUNT) + 1)
  write(words, here + COPY, read(words, here + COUNT))
}

function leaveWriting(used: Used, at: World, thread: number): void {
  if (used.leaveWriting(at.words, lockOf(at), 0)) wakeIn(at, thread, queuesOf(at)[0])
}

/** Reads once; returns how often it was told of a death. */
function reader(used: Used, thread: number, times = 1) {
  return (at: World): number => {
    let deaths = 0
    for (let i = 0; i < times; i++) deaths += readOnce(used, at, thread)
    return deaths
  }
}

function readOnce(used: Used, at: World, thread: number): number {
  const { words } = at
  const lock = lockOf(at)
  const queues = queuesOf(at)
  const drain = queues[1]
  let came = rwWord.WAIT
  const tryIt = (): boolean => {
    const isLate = load(words, spare(at) + WRITERS) === CLAIMING
    came = used.enterReading(words, lock, me(at, thread))
    if (came === rwWord.WAIT) wakeIn(at, thread, drain)
    const overtakes = isLate && came === rwWord.IN && load(words, spare(at) + WRITERS) === CLAIMING
    assert.ok(!overtakes, "a writer that waits is overtaken")
    return came !== rwWord.WAIT
  }
  waitInLine(at, thread, queues, 0, tryIt, () => used.isOpen(words, lock))
  if (came !== rwWord.IN) {
    change(at, true)
    leaveWriting(used, at, thread)
    return 1
  }
  look(at, spare(at))
  if (used.leaveReading(words, lock, me(at, thread))) wakeIn(at, thread, drain)
  return 0
}

/** Writes once; thread 0 notes its claim. */
function writer(used: Used, thread: number) {
  return (at: World): number => {
    const { words } = at
    const lock = lockOf(at)
    const mine = me(at, thread)
    const queues = queuesOf(at)
    let came = rwWord.WAIT
    const claim = (): boolean => {
      came = used.claimWriting(words, lock, mine)
      return came !== rwWord.WAIT
    }
    const enter = (): boolean => used.enterWriting(words, lock, mine) === rwWord.IN
    waitInLine(at, thread, queues, 0, claim, () => used.isOpen(words, lock))
    if (came === rwWord.CLAIMED) {
      if (thread === 0) store(words, spare(at) + WRITERS, CLAIMING)
      waitInLine(at, thread, queues, 1, enter, () => true)
      if (thread === 0) store(words, spare(at) + WRITERS, 0)
    }
    change(at, came > 0)
    leaveWriting(used, at, thread)
    return came > 0 ? 1 : 0
  }
}

type Shape = Pick<ModelOptions<World, number>, "threads" | "kill" | "killsMax" | "preemptionsMax">

function sharing(name: string, shape: Shape): ModelOptions<World, number> {
  return {
    ...shape,
    name,
    setup() {
      const at = world(4, 8)
      makeNodes(at, queuesOf(at))
      return at
    },
    whenKilled(at, thread) {
      if (thread === 0) store(at.words, spare(at) + WRITERS, 0)
      afterDeath(at, thread, queuesOf(at))
    },
    after(at, outcomes) {
      const killed = outcomes.filter((outcome) => outcome === "killed").length
      const told = outcomes.reduce((sum: number, o) => sum + (typeof o === "number" ? o : 0), 0)
      assert.ok(told <= killed, `${told} told of ${killed} deaths`)
      if (killed === 0) assert.equal(at.words[spare(at) + COUNT], at.words[spare(at) + COPY])
    },
  }
}

const oneEach = (used: Used): Shape => ({
  threads: [writer(used, 0), reader(used, 1)],
  preemptionsMax: 4,
})
const twoWrite = (used: Used): Shape => ({ threads: [writer(used, 0), writer(used, 1)] })
const manyReads = (used: Used): Shape => ({
  threads: [writer(used, 0), reader(used, 1, 2), reader(used, 2)],
  preemptionsMax: 2,
})
const twoWriteOneReads = (used: Used): Shape => ({
  threads: [writer(used, 0), writer(used, 1), reader(used, 2)],
  preemptionsMax: 2,
})
const oneDies = (used: Used): Shape => ({ ...oneEach(used), kill: true, preemptionsMax: 2 })
const writerDies = (used: Used): Shape => ({
  ...twoWriteOneReads(used),
  kill: [0],
  preemptionsMax: 1,
})
const readerDies = (used: Used): Shape => ({ ...manyReads(used), kill: [1], preemptionsMax: 1 })

test("a writer is inside alone", () => {
  explored(sharing("rw lock: a writer, a reader", oneEach(rwWord)))
  explored(sharing("rw lock: two writers", { ...twoWrite(rwWord), preemptionsMax: 4 }))
  explored(sharing("rw lock: two writers, a reader", twoWriteOneReads(rwWord)))
})

test("readers do not come in once a writer waits", () => {
  explored(sharing("rw lock: a writer among readers", manyReads(rwWord)))
})

test("the dead read and claim no more, and one successor of a dead writer is told", () => {
  explored(sharing("rw lock: a writer, a reader, one dies", oneDies(rwWord)))
  explored(sharing("rw lock: two writers, a reader, a writer dies", writerDies(rwWord)))
  explored(sharing("rw lock: a writer among readers, one dies", readerDies(rwWord)))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/rw-lock-word.ts", "rw-lock-word.ts", from, to)
}

test("planted: a reader looks before it says that it is inside", async () => {
  const used = await bug(
    "  store(words, mine, me)\n  const writer = load(words, lock + WRITER)\n",
    "  const writer = load(words, lock + WRITER)\n  store(words, mine, me)\n",
  )
  found(sharing("planted: rw lock whose reader looks too early", oneEach(used)))
})

test("planted: a writer does not wait for readers", async () => {
  const used = await bug("if (reader !== 0 && isAlive(words, reader)) return CLAIMED", "")
  found(sharing("planted: rw lock that does not drain", oneEach(used)))
})

test("planted: a reader that steps back leaves its word", async () => {
  const used = await bug("  store(words, mine, 0)\n  return followDead", "  return followDead")
  found(sharing("planted: rw lock whose reader does not step back", oneEach(used)))
})

test("planted: the dead read for ever", async () => {
  const used = await bug("reader !== 0 && isAlive(words, reader)", "reader !== 0")
  found(sharing("planted: rw lock of dead readers", oneDies(used)))
})

test("planted: a reader follows a dead writer as a reader", async () => {
  const used = await bug("const left = writer < 0 ? 0 : me", "const left = 0")
  found(sharing("planted: rw lock that is open after a death", writerDies(used)))
})

test("planted: readers come in although a writer waits", async () => {
  const used = await bug("  if (writer === 0) return IN\n", "  if (writer <= 0) return IN\n")
  found(sharing("planted: rw lock that starves its writer", manyReads(used)))
})
