/** Who learns of an exit: tellers that die at any step, the next life, links, and planted bugs. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { load, read, write } from "#platform/atomics"
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
  /** Another actor is linked. */
  readonly linked?: boolean
  /** The watcher comes only while the exit is told, or leaves again. */
  readonly watcher?: "late" | "leaving"
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

const TELLER = 0
const WATCHER = 1
const STARTER = 2

const NODES = 64
const BLOCK = 128
const LINK = 144
const TARGET = 160
const RECORDS = 192
const START = 224
const LIFE = 3

const objectAt = (at: World): number => spare(at)
const mainOf = (at: World): number => at.tokens.at(-1) as number

/** As `fire` does: linked actors first, then isolates. `place`: nodes and records of its own. */
function fire({ box, watch }: Used, at: World, life: number, teller: number, place: number): void {
  const { words } = at
  const audience = watch.audience(words, objectAt(at), teller, () => {})
  for (const { block, target, heard } of audience) {
    if (target === 0) continue
    if (heard < life) box.postUrgent(words, target, spare(at) + RECORDS + place * 16, teller)
    watch.markHeard(words, objectAt(at), block, life, teller)
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
  if (shape.linked === true) {
    const target = spare(at) + TARGET
    mailbox.found(words, target, 8, 0, mainOf(at))
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
  const died = outcomes.includes("killed")
  if (outcomes[WATCHER] !== "killed") assert.equal(outcomes[WATCHER], 1, "heard of life 1")
  if (shape.restarts === true && outcomes[STARTER] !== "killed") assert.equal(outcomes[STARTER], 2)
  if (shape.linked !== true) return
  const told: number[] = []
  const token = mainOf(at)
  for (let i = 0; i < 3; i++) {
    const record = mailbox.takeUrgent(words, spare(at) + TARGET, token)
    if (record !== 0) told.push(record)
  }
  assert.ok(told.length >= 1 && told.length <= (died ? 2 : 1), `linked: told ${told.length} times`)
}

const SOUND: Used = { box: mailbox, watch: watchers }

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["one is told", {}],
  ["one comes late", { watcher: "late" }],
  ["one leaves", { watcher: "leaving" }],
  ["the teller dies", { kill: [TELLER] }],
  ["the teller dies, one comes late", { watcher: "late", kill: [TELLER], preemptionsMax: 2 }],
  ["a linked actor", { linked: true, kill: [TELLER], preemptionsMax: 2 }],
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

test("planted: a watcher is put into the chain without the guard", async () => {
  const watch = await planted<typeof watchers>(
    "queue/watchers.ts",
    "queue/watchers.ts",
    "number {\n  enterBox(words, object, me)\n  let life = 0",
    "number {\n  let life = 0",
  )
  found(modelOf({ box: mailbox, watch }, "planted, unguarded", { watcher: "late" }))
})
