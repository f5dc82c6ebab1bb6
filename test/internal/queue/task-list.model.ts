import assert from "node:assert/strict"
import { test } from "node:test"
import { read, write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import { NEXT } from "../../../src/internal/queue/inbox.ts"
import * as lists from "../../../src/internal/queue/task-list.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof lists

/** Spare words: for each thread the records it took, then the records. */
const TAKEN = 0
const TAKEN_WORDS = 8
const RECORDS = 32
const RECORD_WORDS = 16
const RECORD_COUNT = 4

function recordOf(at: World, i: number): number {
  return spare(at) + RECORDS + i * RECORD_WORDS
}

function listOf(used: Used): number {
  return used.listOf(0)
}

/** Appends two chains to its own list, taking one record in between and one at the end. */
function owner(used: Used, at: World): void {
  const { words } = at
  const [a, b, c] = [recordOf(at, 1), recordOf(at, 2), recordOf(at, 3)]
  write(words, a + NEXT, b)
  used.append(words, listOf(used), a, b, 2, me(at, 0))
  note(at, 0, 0, used.take(words, listOf(used), 1, me(at, 0)))
  used.append(words, listOf(used), c, c, 1, me(at, 0))
  note(at, 0, 1, used.take(words, listOf(used), 1, me(at, 0)))
}

function thief(used: Used, thread: number) {
  return (at: World): void => {
    note(at, thread, 0, used.steal(at.words, listOf(used), 2, me(at, thread)))
  }
}

/** Notes a chain of records as taken. */
function note(at: World, thread: number, from: number, first: number): void {
  let place = spare(at) + TAKEN + thread * TAKEN_WORDS + from * 2
  for (let record = first; record !== 0; record = read(at.words, record + NEXT)) {
    write(at.words, place++, record)
  }
}

function stolen(
  used: Used,
  name: string,
  thieves: number,
  kill?: readonly number[],
): ModelOptions<World> {
  const threads = [(at: World) => owner(used, at)]
  for (let i = 0; i < thieves; i++) threads.push(thief(used, i + 1))
  return {
    name,
    setup() {
      const at = world(4, 1)
      const first = recordOf(at, 0)
      used.append(at.words, listOf(used), first, first, 1, me(at, 0))
      return at
    },
    threads,
    kill,
    whenKilled: buryThread,
    after(at, outcomes) {
      const { words } = at
      const judge = me(at, 3)
      used.settle(words, listOf(used), judge)
      const found = outcomes.flatMap((outcome, thread) => {
        if (outcome === "killed") return []
        const start = spare(at) + TAKEN + thread * TAKEN_WORDS
        return [...words.subarray(start, start + TAKEN_WORDS)].filter((record) => record !== 0)
      })
      const hinted = used.lengthHint(words, listOf(used))
      let left = 0
      let record = used.take(words, listOf(used), 100, judge)
      for (; record !== 0; record = words[record + NEXT]) {
        found.push(record)
        left++
      }
      assert.equal(hinted, left, "counted wrongly")
      assert.equal(new Set(found).size, found.length, "a task is in two hands")
      for (let i = 0; i < RECORD_COUNT; i++) {
        const one = recordOf(at, i)
        const holder = at.tokens.indexOf(words[one + used.HOLDER])
        const accounted = found.includes(one) || outcomes[holder] === "killed"
        assert.ok(accounted || (i > 0 && outcomes[0] === "killed"), `record ${i} is lost`)
      }
    },
  }
}

test("an owner appends and takes, thieves steal", () => {
  explored(stolen(lists, "task list: one thief", 1))
  explored({ ...stolen(lists, "task list: two thieves", 2), preemptionsMax: 3 })
})

test("thieves and owners may die", () => {
  explored(stolen(lists, "task list: one thief, one dies", 1, [0, 1]))
  explored({
    ...stolen(lists, "task list: two thieves, two die", 2, [1, 2]),
    preemptionsMax: 1,
    killsMax: 2,
  })
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/task-list.ts", "queue/task-list.ts", from, to)
}

test("planted: a thief does not say who it is", async () => {
  const used = await bug("  poke(words, first + HOLDER, me)\n  for (", "  for (")
  found(stolen(used, "planted: task list without a holder", 1, [1]))
})

test("planted: nobody counts again", async () => {
  const used = await bug(
    "if (enter(words, list + GUARD, me)) recount(words, list, me)",
    "enter(words, list + GUARD, me)",
  )
  found(stolen(used, "planted: task list that does not count again", 1, [1]))
})

test("planted: stealing does not enter the guard", async () => {
  const used = await bug("if (!tryEnter(words, list + GUARD, me)) return 0", "")
  found(stolen(used, "planted: task list stolen from without its guard", 1))
})
