/** The ring of a broadcast: in all schedules, with deaths and planted bugs. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { add, load, write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as broadcast from "../../../src/internal/queue/broadcast.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof broadcast

interface Shape {
  readonly capacity: number
  /** How many values each sender sends. */
  readonly senders: readonly number[]
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

/** Values: a count and whether it was freed; value `i` of thread `t` is number `4 * t + i`. */
const VALUES = 32
const PLACE = 20
const GOT = 120

function valueAt(at: World, number: number): number {
  return spare(at) + VALUES + number * 2
}

function numberOf(at: World, value: number): number {
  return (value - spare(at) - VALUES) / 2
}

function letGo(used: Used, at: World, value: number): void {
  if (!used.letValueGo(at.words, value)) return
  assert.equal(add(at.words, value + 1, 1), 0, "freed twice")
}

function sending(used: Used, thread: number, count: number) {
  return (at: World): void => {
    for (let i = 0; i < count; i++) {
      const value = valueAt(at, 4 * thread + i)
      write(at.words, value, 1)
      const displaced = used.publishValue(at.words, spare(at), value, me(at, thread))
      if (displaced > 0) letGo(used, at, displaced)
    }
  }
}

/** Reads a few times; notes each value plus one, or how many were missed, minus. */
function reading(used: Used, thread: number, times: number) {
  return (at: World): void => {
    const { words } = at
    let noted = spare(at) + GOT
    for (let i = 0; i < times; i++) {
      let missed = 0
      const value = used.nextValue(words, spare(at), spare(at) + PLACE, me(at, thread), (count) => {
        missed = count
      })
      if (missed > 0) write(words, noted++, -missed)
      if (value <= 0) continue
      assert.equal(load(words, value + 1), 0, "freed while it is read")
      write(words, noted++, numberOf(at, value) + 1)
      letGo(used, at, value)
    }
  }
}

function model(used: Used, name: string, shape: Shape): ModelOptions<World> {
  const { capacity, senders, kill = [], preemptionsMax } = shape
  const reader = senders.length
  return {
    ...(preemptionsMax === undefined ? {} : { preemptionsMax }),
    name: `broadcast: ${name}`,
    setup() {
      const at = world(reader + 1)
      used.makeRing(at.words, spare(at), capacity)
      used.subscribe(at.words, spare(at), spare(at) + PLACE)
      return at
    },
    threads: [
      ...senders.map((count, thread) => sending(used, thread, count)),
      reading(used, reader, 2),
    ],
    kill,
    whenKilled: buryThread,
    after(at, outcomes) {
      // Whatever is left is read to the end, so that all is accounted for.
      if (outcomes[reader] === "killed") return
      const before = [...at.words.subarray(spare(at) + GOT, spare(at) + GOT + 12)].filter(Boolean)
      const rest: number[] = []
      for (let value = 1; value > 0; ) {
        value = used.nextValue(at.words, spare(at), spare(at) + PLACE, me(at, reader), (count) =>
          rest.push(-count),
        )
        if (value > 0) rest.push(numberOf(at, value) + 1)
      }
      const notes = [...before, ...rest]
      const got = notes.filter((note) => note > 0).map((note) => note - 1)
      const missed = notes.reduce((sum, note) => sum - Math.min(0, note), 0)
      assert.equal(new Set(got).size, got.length, `doubled: ${notes}`)
      for (const thread of senders.keys()) {
        const mine = got.filter((number) => number >> 2 === thread)
        assert.deepEqual(mine, mine.toSorted(), `reordered: ${notes}`)
      }
      if (outcomes.includes("killed")) return
      const sent = senders.reduce((sum, count) => sum + count, 0)
      assert.equal(got.length + missed, sent, `not told: ${notes}`)
    },
  }
}

test("one sends, one reads", () => {
  explored(model(broadcast, "one value kept", { capacity: 1, senders: [3] }))
  explored(model(broadcast, "two values kept", { capacity: 2, senders: [3] }))
})

test("two send, one reads", () => {
  explored(model(broadcast, "two senders", { capacity: 1, senders: [1, 1] }))
})

test("a sender or the reader may die", () => {
  explored(
    model(broadcast, "deaths", { capacity: 1, senders: [1, 1], kill: [0, 2], preemptionsMax: 2 }),
  )
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/broadcast.ts", "queue/broadcast.ts", from, to)
}

test("planted: a reader does not count what it reads", async () => {
  const used = await bug("    add(words, value, 1)\n", "")
  found(model(used, "planted, uncounted", { capacity: 1, senders: [3] }))
})

test("planted: a reader that was overtaken reads where it stood", async () => {
  const used = await bug("position = (position + missed) %", "position = position %")
  found(model(used, "planted, overtaken", { capacity: 1, senders: [3] }))
})

test("planted: a value is counted after the guard was left", async () => {
  const used = await bug(
    "    add(words, value, 1)\n    write(words, place, nextPosition(words, ring, position))\n  }\n  leave(words, ring + GUARD, me)\n",
    "    write(words, place, nextPosition(words, ring, position))\n  }\n  leave(words, ring + GUARD, me)\n  if (value > 0) add(words, value, 1)\n",
  )
  found(model(used, "planted, counted late", { capacity: 1, senders: [3] }))
})
