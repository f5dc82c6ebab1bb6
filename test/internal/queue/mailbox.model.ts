/** The mailbox in all schedules: senders, the home, deaths at any step, and planted bugs. */
import { test } from "node:test"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import { explored, found } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"
import { modelOf, type Shape, type Used } from "./mailbox-threads.ts"

const ROOM: Shape = { capacity: 2, own: [2, 3], senders: [{ sends: [0, 1] }] }

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["two send", { senders: [{ sends: [0] }, { sends: [1] }], preemptionsMax: 2 }],
  ["one sends twice, with its own", { own: [2], senders: [{ sends: [0, 1] }], preemptionsMax: 3 }],
  [
    "a chain, and one",
    { senders: [{ sends: [0, 1], as: "chain" }, { sends: [2] }], preemptionsMax: 2 },
  ],
  ["exact", { exact: true, own: [2], senders: [{ sends: [0, 1] }], preemptionsMax: 3 }],
  [
    "the home dies",
    { own: [2], senders: [{ sends: [0, 1], as: "chain" }], kill: [0], preemptionsMax: 2 },
  ],
  [
    "the home dies, redelivered",
    { own: [2, 3], senders: [{ sends: [0, 1] }], kill: [0], redeliver: true, preemptionsMax: 1 },
  ],
  [
    "the home of an exact one dies",
    { exact: true, senders: [{ sends: [0, 1] }], kill: [0], redeliver: true, preemptionsMax: 2 },
  ],
  ["a sender dies", { senders: [{ sends: [0, 1] }, { sends: [2] }], kill: [1], preemptionsMax: 1 }],
  ["a lone sender dies", { senders: [{ sends: [0, 1] }], kill: [1], preemptionsMax: 2 }],
  ["the home dies, room for one", { ...ROOM, kill: [0], preemptionsMax: 1 }],
  [
    "room for one",
    {
      capacity: 1,
      senders: [{ sends: [0, 1], as: "patient" }],
      preemptionsMax: 3,
    },
  ],
  [
    "room for three",
    {
      capacity: 3,
      own: [0, 1],
      senders: [{ sends: [2, 3, 4, 5], as: "patient" }],
      preemptionsMax: 2,
    },
  ],
  [
    "two wait for room",
    {
      capacity: 1,
      senders: [
        { sends: [0, 1], as: "patient" },
        { sends: [2], as: "patient" },
      ],
      preemptionsMax: 1,
    },
  ],
  [
    "the oldest is dropped",
    {
      capacity: 1,
      exact: true,
      senders: [{ sends: [0, 1], as: "drop-oldest" }],
      preemptionsMax: 3,
    },
  ],
  ["it moves", { own: [0, 1], moves: 1, senders: [{ sends: [2, 3] }], preemptionsMax: 1 }],
]

for (const [name, shape] of SHAPES) test(name, () => explored(modelOf(mailbox, name, shape)))

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/mailbox.ts", "queue/mailbox.ts", from, to)
}

test("planted: a record leaves its chain before it is named", async () => {
  const used = await bug(
    "begin(words, object, record, me)\n  poke(words, object + HAND, read(words, record + NEXT))",
    "poke(words, object + HAND, read(words, record + NEXT))\n  begin(words, object, record, me)",
  )
  const shape: Shape = { own: [0], senders: [], kill: [0], redeliver: true }
  found(modelOf(used, "planted, unnamed", shape))
})

test("planted: what was taken is lost, called or not", async () => {
  const used = await bug("redeliver || peek(words, object + CURRENT) > 0", "redeliver")
  found(modelOf(used, "planted, not entered", { own: [0], senders: [], kill: [0] }))
})

test("planted: what was called is called again", async () => {
  const used = await bug("redeliver || peek(words, object + CURRENT) > 0", "current !== 0")
  found(modelOf(used, "planted, called twice", { own: [0], senders: [], kill: [0] }))
})

test("planted: the hand dies with its home", async () => {
  const used = await bug(
    "    if (state === LIVES) setState(words, object, DOWN)\n    putHandBack(words, object)",
    "    if (state === LIVES) setState(words, object, DOWN)",
  )
  found(modelOf(used, "planted, no hand", { own: [0, 1], senders: [], kill: [0] }))
})

test("planted: the home is told, and nobody looks whether that arrived", async () => {
  const used = await bug("!isAlive(words, teller) &&", "false &&")
  const shape: Shape = { senders: [{ sends: [0] }, { sends: [1] }], kill: [1], preemptionsMax: 1 }
  found(modelOf(used, "planted, unhealed", shape))
})

test("planted: TOLD stays", async () => {
  const used = await bug("  poke(words, object + TOLD, 0)\n  const isHere", "  const isHere")
  found(
    modelOf(used, "planted, told for ever", { senders: [{ sends: [0, 1] }], preemptionsMax: 1 }),
  )
})

test("planted: what lies in the hand takes no room", async () => {
  const used = await bug("+ peek(words, object + HELD)\n}", "\n}")
  const shape: Shape = { ...ROOM, kill: [0], preemptionsMax: 1 }
  found(modelOf(used, "planted, without a bound", shape))
})

test("planted: nobody looks who waits for room before all is taken", async () => {
  const used = await bug("2 * (taken + peek(words, object + HELD)) >=", "taken >")
  const shape: Shape = {
    capacity: 3,
    own: [0, 1],
    senders: [{ sends: [2, 3, 4, 5], as: "patient" }],
    preemptionsMax: 2,
  }
  found(modelOf(used, "planted, no room shown", shape))
})

test("planted: what is drawn overtakes the hand", async () => {
  const used = await bug("|| peek(words, object + HAND) !== 0) return", ") return")
  const shape: Shape = { own: [0, 1], senders: [{ sends: [2] }], preemptionsMax: 2 }
  found(modelOf(used, "planted, a hand lost", shape))
})
