/**
 * A life begins in an isolate that dies at any step: then it lives nowhere, and whoever starts it
 * knows.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { load } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions, Outcome } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { takeAll } from "../../../src/internal/queue/inbox.ts"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof mailbox

const HOME = 0
const STARTER = 1

const objectAt = (at: World): number => spare(at)
const startAt = (at: World): number => spare(at) + 64
const inHandAt = (at: World): number => spare(at) + 96

/** Waits until it is told that it is somebody's home. */
function live(used: Used, at: World): number {
  const { words } = at
  const token = me(at, HOME)
  for (;;) {
    const seen = load(words, doorbell(token))
    if (takeAll(words, token) !== 0) used.arrived(words, objectAt(at), token)
    if (used.isUrgent(words, objectAt(at))) return used.takeUrgent(words, objectAt(at), token)
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

function start(used: Used, at: World): number {
  const { words } = at
  const home = me(at, HOME)
  const answer = used.settle(words, objectAt(at), home, startAt(at), me(at, STARTER))
  if (answer > 0) ring(words, answer)
  return answer
}

/** As main does: the actors of the dead are taken from it. */
function reap(used: Used, at: World): void {
  const { words } = at
  const [dead, main] = [me(at, HOME), at.tokens.at(-1) as number]
  buryThread(at, HOME)
  if (!used.concerns(words, objectAt(at), dead)) return
  assert.equal(used.currentHint(words, objectAt(at)), 0, "what an earlier life had in hand")
  used.orphan(words, objectAt(at), dead, false, main)
}

function assertStarted(used: Used, at: World, [lived, started]: readonly Outcome<number>[]): void {
  const { words } = at
  const state = used.stateHint(words, objectAt(at))
  if (started === mailbox.HOMELESS) assert.equal(state, mailbox.DOWN, "not started")
  else if (lived === "killed") assert.equal(state, mailbox.DOWN, "it lives with the dead")
  else assert.equal(lived, startAt(at), "it was told")
}

/** A life before, whose isolate died in a method. */
function dieWithOneInHand(used: Used, at: World): void {
  const { words } = at
  const [object, home, main] = [objectAt(at), me(at, STARTER), at.tokens.at(-1) as number]
  used.foundAlive(words, object)
  used.postOwn(words, object, inHandAt(at))
  used.enterCurrent(words, object, used.take(words, object, home))
  used.orphan(words, object, home, false, main)
  assert.equal(used.takeLeft(words, object), inHandAt(at))
  used.vacate(words, object, 1, main)
}

function modelOf(
  used: Used,
  name: string,
  kill: readonly number[],
  isSecond = false,
): ModelOptions<World, number> {
  return {
    name: `mailbox: ${name}`,
    setup() {
      const at = world(3)
      mailbox.found(at.words, objectAt(at), 4, 0, me(at, STARTER))
      if (isSecond) dieWithOneInHand(used, at)
      return at
    },
    threads: [(at) => live(used, at), (at) => start(used, at)],
    kill,
    whenKilled: (at) => reap(used, at),
    mayWait: [HOME],
    after: (at, outcomes) => assertStarted(used, at, outcomes),
  }
}

test("a life begins elsewhere", () => explored(modelOf(mailbox, "a life begins", [])))
test("its home dies", () => explored(modelOf(mailbox, "its home dies", [HOME])))

test("the home of its second life dies", () =>
  explored(modelOf(mailbox, "the home of its second life dies", [HOME], true)))

test("planted: what a life had in hand stays named", async () => {
  const used = await bug(
    "currentHint(words, object)\n  poke(words, object + CURRENT, 0)",
    "currentHint(words, object)",
  )
  found(modelOf(used, "planted, another life's message", [HOME], true))
})

test("planted: nobody looks whether its home lives", async () => {
  const used = await bug("    if (isAlive(words, home)) {", "    if (home !== 0) {")
  found(modelOf(used, "planted, a home that died", [HOME]))
})

test("planted: it is looked for before it is named", async () => {
  const used = await bug(
    "    store(words, object + HOME, home)\n    if (isAlive(words, home)) {",
    "    if (isAlive(words, home)) {\n      store(words, object + HOME, home)",
  )
  found(modelOf(used, "planted, named too late", [HOME]))
})

function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/mailbox.ts", "queue/mailbox.ts", from, to)
}
