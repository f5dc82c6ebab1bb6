import assert from "node:assert/strict"
import { test } from "node:test"
import { add, load, notify, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions } from "../../src/explore/index.ts"
import * as chain from "../../src/python/chain.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../support/model.ts"
import { planted } from "../support/plant.ts"

type Used = typeof chain

/** Spare words: the chain, the count that who waits sleeps on, what was taken, the items. */
const CHAIN = 0
const PUTS = 16
const TAKEN = 32
const ITEMS = 64
const ITEM_WORDS = 16
const TAKER = 2
const MAIN = 3

function itemOf(at: World, thread: number, i: number): number {
  return spare(at) + ITEMS + (thread * 2 + i) * ITEM_WORDS
}

/** As `putItem` of a queue does it. */
function putter(used: Used, thread: number, items: number) {
  return (at: World): void => {
    const { words } = at
    for (let i = 0; i < items; i++) {
      const item = itemOf(at, thread, i)
      write(words, item + chain.ITEM.OWNER, thread)
      write(words, item + chain.ITEM.POLICY, i === 0 ? chain.UNBOUND.REMOVE : chain.UNBOUND.REPLACE)
      used.enterChain(words, spare(at) + CHAIN, me(at, thread))
      used.append(words, spare(at) + CHAIN, item)
      used.leaveChain(words, spare(at) + CHAIN, me(at, thread))
      add(words, spare(at) + PUTS, 1)
      notify(words, spare(at) + PUTS)
    }
  }
}

/** Takes whatever comes, for ever, asleep in between. */
function taker(used: Used, thread = TAKER) {
  return (at: World): void => {
    const { words } = at
    const mine = spare(at) + TAKEN + (thread - TAKER) * 8
    for (;;) {
      const seen = load(words, spare(at) + PUTS)
      used.enterChain(words, spare(at) + CHAIN, me(at, thread))
      const item = used.takeFirst(words, spare(at) + CHAIN)
      used.leaveChain(words, spare(at) + CHAIN, me(at, thread))
      if (item === 0) waitSync(words, spare(at) + PUTS, seen)
      else {
        const count = read(words, mine)
        write(words, mine + 1 + count, item)
        write(words, mine, count + 1)
      }
    }
  }
}

/** As main does: the dead is buried, its items lose their value, everybody looks again. */
function unbindAfterDeath(used: Used) {
  return (at: World, thread: number): void => {
    const { words } = at
    buryThread(at, thread)
    used.enterChain(words, spare(at) + CHAIN, me(at, MAIN))
    used.unbind(words, spare(at) + CHAIN, thread)
    used.leaveChain(words, spare(at) + CHAIN, me(at, MAIN))
    add(words, spare(at) + PUTS, 1)
    notify(words, spare(at) + PUTS)
  }
}

function takenIn({ words }: World, from: number): number[] {
  return [...words.subarray(from + 1, from + 1 + words[from])]
}

function put(
  used: Used,
  name: string,
  items: readonly [number, number],
  kill: readonly number[] = [],
): ModelOptions<World> {
  return {
    name,
    setup: () => world(4),
    threads: [putter(used, 0, items[0]), putter(used, 1, items[1]), taker(used)],
    kill,
    whenKilled: unbindAfterDeath(used),
    mayWait: [TAKER],
    preemptionsMax: kill.length > 0 ? 1 : 2,
    after(at, outcomes) {
      const { words } = at
      assert.equal(used.lengthOf(words, spare(at) + CHAIN), 0, "asleep with items in the chain")
      const taken = takenIn(at, spare(at) + TAKEN)
      assert.equal(new Set(taken).size, taken.length, `taken twice: ${taken}`)
      for (const thread of [0, 1]) {
        const all = Array.from({ length: items[thread] }, (_, i) => itemOf(at, thread, i))
        const mine = taken.filter((item) => all.includes(item))
        if (outcomes[thread] !== "killed") assert.deepEqual(mine, all, "lost, or in another order")
      }
    },
  }
}

test("two put, one sleeps and takes", () => {
  explored(put(chain, "chain: an item each", [1, 1]))
  explored(put(chain, "chain: two items and one", [2, 1]))
})

test("whoever puts may die, also inside the guard", () => {
  explored(put(chain, "chain: a putter dies", [2, 1], [0]))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("../python/chain.ts", "python/chain.ts", from, to)
}

test("planted: the chain is not mended after a death", async () => {
  const used = await bug(
    "if (enter(words, chain + GUARD, me)) repair(words, chain)",
    "enter(words, chain + GUARD, me)",
  )
  found(put(used, "planted: chain that is not mended", [2, 1], [0]))
})

test("planted: the item before the last is forgotten", async () => {
  const used = await bug("count === 0 ? chain + FIRST", "count <= 1 ? chain + FIRST")
  found(put(used, "planted: chain that forgets", [2, 1]))
})
