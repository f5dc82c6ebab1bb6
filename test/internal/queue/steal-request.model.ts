import assert from "node:assert/strict"
import { test } from "node:test"
import { load, peek, poke, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { isAlive } from "../../../src/internal/memory/owners.ts"
import * as inbox from "../../../src/internal/queue/inbox.ts"
import * as requests from "../../../src/internal/queue/steal-request.ts"
import { forksOf, HOLDER, settle, take } from "../../../src/internal/queue/task-list.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof requests

const OWNER = 0
/** Spare words: one for each thread that ran the fork, whether it was begun, the record. */
const RAN = 0
const BEGUN = 3
const RECORD = 16

function fork(at: World): number {
  return spare(at) + RECORD
}

function run(at: World, thread: number): void {
  poke(at.words, spare(at) + BEGUN, 1)
  write(at.words, spare(at) + RAN + thread, 1)
}

/** As a blocked isolate: looks, and sleeps until its bell rings, until `look` says what came. */
function sleepUntil<R>(at: World, thread: number, look: () => R | undefined): R {
  const { words } = at
  const mine = me(at, thread)
  for (;;) {
    const seen = load(words, doorbell(mine))
    const came = look()
    if (came !== undefined) return came
    setSleeping(words, mine, true)
    waitSync(words, doorbell(mine), seen)
    setSleeping(words, mine, false)
  }
}

/** Hands a fork over, comes to it, and takes it back or waits for it. */
function owner(used: Used) {
  return (at: World): string => {
    const { words } = at
    const mine = me(at, OWNER)
    poke(words, fork(at) + HOLDER, mine)
    used.hand(words, fork(at), mine)
    const takenBack = (): string | undefined => {
      if (!used.takeBack(words, fork(at), mine)) return undefined
      run(at, OWNER)
      return "taken back"
    }
    const first = takenBack()
    if (first !== undefined) return first
    return sleepUntil(at, OWNER, () => {
      if (inbox.takeAll(words, mine) !== 0) return "ended"
      return lookAfterDeath(at, used) ?? takenBack()
    })
  }
}

/** As an isolate does after a death: what was begun is lost, what was not is in the list again. */
function lookAfterDeath(at: World, used: Used): string | undefined {
  const { words } = at
  const mine = me(at, OWNER)
  settle(words, forksOf(OWNER), mine)
  if (isAlive(words, peek(words, fork(at) + HOLDER))) return undefined
  if (peek(words, spare(at) + BEGUN) === 1) return "died"
  poke(words, fork(at) + HOLDER, mine)
  used.hand(words, fork(at), mine)
  return undefined
}

/** Wants a fork, takes it and runs it, or finds that it cannot. */
function thief(used: Used, thread: number, canRun: boolean) {
  return (at: World): string => {
    const { words } = at
    const mine = me(at, thread)
    return sleepUntil(at, thread, () => {
      used.want(words, mine)
      const record = used.takeFork(words, OWNER, mine)
      if (record === 0) return undefined
      used.wantNoMore(words, mine)
      if (canRun) {
        run(at, thread)
        inbox.tell(words, me(at, OWNER), record, record)
      } else used.putBack(words, record, me(at, OWNER), mine)
      return "over"
    })
  }
}

/** As main does: the dead is buried and everybody looks again. */
function ringAfterDeath(at: World, thread: number): void {
  buryThread(at, thread)
  for (const token of at.tokens) if (token !== me(at, thread)) ring(at.words, token)
}

function stolen(
  used: Used,
  name: string,
  thieves: readonly boolean[],
  kill: readonly number[] = [],
): ModelOptions<World, string> {
  return {
    name,
    setup: () => world(3),
    threads: [owner(used), ...thieves.map((canRun, i) => thief(used, i + 1, canRun))],
    kill,
    whenKilled: ringAfterDeath,
    mayWait: thieves.map((_, i) => i + 1),
    after(at, outcomes) {
      const runs = [0, 1, 2].filter((thread) => at.words[spare(at) + RAN + thread] === 1)
      if (outcomes.includes("killed")) assert.ok(runs.length <= 1, `run by ${runs}`)
      else assert.equal(runs.length, 1, `run by ${runs}`)
      assert.equal(take(at.words, forksOf(OWNER), 1, me(at, OWNER)), 0, "still in the list")
      if (outcomes[OWNER] === "taken back") assert.deepEqual(runs, [OWNER])
    },
  }
}

test("a fork is run once: by one of those who want it, or by its owner", () => {
  explored(stolen(requests, "steal request: one wants a fork", [true]))
  explored({
    ...stolen(requests, "steal request: two want a fork", [true, true]),
    preemptionsMax: 3,
  })
})

test("a fork that was put back is run all the same", () => {
  explored(stolen(requests, "steal request: one cannot run it", [false]))
  explored({
    ...stolen(requests, "steal request: one can run it, one cannot", [true, false]),
    preemptionsMax: 3,
  })
})

test("the owner of a fork learns of the death of the one who has it", () => {
  explored(stolen(requests, "steal request: a thief dies", [true], [1]))
  explored({
    ...stolen(requests, "steal request: one who cannot run it dies", [false], [1]),
    preemptionsMax: 2,
  })
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/steal-request.ts", "queue/steal-request.ts", from, to)
}

test("planted: an owner is not told that a fork was put back", async () => {
  const used = await bug("  if (isAlive(words, owner)) ring(words, owner)\n", "")
  found(stolen(used, "planted: put back in silence", [false]))
})

test("planted: a fork is put back under the name of the one who had it", async () => {
  const used = await planted<Used>(
    "queue/steal-request.ts",
    "queue/task-list.ts",
    "  poke(words, record + HOLDER, owner)\n",
    "",
  )
  found({
    ...stolen(used, "planted: put back under the thief's name", [false], [1]),
    preemptionsMax: 2,
  })
})

test("planted: a fork is taken back without a look whether it is there", async () => {
  const used = await bug("&& remove(words, list, record, me)", "")
  found(stolen(used, "planted: taken back unseen", [true]))
})
