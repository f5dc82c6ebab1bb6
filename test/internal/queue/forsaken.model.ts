/**
 * An actor exits while the isolate of its supervisor dies, or its own while the supervisor gives it
 * up: somebody makes it GONE, once, and nobody writes into what was given back.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { load, poke, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions, Outcome } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { takeAll, tell } from "../../../src/internal/queue/inbox.ts"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import * as watchers from "../../../src/internal/queue/watchers.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

/** The two files as one thread uses them. */
interface Used {
  readonly box: typeof mailbox
  readonly watch: typeof watchers
}

const TELLER = 0
const SUPERVISOR = 1
const LINKER = 2

const BLOCK = 64
const LINK = 80
const TARGET = 112
const RECORDS = 160
const NODES = 288
/** How often the actor was made GONE. */
const ENDS = 400
/** How often the block of the link was given back. */
const FREES = 401
/** What stands in a block that was given back. */
const FREED = -7
/** Word of a block: of what an actor was told. */
const HEARD = 5

interface Shape {
  readonly kill?: number
  /** The link is made at any time. */
  readonly late?: boolean
}

const objectAt = (at: World): number => spare(at)
const linkAt = (at: World): number => spare(at) + LINK
const mainOf = (at: World): number => at.tokens.at(-1) as number

function free(at: World, block: number): void {
  poke(at.words, block + HEARD, FREED)
  poke(at.words, spare(at) + FREES, read(at.words, spare(at) + FREES) + 1)
}

/** As `fire` of the room does; `place`: records and nodes of the teller's own. */
function fire({ watch }: Used, at: World, teller: number, place: number, final: boolean): void {
  const { words } = at
  const object = objectAt(at)
  const audience = watch.audience(words, object, teller, () => {})
  for (const watcher of audience) {
    const { block, target } = watcher
    const record = spare(at) + RECORDS + place * 16
    if (watch.isUnheard(watcher, 1, final)) watch.tellOnce(words, watcher, record, 1, teller)
    if (target !== 0 && final && watch.unwatch(words, object, block, teller)) free(at, block)
  }
  for (const { token, target } of audience) {
    if (target !== 0) continue
    const node = spare(at) + NODES + place * 16
    write(words, node, 1)
    tell(words, token, node, node)
  }
}

/** As `finish` of the room: for whoever alone may end that life. */
function finish(used: Used, at: World, by: number, place: number): void {
  const { words } = at
  if (!used.box.isIn(words, objectAt(at), 1)) return
  poke(words, spare(at) + ENDS, read(words, spare(at) + ENDS) + 1)
  if (used.box.close(words, objectAt(at), 1, used.box.GONE, by)) sweep(used, at, by, place)
}

/** What is left of an actor that is GONE. */
function sweep(used: Used, at: World, by: number, place: number): void {
  fire(used, at, by, place, true)
  used.box.vacate(at.words, objectAt(at), 1, by)
}

/** As `retellExit`. */
function tellExit(used: Used, at: World, by: number, place: number): void {
  fire(used, at, by, place, false)
  const supervisor = me(at, SUPERVISOR)
  if (used.box.vacate(at.words, objectAt(at), 1, by, supervisor)) finish(used, at, by, place + 1)
}

/** The home ends the life, after which the actor is down. */
function end(used: Used, at: World): number {
  const by = me(at, TELLER)
  if (used.box.close(at.words, objectAt(at), 1, used.box.DOWN, by)) tellExit(used, at, by, 0)
  return 1
}

/** Waits for the end of the life, and gives the actor up. */
function giveUp(used: Used, at: World): number {
  const { words } = at
  const by = me(at, SUPERVISOR)
  for (;;) {
    const seen = load(words, doorbell(by))
    if (takeAll(words, by) !== 0) break
    setSleeping(words, by, true)
    waitSync(words, doorbell(by), seen)
    setSleeping(words, by, false)
  }
  used.box.claim(words, objectAt(at), by, true)
  finish(used, at, by, 2)
  return 1
}

/** Links another actor. */
function link({ box, watch }: Used, at: World): number {
  const { words } = at
  const by = me(at, LINKER)
  watch.makeLink(words, linkAt(at), spare(at) + TARGET)
  if (watch.watch(words, objectAt(at), linkAt(at), by) !== 0) return 1
  box.postUrgent(words, spare(at) + TARGET, spare(at) + RECORDS + 6 * 16, by)
  free(at, linkAt(at))
  return 1
}

/** As main, when the supervisor's isolate has died, or the actor's. */
function reap(used: Used, at: World, thread: number): void {
  const { words } = at
  const main = mainOf(at)
  buryThread(at, thread)
  const state = used.box.orphan(words, objectAt(at), me(at, thread), false, main)
  if (state === used.box.LIVES) used.box.close(words, objectAt(at), 1, used.box.DOWN, main)
  if (state === used.box.LIVES || state === used.box.DOWN) tellExit(used, at, main, 4)
  if (state === used.box.GONE) sweep(used, at, main, 4)
  if (thread === SUPERVISOR && used.box.claim(words, objectAt(at), main, false))
    finish(used, at, main, 5)
  for (const token of at.tokens) ring(words, token)
}

function setup({ late }: Shape): World {
  const at = world(4)
  const { words } = at
  const [object, target] = [objectAt(at), spare(at) + TARGET]
  mailbox.found(words, object, 8, 0, me(at, TELLER))
  mailbox.foundAlive(words, object)
  mailbox.found(words, target, 8, 0, mainOf(at))
  mailbox.foundAlive(words, target)
  watchers.makeWatcher(words, spare(at) + BLOCK, me(at, SUPERVISOR), 1)
  watchers.watch(words, object, spare(at) + BLOCK, me(at, SUPERVISOR))
  if (late === true) return at
  watchers.makeLink(words, linkAt(at), target)
  watchers.watch(words, object, linkAt(at), mainOf(at))
  return at
}

function assertEnded(at: World, outcomes: readonly Outcome<number>[]): void {
  const { words } = at
  const object = objectAt(at)
  const isForsaken = outcomes[SUPERVISOR] === "killed"
  assert.equal(mailbox.stateHint(words, object), mailbox.GONE, "it is gone")
  assert.equal(mailbox.homeHint(words, object), 0, "everybody was told")
  assert.equal(watchers.audience(words, object, mainOf(at), () => {}).length <= 1, true, "unlinked")
  const ends = read(words, spare(at) + ENDS)
  // Main repeats what one has begun who died.
  assert.ok(ends === 1 || (isForsaken && ends === 2), `ended ${ends} times`)
  // Who dies between taking it out and giving it back leaks it.
  const frees = read(words, spare(at) + FREES)
  assert.ok(frees === 1 || (isForsaken && frees === 0), `given back ${frees} times`)
  if (frees === 1) assert.equal(read(words, linkAt(at) + HEARD), FREED, "it is somebody else's")
  let told = 0
  while (mailbox.takeUrgent(words, spare(at) + TARGET, mainOf(at)) !== 0) told++
  assert.equal(told, 1, "the linked actor hears once")
}

function modelOf(used: Used, name: string, shape: Shape): ModelOptions<World, number> {
  const { kill, late = false } = shape
  const threads = [(at: World) => end(used, at), (at: World) => giveUp(used, at)]
  if (late) threads.push((at: World) => link(used, at))
  return {
    name: `forsaken: ${name}`,
    preemptionsMax: late && kill !== undefined ? 1 : 2,
    setup: () => setup(shape),
    threads,
    kill: kill === undefined ? [] : [kill],
    whenKilled: (at, thread) => reap(used, at, thread),
    after: assertEnded,
  }
}

const SOUND: Used = { box: mailbox, watch: watchers }

test("its supervisor dies while its exit is told", () =>
  explored(modelOf(SOUND, "the supervisor dies", { kill: SUPERVISOR })))

test("it dies while its exit is told, and its supervisor gives it up", () =>
  explored(modelOf(SOUND, "the teller dies", { kill: TELLER })))

test("it is linked while its exit is told, or its supervisor gives it up", () =>
  explored(modelOf(SOUND, "linked late", { late: true })))

test("it dies, linked while its exit is told, or its supervisor gives it up", () =>
  explored(modelOf(SOUND, "linked late, the teller dies", { late: true, kill: TELLER })))

test("planted: who tells does not look whether anybody will start the next life", async () => {
  const box = await bug("starter !== 0 && !isAlive(words, starter)", "starter < 0")
  found(modelOf({ box, watch: watchers }, "planted, down for ever", { kill: SUPERVISOR }))
})

test("planted: main ends it while somebody tells of its exit", async () => {
  const box = await bug("mine || home === 0 || home === me", "home !== -1 || mine")
  found(modelOf({ box, watch: watchers }, "planted, ended twice", { kill: SUPERVISOR }))
})

test("planted: who gives it up does not say so first", async () => {
  const box = await bug("if (isClaimed) poke", "if (isClaimed && !mine) poke")
  found(modelOf({ box, watch: watchers }, "planted, half gone", { kill: SUPERVISOR }))
})

test("planted: a block is looked at that was given back", async () => {
  const watch = await watchBug("heard < 2 * life - (final ? 0 : 1)", "life > 0")
  found(modelOf({ box: mailbox, watch }, "planted, told too late", { kill: TELLER }))
})

test("planted: who links what is down does not hear that it is gone", async () => {
  const watch = await watchBug("2 * (life - 1) - (isDown ? 1 : 0)", "2 * (life - 1)")
  found(modelOf({ box: mailbox, watch }, "planted, linked too late", { late: true }))
})

function bug(from: string, to: string): Promise<typeof mailbox> {
  return planted<typeof mailbox>("queue/mailbox.ts", "queue/mailbox.ts", from, to)
}

function watchBug(from: string, to: string): Promise<typeof watchers> {
  return planted<typeof watchers>("queue/watchers.ts", "queue/watchers.ts", from, to)
}
