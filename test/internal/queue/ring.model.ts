import assert from "node:assert/strict"
import { test } from "node:test"
import { write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as ring from "../../../src/internal/queue/ring.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"
import { Ring } from "../../support/ring.ts"

type Used = typeof ring

/** Who sends which numbers; how often each receiver tries; how many go at once; who may die. */
interface Shape {
  readonly capacity: number
  readonly senders: readonly (readonly number[])[]
  readonly receivers: readonly number[]
  readonly batch?: number
  readonly kill?: readonly number[]
  /** Whether several isolates have used both ends before: then they are leased, never lone. */
  readonly isShared?: boolean
}

/** Spare words: for each thread how much it has sent or what it has received, and the ring. */
const NOTES_WORDS = 16
const RING = 4 * NOTES_WORDS
/** The isolate that takes at the end what is left. */
const JUDGE = 3
/** Sent and taken before anything begins. */
const NOBODYS = -1

function endsOf(used: Used, at: World, thread: number, { capacity }: Shape): Ring {
  return new Ring(at.words, spare(at) + RING, me(at, thread), capacity, used.Side)
}

/** Sends until there is no room; notes how much has gone. */
function send(ends: Ring, notes: number, values: readonly number[], batch: number): void {
  for (let sent = 0; sent < values.length; ) {
    const moved = ends.send(...values.slice(sent, sent + batch))
    if (moved <= 0) break
    sent += moved
    write(ends.words, notes, sent)
  }
  ends.writer.yield()
}

/** Tries to receive some times; notes everything once it is taken. */
function receive(ends: Ring, notes: number, tries: number, batch: number): void {
  const got: number[] = []
  let noted = 0
  for (let i = 0; i < tries; i++) {
    ends.receive(got, batch)
    for (; noted < got.length; noted++) write(ends.words, notes + noted, got[noted])
  }
  ends.reader.yield()
}

function passing(used: Used, name: string, shape: Shape): ModelOptions<World> {
  const { senders, receivers, batch = 1, kill } = shape
  const notesOf = (at: World, thread: number) => spare(at) + thread * NOTES_WORDS
  return {
    name,
    setup() {
      const at = world(4)
      if (shape.isShared === true) {
        for (const thread of [0, JUDGE]) {
          const ends = endsOf(used, at, thread, shape)
          ends.send(NOBODYS)
          ends.receive([])
        }
      }
      return at
    },
    threads: [
      ...senders.map((values, thread) => (at: World) => {
        send(endsOf(used, at, thread, shape), notesOf(at, thread), values, batch)
      }),
      ...receivers.map((tries, i) => (at: World) => {
        const thread = senders.length + i
        receive(endsOf(used, at, thread, shape), notesOf(at, thread), tries, batch)
      }),
    ],
    kill,
    whenKilled: buryThread,
    after(at, outcomes) {
      const left: number[] = []
      const judge = endsOf(used, at, JUDGE, shape)
      let moved = 1
      while (moved > 0) moved = judge.receive(left, 100)
      const received = receivers.map((_, i) => {
        const start = notesOf(at, senders.length + i)
        return [...at.words.subarray(start, start + NOTES_WORDS)].filter((value) => value !== 0)
      })
      const sent = senders.map((_, thread) => at.words[notesOf(at, thread)])
      assertPassed(shape, sent, [...received, left], outcomes)
    },
  }
}

/** Nothing doubled or reordered, nothing lost but what a dying receiver had taken. */
function assertPassed(
  { senders, batch = 1 }: Shape,
  sent: readonly number[],
  received: readonly (readonly number[])[],
  outcomes: readonly unknown[],
): void {
  const all = received.flat()
  const lost = outcomes.slice(senders.length).includes("killed") ? batch : 0
  assert.equal(new Set(all).size, all.length, `doubled: ${all}`)
  assert.ok(
    all.every((value) => senders.flat().includes(value)),
    `never sent: ${all}`,
  )
  for (const [thread, values] of senders.entries()) {
    for (const one of received) {
      const mine = one.filter((value) => values.includes(value))
      assert.deepEqual(
        mine,
        [...mine].sort((a, b) => a - b),
        `reordered: ${one}`,
      )
    }
    const arrived = values.filter((value) => all.includes(value))
    const extra = outcomes[thread] === "killed" ? batch : 0
    const length = arrived.length
    const noted = sent[thread]
    assert.ok(length >= noted - lost && length <= noted + extra, `${noted} sent: ${arrived}`)
    if (lost === 0) assert.deepEqual(arrived, values.slice(0, length), "a hole")
  }
}

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["one to one, capacity 1", { capacity: 1, senders: [[1, 2, 3, 4, 5]], receivers: [5] }],
  ["one to one, capacity 2", { capacity: 2, senders: [[1, 2, 3, 4, 5]], receivers: [5] }],
  ["one to one, by twos", { capacity: 4, senders: [[1, 2, 3, 4, 5, 6]], receivers: [4], batch: 2 }],
  [
    "one to one, one dies",
    { capacity: 4, senders: [[1, 2, 3, 4, 5]], receivers: [4], kill: [0, 1] },
  ],
  ["two to one, capacity 1", { capacity: 1, senders: [[1, 2], [11]], receivers: [3] }],
  [
    "two senders, one lone",
    {
      capacity: 8,
      senders: [[1, 2, 3, 4], [11]],
      receivers: [],
    },
  ],
  [
    "two senders, one dies",
    { capacity: 8, senders: [[1, 2, 3, 4], [11]], receivers: [], kill: [0] },
  ],
  ["a lease", { capacity: 8, isShared: true, senders: [[1, 2, 3], [11]], receivers: [] }],
  [
    "a lease, one dies",
    { capacity: 8, isShared: true, senders: [[1, 2, 3], [11]], receivers: [], kill: [0, 1] },
  ],
  [
    "a lease and a receiver",
    { capacity: 8, isShared: true, senders: [[1, 2, 3], [11]], receivers: [1] },
  ],
  ["one to two", { capacity: 2, senders: [[1, 2, 3]], receivers: [2, 1] }],
  ["one to two, a receiver dies", { capacity: 2, senders: [[1, 2]], receivers: [2, 1], kill: [1] }],
]

for (const [name, shape] of SHAPES) {
  test(name, () => {
    explored(passing(ring, `ring: ${name}`, shape))
  })
}

test("two receivers of what is there, one lone, one dies", () => {
  const shape: Shape = { capacity: 8, senders: [], receivers: [3, 1], kill: [0, 1] }
  explored(filled(ring, "ring: two receivers of a full ring", shape))
})

/** The ring holds 1 to 6 from the beginning, sent by an isolate that is gone. */
function filled(used: Used, name: string, shape: Shape): ModelOptions<World> {
  const values = [1, 2, 3, 4, 5, 6]
  const options = passing(used, name, shape)
  return {
    ...options,
    setup() {
      const at = world(4)
      endsOf(used, at, JUDGE, shape).send(...values)
      return at
    },
    after(at, outcomes) {
      const left: number[] = []
      endsOf(used, at, JUDGE, shape).receive(left, 100)
      const received = shape.receivers.map((_, thread) => {
        const start = spare(at) + thread * NOTES_WORDS
        return [...at.words.subarray(start, start + NOTES_WORDS)].filter((value) => value !== 0)
      })
      const all = [...received, left].flat()
      assert.equal(new Set(all).size, all.length, `doubled: ${all}`)
      const deaths = outcomes.filter((outcome) => outcome === "killed").length
      assert.ok(all.length >= values.length - deaths, `lost: ${all}`)
    },
  }
}

async function bug(from: string, to: string, file = "queue/ring.ts"): Promise<Used> {
  return planted<Used>("queue/ring.ts", file, from, to)
}

const LONE_DIES: Shape = { capacity: 8, senders: [[1, 2, 3, 4], [11]], receivers: [], kill: [0] }

test("planted: a position is published before its slots", async () => {
  const used = await bug(
    "    if (room > 0) return room < max ? room : max\n    leave(",
    "    if (room > 0) {\n      store(words, this.#mine + POSITION, (this.position + 1) | 0)\n      return room < max ? room : max\n    }\n    leave(",
  )
  const shape: Shape = { capacity: 2, senders: [[1, 2]], receivers: [2] }
  found(passing(used, "planted: ring published too early", shape))
})

test("planted: lone before the private position is written", async () => {
  const used = await bug(
    "    poke(this.#words, this.#mine + PRIVATE, this.position)\n    store(this.#words, this.#mine + MODE, this.#me)\n",
    "    store(this.#words, this.#mine + MODE, this.#me)\n    poke(this.#words, this.#mine + PRIVATE, this.position)\n",
  )
  found(passing(used, "planted: lone too early", LONE_DIES))
})

test("planted: a side is taken over from a living owner", async () => {
  const used = await bug("if (mode !== this.#me && isAlive(words, mode)) return false", "")
  found(passing(used, "planted: side taken from the living", { ...LONE_DIES, kill: [] }))
})

test("planted: what a dead owner had not published is forgotten", async () => {
  const used = await bug(
    "  store(words, side + POSITION, peek(words, side + PRIVATE))\n",
    "",
    "queue/side.ts",
  )
  found(passing(used, "planted: ring that forgets the dead", LONE_DIES))
})

test("planted: a receiver leaves what a dead sender had not published", async () => {
  const used = await bug("return this.#settleOther() ? this.begin(max) : room", "return room")
  found(passing(used, "planted: ring that waits for the dead", LONE_DIES))
})

test("planted: a lease ends before what it sent is published", async () => {
  const used = await bug(
    "    share(words, this.#mine)\n    this.#lone = false\n",
    "    store(words, this.#mine + MODE, 0)\n    this.#lone = false\n",
  )
  const shape: Shape = { capacity: 8, isShared: true, senders: [[1, 2, 3], [11]], receivers: [] }
  found(passing(used, "planted: lease that forgets", shape))
})
