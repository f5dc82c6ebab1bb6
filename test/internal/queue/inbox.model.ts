import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import * as inbox from "../../../src/internal/queue/inbox.ts"
import { explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof inbox

/** The receiver's thread and slot. */
const RECEIVER = 2
/** Spare words: how many nodes were taken, which, and the nodes themselves. */
const TAKEN = 0
const NODES = 16
const NODE_WORDS = 16

function nodeOf(at: World, thread: number, i: number): number {
  return spare(at) + NODES + (thread * 2 + i) * NODE_WORDS
}

/** What a teller tells: one node, two, or a chain of two. */
type Telling = "one" | "two" | "chain"

function teller(used: Used, thread: number, telling: Telling) {
  return (at: World): void => {
    const { words } = at
    const [first, second] = [nodeOf(at, thread, 0), nodeOf(at, thread, 1)]
    if (telling === "chain") write(words, second + inbox.NEXT, first)
    used.tell(words, me(at, RECEIVER), telling === "chain" ? second : first, first)
    if (telling === "two") used.tell(words, me(at, RECEIVER), second, second)
  }
}

/** Takes whatever comes, for ever, asleep in between. */
function receiver(used: Used) {
  return (at: World): void => {
    const { words } = at
    const mine = me(at, RECEIVER)
    let taken = 0
    for (;;) {
      const seen = load(words, doorbell(mine))
      for (let node = used.takeAll(words, mine); node !== 0; ) {
        const next = read(words, node + inbox.NEXT)
        write(words, spare(at) + TAKEN + 1 + taken++, node)
        write(words, spare(at) + TAKEN, taken)
        node = next
      }
      setSleeping(words, mine, true)
      waitSync(words, doorbell(mine), seen)
      setSleeping(words, mine, false)
    }
  }
}

/** As main does: the dead is buried and everybody looks again. */
function ringAfterDeath(at: World, thread: number): void {
  bury(at.words, me(at, thread))
  ring(at.words, me(at, RECEIVER))
}

function told(
  used: Used,
  name: string,
  tellings: readonly [Telling, Telling],
  kill: readonly number[] = [],
): ModelOptions<World> {
  return {
    name,
    setup: () => world(4),
    threads: [teller(used, 0, tellings[0]), teller(used, 1, tellings[1]), receiver(used)],
    kill,
    whenKilled: ringAfterDeath,
    mayWait: [RECEIVER],
    after(at, outcomes) {
      const { words } = at
      const left = inbox.takeAll(words, me(at, RECEIVER))
      assert.equal(left, 0, "asleep with something in the inbox")
      const start = spare(at) + TAKEN
      const taken = [...words.subarray(start + 1, start + 1 + words[start])]
      assert.equal(new Set(taken).size, taken.length, `taken twice: ${taken}`)
      for (const thread of [0, 1]) {
        const both = [nodeOf(at, thread, 0), nodeOf(at, thread, 1)]
        const mine = taken.filter((node) => both.includes(node))
        assert.deepEqual(mine, both.slice(0, mine.length), "in another order")
        const sent = tellings[thread] === "one" ? 1 : 2
        if (outcomes[thread] !== "killed") assert.equal(mine.length, sent, "lost")
      }
    },
  }
}

test("two tell, one sleeps and takes", () => {
  explored(told(inbox, "inbox: a node each", ["one", "one"]))
  explored(told(inbox, "inbox: a node and a chain", ["one", "chain"]))
})

test("a teller may die", () => {
  explored(told(inbox, "inbox: a teller dies", ["one", "chain"], [0, 1]))
})

const BELL = "memory/doorbell.ts"

async function bug(from: string, to: string, file = "queue/inbox.ts"): Promise<Used> {
  return planted<Used>("queue/inbox.ts", file, from, to)
}

test("planted: the bell is not rung, only heard", async () => {
  const used = await bug("  add(words, page + PAGE.DOORBELL, 1)\n  if", "  if", BELL)
  found(told(used, "planted: doorbell that does not change", ["one", "one"]))
})

test("planted: the sleeper is looked for before the bell changes", async () => {
  const used = await bug(
    "  add(words, page + PAGE.DOORBELL, 1)\n  if (load(words, page + PAGE.SLEEPING) !== 0) notify(",
    "  const sleeps = load(words, page + PAGE.SLEEPING)\n  add(words, page + PAGE.DOORBELL, 1)\n  if (sleeps !== 0) notify(",
    BELL,
  )
  found(told(used, "planted: doorbell that looks too early", ["one", "one"]))
})

test("planted: the inbox is emptied by a store", async () => {
  const used = await bug(
    "let node = exchange(words, inbox, 0)",
    "let node = load(words, inbox)\n  store(words, inbox, 0)",
  )
  found(told(used, "planted: inbox emptied in two steps", ["one", "one"]))
})

test("planted: a node is put on a top that has changed", async () => {
  const used = await bug(
    "    top = seen\n",
    "    if (seen === 0) top = seen\n    else return false\n",
  )
  found(told(used, "planted: inbox that gives up", ["one", "one"]))
})
