import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read, store, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as claims from "../../src/python/claims.ts"
import { endRow, ROW } from "../../src/python/world.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"

type Used = typeof claims

/** The interpreter that is asked, and those who ask it. */
const ASKED = 0
const FIRST = 1
const SECOND = 2
const MAIN = 3

/** Spare words: a world of one row, and what became of each claimant's last request. */
const ROW_AT = 32
const OUTCOMES = 64
const OUTCOME = { ANSWERED: 1, DIED: 2, MISSING: 3, RUNNING: 4 } as const

function place(at: World, thread: number) {
  return { at: { words: at.words, me: me(at, thread) }, guard: spare(at), row: spare(at) + ROW_AT }
}

/** Does what it is asked, for ever. */
function asked(used: Used) {
  return (model: World): void => {
    const { at, guard, row } = place(model, ASKED)
    for (;;) {
      const seen = load(at.words, row + ROW.TURN)
      const request = used.takeRequest(at.words, row)
      if (request === 0) waitSync(at.words, row + ROW.TURN, seen)
      else used.finishClaim(at, guard, row, request + 1, 0)
    }
  }
}

/** Asks so many times, and looks at each answer. */
function asker(used: Used, thread: number, times: number) {
  return (model: World): void => {
    const { at, row } = place(model, thread)
    for (let n = 0; n < times; n++)
      write(at.words, spare(model) + OUTCOMES + thread, ask(used, at.words, row, thread, n))
  }
}

function ask(used: Used, words: Int32Array, row: number, thread: number, n: number): number {
  const how = used.claimRow(words, row, ASKED, thread + 1)
  if (how !== "claimed") return how === "missing" ? OUTCOME.MISSING : OUTCOME.RUNNING
  const request = thread * 100 + n * 10
  const seen = used.postRequest(words, row, ASKED, request)
  if (seen === undefined) {
    used.unclaim(words, row)
    return OUTCOME.MISSING
  }
  while (load(words, row + ROW.DONE) === seen) waitSync(words, row + ROW.DONE, seen)
  const { block } = used.takeAnswer(words, row)
  used.unclaim(words, row)
  assert.ok(block === 0 || block === request + 1, `${request} was answered with ${block}`)
  return block === 0 ? OUTCOME.DIED : OUTCOME.ANSWERED
}

/** As main does it when an interpreter has died. */
function afterDeath(used: Used) {
  return (model: World, thread: number): void => {
    buryThread(model, thread)
    const { at, guard, row } = place(model, MAIN)
    used.orphanClaim(at, guard, row, thread)
    if (thread === ASKED) endRow(at, guard, row)
  }
}

function asks(
  used: Used,
  name: string,
  times: readonly [number, number],
  kill: readonly number[] = [],
): ModelOptions<World> {
  return {
    name,
    setup: () => {
      const made = world(4)
      store(made.words, spare(made) + ROW_AT + ROW.ID, ASKED + 1)
      return made
    },
    threads: [asked(used), asker(used, FIRST, times[0]), asker(used, SECOND, times[1])],
    kill,
    whenKilled: afterDeath(used),
    mayWait: [ASKED],
    preemptionsMax: 2,
    after(at, outcomes) {
      const { words } = at
      const row = spare(at) + ROW_AT
      assert.equal(read(words, row + ROW.CLAIM), 0, "nobody can claim it any more")
      for (const thread of [FIRST, SECOND]) {
        const outcome = read(words, spare(at) + OUTCOMES + thread)
        if (outcomes[thread] === "killed" || times[thread - 1] === 0) continue
        if (outcomes[ASKED] !== "killed" && times[2 - thread] === 0)
          assert.equal(outcome, OUTCOME.ANSWERED)
        assert.notEqual(outcome, 0)
      }
      if (outcomes[ASKED] !== "killed")
        assert.equal(read(words, row + ROW.TURN), read(words, row + ROW.DONE), "asked, unanswered")
    },
  }
}

test("one asks again and again; two ask", () => {
  explored(asks(claims, "claims: one asks twice", [2, 0]))
  explored(asks(claims, "claims: two ask", [2, 1]))
})

test("whoever is asked may die at any moment", () => {
  explored(asks(claims, "claims: the asked dies", [2, 0], [ASKED]))
  explored(asks(claims, "claims: the asked dies, two ask", [1, 1], [ASKED]))
})

test("whoever asks may die at any moment, and another can ask", () => {
  explored(asks(claims, "claims: an asker dies", [2, 1], [FIRST]))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../python/claims.ts", "python/claims.ts", from, to)
}

test("planted: DONE is looked at when the request is there", async () => {
  const used = await bug(
    `  const seen = load(words, row + ROW.DONE)
  if (load(words, row + ROW.ID) !== id + 1) return undefined
  write(words, row + ROW.REQUEST, block)
  bump(words, row + ROW.TURN)
  return seen`,
    `  if (load(words, row + ROW.ID) !== id + 1) return undefined
  write(words, row + ROW.REQUEST, block)
  bump(words, row + ROW.TURN)
  return load(words, row + ROW.DONE)`,
  )
  found(asks(used, "planted: an answer before its question", [1, 0]))
})

test("planted: an interpreter that has died is asked", async () => {
  const used = await bug(
    `  const seen = load(words, row + ROW.DONE)
  if (load(words, row + ROW.ID) !== id + 1) return undefined`,
    `  if (load(words, row + ROW.ID) !== id + 1) return undefined
  const seen = load(words, row + ROW.DONE)`,
  )
  found(asks(used, "planted: a question to the dead", [1, 0], [ASKED]))
})

test("planted: a claim that nobody hears of is over before its answer", async () => {
  const used = await bug(
    `  add(words, row + ROW.DONE, 1)
  // Last: the next to claim reads DONE as it is then.
  if (!heard) store(words, row + ROW.CLAIM, 0)`,
    `  if (!heard) store(words, row + ROW.CLAIM, 0)
  add(words, row + ROW.DONE, 1)`,
  )
  found(asks(used, "planted: another's answer", [1, 1], [FIRST]))
})

test("planted: a claim whose owner died before it asked stays", async () => {
  const used = await bug(
    "isDead || load(words, row + ROW.TURN) === load(words, row + ROW.DONE)",
    "isDead || read(words, row + ROW.REPLY) !== 0",
  )
  found(asks(used, "planted: a claim for ever", [1, 0], [FIRST]))
})

test("planted: whoever was asked by one who died sleeps on", async () => {
  const used = await bug("if (!over) notify(words, row + ROW.TURN)", "if (!over) return undefined")
  found(asks(used, "planted: asked in its sleep", [1, 0], [FIRST]))
})
