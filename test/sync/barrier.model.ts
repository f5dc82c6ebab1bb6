import assert from "node:assert/strict"
import { test } from "node:test"
import { read, write } from "#platform/atomics"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as barrierWord from "../../src/sync/barrier-word.ts"
import { explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"
import { afterDeath, makeNodes, waitInLine, wakeAllIn } from "./line.ts"

type Used = typeof barrierWord

/**
 * Spare words: how far each party is, in plain words that the barrier must publish; the barrier.
 */
const STAGES = 0
const BARRIER = 16

function barrierOf(at: World): number {
  return spare(at) + BARRIER
}

function queuesOf(at: World): number[] {
  return [barrierWord.queueOf(barrierOf(at), 0), barrierWord.queueOf(barrierOf(at), 1)]
}

function wakeRound(at: World, thread: number, generation: number): void {
  if (generation !== 0) wakeAllIn(at, thread, barrierWord.queueOf(barrierOf(at), generation))
}

/** Arrives and waits; PASSED, or the slot of the one whose death ended the round. */
function arriveAndWait(used: Used, at: World, thread: number): number {
  const { words } = at
  const mine = me(at, thread)
  const { generation, last, broke } = used.arrive(words, barrierOf(at), mine)
  wakeRound(at, thread, broke)
  if (last) {
    wakeRound(at, thread, generation)
    return used.PASSED
  }
  let outcome: number = used.WAIT
  const isOver = (): boolean => {
    const found = used.outcomeOf(words, barrierOf(at), generation, mine)
    wakeRound(at, thread, found.broke)
    outcome = found.outcome
    return outcome !== used.WAIT
  }
  waitInLine(at, thread, queuesOf(at), generation & 1, isOver, () => false)
  return outcome
}

/**
 * Goes through `rounds` rounds; in each it sees what the others did before. Returns its outcomes.
 */
function party(used: Used, thread: number, rounds: number, parties: number) {
  return (at: World): number[] => {
    const { words } = at
    const outcomes: number[] = []
    for (let round = 1; round <= rounds; round++) {
      write(words, spare(at) + STAGES + round * 4 + thread, round)
      const outcome = arriveAndWait(used, at, thread)
      outcomes.push(outcome)
      if (outcome !== used.PASSED) break
      for (let other = 0; other < parties; other++) {
        const stage = read(words, spare(at) + STAGES + round * 4 + other)
        assert.equal(stage, round, "all have arrived who were waited for")
      }
    }
    return outcomes
  }
}

/** Arrives, and takes it back if that is still possible. */
function fickle(used: Used, thread: number) {
  return (at: World): number[] => {
    const { words } = at
    const { generation, last } = used.arrive(words, barrierOf(at), me(at, thread))
    if (last) wakeRound(at, thread, generation)
    if (last || !used.retract(words, barrierOf(at), generation, me(at, thread))) {
      return [used.PASSED]
    }
    return []
  }
}

interface Shape
  extends Pick<ModelOptions<World, number[]>, "threads" | "kill" | "preemptionsMax" | "mayWait"> {
  readonly parties: number
}

function meeting(used: Used, name: string, shape: Shape): ModelOptions<World, number[]> {
  const { parties, ...options } = shape
  return {
    ...options,
    name,
    setup() {
      const at = world(4, 8)
      used.found(at.words, barrierOf(at), parties)
      makeNodes(at, queuesOf(at))
      return at
    },
    whenKilled: (at, thread) => afterDeath(at, thread, queuesOf(at)),
    after(at, outcomes) {
      const arrived = used.arrivedIn(at.words, barrierOf(at), me(at, 3))
      const waiting = outcomes.filter((outcome) => outcome === "waiting").length
      assert.equal(arrived, waiting, "who has arrived waits, and lives")
      const broken = outcomes.flatMap((o) => (typeof o === "string" ? [] : o)).filter((o) => o >= 0)
      for (const slot of broken) assert.equal(outcomes[slot], "killed", "broken by the dead")
    },
  }
}

const all = (used: Used, parties: number, rounds: number): Shape => ({
  parties,
  threads: Array.from({ length: parties }, (_, i) => party(used, i, rounds, parties)),
})

/** A death may leave the others waiting for one who never arrived. */
const oneDies = (used: Used, parties: number, rounds: number): Shape => ({
  ...all(used, parties, rounds),
  kill: [0],
  mayWait: Array.from({ length: parties }, (_, i) => i),
  preemptionsMax: parties === 2 ? 1 : 0,
})

test("nobody goes on before all have arrived, round after round", () => {
  const two = { ...all(barrierWord, 2, 2), preemptionsMax: 3 }
  explored(meeting(barrierWord, "barrier: two meet twice", two))
  const three = { ...all(barrierWord, 3, 1), preemptionsMax: 1 }
  explored(meeting(barrierWord, "barrier: three meet", three))
})

test("who takes its arrival back was not there", () => {
  const shape: Shape = {
    parties: 2,
    threads: [party(barrierWord, 0, 1, 0), fickle(barrierWord, 1), fickle(barrierWord, 2)],
    mayWait: [0],
    preemptionsMax: 2,
  }
  explored(meeting(barrierWord, "barrier: two that are fickle", shape))
})

test("a death breaks the round of those who wait with the dead", () => {
  explored(meeting(barrierWord, "barrier: two meet, one dies", oneDies(barrierWord, 2, 2)))
  explored(meeting(barrierWord, "barrier: three meet, one dies", oneDies(barrierWord, 3, 1)))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../sync/barrier-word.ts", "barrier-word.ts", from, to)
}

test("planted: nobody looks for the dead", async () => {
  const used = await bug("read(words, barrier + ARRIVED) === 0 ? -1", "true ? -1")
  found(meeting(used, "planted: barrier that waits for the dead", oneDies(used, 3, 1)))
})

test("planted: nobody counts again after a death inside", async () => {
  const used = await bug(
    "  if (enter(words, barrier + GUARD, me)) count(words, barrier)\n  const dead",
    "  enter(words, barrier + GUARD, me)\n  const dead",
  )
  found(meeting(used, "planted: barrier without repair", oneDies(used, 3, 1)))
})

test("planted: the count of the last round stays", async () => {
  const used = await bug("    write(words, at + COUNT, 0)\n    write", "    write")
  found(meeting(used, "planted: barrier that keeps counts", oneDies(used, 2, 2)))
})

test("planted: one party too few", async () => {
  const used = await bug(
    "read(words, barrier + ARRIVED) === read(words, barrier + PARTIES)",
    "read(words, barrier + ARRIVED) >= read(words, barrier + PARTIES) - 1",
  )
  found(meeting(used, "planted: barrier that opens early", all(used, 2, 1)))
})
