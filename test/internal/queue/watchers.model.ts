/** Who learns of an exit: tellers that die at any step, the next life, links, and planted bugs. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read, store, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions, Outcome } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { NEXT, takeAll, tell } from "../../../src/internal/queue/inbox.ts"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import * as watchers from "../../../src/internal/queue/watchers.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

/** The two files as one thread uses them. */
interface Used {
  readonly box: typeof mailbox
  readonly watch: typeof watchers
}

interface Shape {
  /** Somebody starts the next life as soon as it may. */
  readonly restarts?: boolean
  /** Another actor is linked, which hears while it is told, or later. */
  readonly linked?: "hearing" | "later"
  /** The watcher comes only while the exit is told, or leaves again. */
  readonly watcher?: "late" | "leaving"
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

const TELLER = 0
const WATCHER = 1
const STARTER = 2
const HEARER = 2

const NODES = 64
const BLOCK = 128
const LINK = 144
const TARGET = 160
const RECORDS = 192
const START = 224
/** Whether somebody has died. */
const DEATH = 240
const LIFE = 3

const objectAt = (at: World): number => spare(at)
const mainOf = (at: World): number => at.tokens.at(-1) as number

/** As `fire` does: linked actors first, then isolates. `place`: nodes and records of its own. */
function fire({ watch }: Used, at: World, life: number, teller: number, place: number): void {
  const { words } = at
  const audience = watch.audience(words, objectAt(at), teller, () => {})
  for (const watcher of audience) {
    if (!watch.isUnheard(watcher, life, false)) continue
    const record = spare(at) + RECORDS + place * 16
    const token = watch.tellOnce(words, watcher, record, life, teller)
    if (token > 0) ring(words, token)
  }
  for (const { token, target } of audience) {
    if (target !== 0) continue
    const node = spare(at) + NODES + place * 16
    write(words, node, 1)
    write(words, node + LIFE, life)
    tell(words, token, node, node)
  }
}

/** The home ends the first life. */
function end(used: Used, at: World): number {
  const token = me(at, TELLER)
  used.box.close(at.words, objectAt(at), 1, used.box.DOWN, token)
  fire(used, at, 1, token, 0)
  used.box.vacate(at.words, objectAt(at), 1, token)
  ring(at.words, me(at, STARTER))
  return 1
}

/** Waits for the end of the first life; how often it heard of it. */
function listen({ watch }: Used, at: World, shape: Shape): number {
  const { words } = at
  const token = me(at, WATCHER)
  let heard = 0
  if (shape.watcher === "late") {
    watch.makeWatcher(words, spare(at) + BLOCK, token, 1)
    heard = watch.watch(words, objectAt(at), spare(at) + BLOCK, token) - 1
    // It came after that life, of whose end it may hear or not.
    if (heard > 0) return heard
  }
  for (;;) {
    const seen = load(words, doorbell(token))
    for (let node = takeAll(words, token); node !== 0; node = read(words, node + NEXT)) {
      if (read(words, node + LIFE) > heard) heard = read(words, node + LIFE)
    }
    if (heard > 0) break
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
  if (shape.watcher === "leaving")
    assert.ok(watch.unwatch(words, objectAt(at), spare(at) + BLOCK, token))
  return heard
}

/** Lives as the linked actor until it has heard of an exit; how often it has. */
function hear({ box }: Used, at: World): number {
  const { words } = at
  const token = me(at, HEARER)
  const target = spare(at) + TARGET
  for (let told = 0; ; ) {
    const seen = load(words, doorbell(token))
    let isToLook = takeAll(words, token) !== 0
    if (isToLook) box.arrived(words, target, token)
    if (load(words, spare(at) + DEATH) !== 0) isToLook ||= box.heal(words, target, token)
    while (isToLook && box.takeUrgent(words, target, token) !== 0) told++
    if (told > 0) return told
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

/** Starts the second life, in its own isolate. */
function start({ box }: Used, at: World): number {
  const { words } = at
  const token = me(at, STARTER)
  for (;;) {
    const seen = load(words, doorbell(token))
    const answer = box.settle(words, objectAt(at), token, spare(at) + START, token)
    if (answer >= 0) return box.livesHint(words, objectAt(at))
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

function setup(shape: Shape): World {
  const at = world(4)
  const { words } = at
  const object = objectAt(at)
  mailbox.found(words, object, 8, 0, me(at, TELLER))
  mailbox.foundAlive(words, object)
  if (shape.watcher !== "late") {
    watchers.makeWatcher(words, spare(at) + BLOCK, me(at, WATCHER), 1)
    watchers.watch(words, object, spare(at) + BLOCK, me(at, WATCHER))
  }
  if (shape.linked !== undefined) {
    const target = spare(at) + TARGET
    mailbox.found(words, target, 8, 0, me(at, HEARER))
    mailbox.foundAlive(words, target)
    watchers.makeLink(words, spare(at) + LINK, target)
    watchers.watch(words, object, spare(at) + LINK, mainOf(at))
  }
  return at
}

/** As main: ends the life of the dead, or tells of its end once more. */
function reap(used: Used, at: World, thread: number): void {
  const { words } = at
  const main = mainOf(at)
  buryThread(at, thread)
  store(words, spare(at) + DEATH, 1)
  const state = used.box.orphan(words, objectAt(at), me(at, thread), false, main)
  if (state >= 0) {
    const life = used.box.livesHint(words, objectAt(at))
    used.box.close(words, objectAt(at), life, used.box.DOWN, main)
    fire(used, at, life, main, 1)
    used.box.vacate(words, objectAt(at), life, main)
  }
  for (const token of at.tokens) ring(words, token)
}

function modelOf(used: Used, name: string, shape: Shape): ModelOptions<World, number> {
  const { kill = [], preemptionsMax, restarts } = shape
  const threads = [(at: World) => end(used, at), (at: World) => listen(used, at, shape)]
  if (shape.linked === "hearing") threads.push((at: World) => hear(used, at))
  if (restarts === true) threads.push((at: World) => start(used, at))
  return {
    ...(preemptionsMax === undefined ? {} : { preemptionsMax }),
    name: `watchers: ${name}`,
    setup: () => setup(shape),
    threads,
    kill,
    whenKilled: (at, thread) => reap(used, at, thread),
    after: (at, outcomes) => assertHeard(at, shape, outcomes),
  }
}

function assertHeard(at: World, shape: Shape, outcomes: readonly Outcome<number>[]): void {
  const { words } = at
  if (outcomes[WATCHER] !== "killed") assert.equal(outcomes[WATCHER], 1, "heard of life 1")
  if (shape.restarts === true && outcomes[STARTER] !== "killed") assert.equal(outcomes[STARTER], 2)
  if (shape.linked === undefined) return
  const target = spare(at) + TARGET
  let told = shape.linked === "hearing" ? (outcomes[HEARER] as number) : 0
  while (mailbox.takeUrgent(words, target, me(at, HEARER)) !== 0) told++
  assert.equal(told, 1, "the linked actor hears once")
}

const SOUND: Used = { box: mailbox, watch: watchers }

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["one is told", {}],
  ["one comes late", { watcher: "late" }],
  ["one leaves", { watcher: "leaving" }],
  ["the teller dies", { kill: [TELLER] }],
  ["the teller dies, one comes late", { watcher: "late", kill: [TELLER], preemptionsMax: 2 }],
  ["a linked actor hears later", { linked: "later", kill: [TELLER], preemptionsMax: 2 }],
  ["a linked actor hears meanwhile", { linked: "hearing", kill: [TELLER], preemptionsMax: 1 }],
  ["the next life", { restarts: true, preemptionsMax: 2 }],
  ["the next life of a dead teller", { restarts: true, kill: [TELLER], preemptionsMax: 1 }],
  ["the watcher dies", { kill: [WATCHER], preemptionsMax: 2 }],
]

for (const [name, shape] of SHAPES) test(name, () => explored(modelOf(SOUND, name, shape)))

test("planted: the next life begins before all have heard", async () => {
  const box = await planted<typeof mailbox>(
    "queue/mailbox.ts",
    "queue/mailbox.ts",
    "const isNew = peek(words, object + LIFE) === 0",
    "const isNew = true",
  )
  const shape: Shape = { restarts: true, kill: [TELLER], preemptionsMax: 1 }
  found(modelOf({ box, watch: watchers }, "planted, too early", shape))
})

test("planted: the end of a life whose home has told nobody is not told", async () => {
  const box = await planted<typeof mailbox>(
    "queue/mailbox.ts",
    "queue/mailbox.ts",
    "    state = stateOf(words, object)\n",
    "    state = stateOf(words, object)\n    if (state === DOWN) state = -1\n",
  )
  found(modelOf({ box, watch: watchers }, "planted, untold", { kill: [TELLER] }))
})

test("planted: who enters next does not say that a linked actor was told", async () => {
  const box = await planted<typeof mailbox>(
    "queue/mailbox.ts",
    "queue/mailbox.ts",
    "    if (said <= 0) continue\n",
    "    if (said !== -1) continue\n",
  )
  const watch = await planted<typeof watchers>(
    "queue/watchers.ts",
    "queue/mailbox.ts",
    "    if (said <= 0) continue\n",
    "    if (said !== -1) continue\n",
  )
  const shape: Shape = { linked: "later", kill: [TELLER], preemptionsMax: 2 }
  found(modelOf({ box, watch }, "planted, said by nobody", shape))
})

test("planted: a linked actor is told, and that is said when its guard was left", async () => {
  const watch = await planted<typeof watchers>(
    "queue/watchers.ts",
    "queue/mailbox.ts",
    "    poke(words, said, what)\n    poke(words, record + RECORD_STATE, QUEUED)\n",
    "    poke(words, record + RECORD_STATE, QUEUED)\n    leaveBox(words, object, me)\n" +
      "    enterBox(words, object, me)\n    poke(words, said, what)\n",
  )
  const shape: Shape = { linked: "hearing", kill: [TELLER], preemptionsMax: 1 }
  found(modelOf({ box: mailbox, watch }, "planted, heard twice", shape))
})

test("planted: after a death nobody looks at the system lane", async () => {
  const box = await planted<typeof mailbox>(
    "queue/mailbox.ts",
    "queue/mailbox.ts",
    "isLost || read(words, object + URGENT) !== 0",
    "isLost",
  )
  const shape: Shape = { linked: "hearing", kill: [TELLER], preemptionsMax: 1 }
  found(modelOf({ box, watch: watchers }, "planted, told and not seen", shape))
})

test("planted: a watcher is put into the chain without the guard", async () => {
  const watch = await planted<typeof watchers>(
    "queue/watchers.ts",
    "queue/watchers.ts",
    "number {\n  enterBox(words, object, me)\n  let life = 0",
    "number {\n  let life = 0",
  )
  found(modelOf({ box: mailbox, watch }, "planted, unguarded", { watcher: "late" }))
})
