/** What the threads of the mailbox's models do, and what must be true afterwards. */
import assert from "node:assert/strict"
import { load, peek, poke, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions, Outcome } from "../../../src/explore/index.ts"
import { doorbell, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { NEXT, takeAll } from "../../../src/internal/queue/inbox.ts"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import * as waitQueue from "../../../src/internal/queue/wait-queue.ts"
import { buryThread, me, spare, type World, world } from "../../support/model.ts"

/** The module under test, or one with a bug planted. */
export type Used = typeof mailbox

/** What a thread does beside: posts records, one after the other, or all as a chain. */
interface Sender {
  readonly sends: readonly number[]
  readonly as?: "chain" | "drop-oldest" | "patient"
}

/** Who does what in a model. */
export interface Shape {
  /** Thread 0 is the home; it posts these to its own actor first. */
  readonly own?: readonly number[]
  /** The others. */
  readonly senders: readonly Sender[]
  readonly capacity?: number
  readonly exact?: boolean
  readonly redeliver?: boolean
  /** The home ends its life after so many messages; the last thread starts the next at home. */
  readonly moves?: number
  readonly kill?: readonly number[]
  readonly preemptionsMax?: number
}

const QUEUE = 40
const NODES = 48
const RECORDS = 96
const RECORD_WORDS = 16
const DEATHS = 480
/** All that a thread sends were taken. */
const ALL = -1
const DONE = 2
const DROPPED = 3
/** Word of a record: the order in which it was handled. */
const PLACE = 8
/** Word of a record: its method has been called. */
const CALLED = 9
/** Word that counts what was handled. */
const HANDLED = 482

const objectAt = (at: World): number => spare(at)
const recordAt = (at: World, i: number): number => spare(at) + RECORDS + i * RECORD_WORDS

/** Marks a record as handled, or as dropped, which it is once. */
function settle(at: World, record: number, state: number): void {
  const { words } = at
  assert.equal(peek(words, record + mailbox.RECORD_STATE), mailbox.TAKEN, "taken once")
  const handled = spare(at) + HANDLED
  poke(words, handled, peek(words, handled) + 1)
  poke(words, record + PLACE, peek(words, handled))
  poke(words, record + mailbox.RECORD_STATE, state)
}

function ringFor(at: World, thread: number, token: number): void {
  if (token > 0 && token !== me(at, thread)) ring(at.words, token)
}

/** Posts what it has; a bit for each that was taken. */
function send(used: Used, at: World, thread: number, { sends, as }: Sender): number {
  const { words } = at
  const token = me(at, thread)
  const object = objectAt(at)
  const records = sends.map((i) => recordAt(at, i))
  if (as === "chain") {
    for (const [i, record] of records.entries()) write(words, record + NEXT, records[i + 1] ?? 0)
    const first = records[0]
    const last = records.at(-1) as number
    const answer = used.post(words, object, first, last, records.length, token)
    ringFor(at, thread, answer)
    return answer >= 0 ? ALL : 0
  }
  let taken = 0
  for (const [nth, record] of records.entries()) {
    let answer = used.post(words, object, record, record, 1, token)
    while (answer === used.FULL && as === "drop-oldest") {
      const oldest = used.dropOldest(words, object, token)
      if (oldest !== 0) settle(at, oldest, DROPPED)
      answer = used.post(words, object, record, record, 1, token)
    }
    if (answer === used.FULL && as === "patient") answer = wait(used, at, thread, record)
    ringFor(at, thread, answer)
    if (answer >= 0) taken |= 1 << nth
  }
  return taken
}

/** Stands in line, tries again, waits: as `loop/line.ts` does. */
function wait(used: Used, at: World, thread: number, record: number): number {
  const { words } = at
  const token = me(at, thread)
  const node = spare(at) + NODES + (thread - 1) * 16
  for (;;) {
    const seen = load(words, doorbell(token))
    if (takeAll(words, token) === node) waitQueue.wasTold(words, node)
    waitQueue.enqueue(words, node, token)
    const answer = used.post(words, objectAt(at), record, record, 1, token)
    if (answer !== used.FULL) {
      // A wake that it does not need is for somebody else.
      const queue = spare(at) + QUEUE
      if (!waitQueue.withdraw(words, node, token) && waitQueue.isWaiting(words, queue))
        waitQueue.wakeOne(words, queue, token)
      return answer
    }
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

/** Handles what is there; how much that was. */
function handle(used: Used, at: World, thread: number, max: number): number {
  const { words } = at
  const object = objectAt(at)
  let handled = 0
  for (; handled < max; handled++) {
    const record = used.take(words, object, me(at, thread))
    if (record === 0) break
    used.enterCurrent(words, object, record)
    write(words, record + CALLED, 1)
    settle(at, record, DONE)
    used.finishCurrent(words, object)
  }
  if (handled > 0 && used.mayBeFull(words, object, handled)) {
    used.showRoom(words, object)
    const queue = spare(at) + QUEUE
    if (waitQueue.isWaiting(words, queue)) waitQueue.wakeOne(words, queue, me(at, thread))
  }
  return handled
}

/** As the pump of an isolate: its inbox, what it holds, sleep. Never returns unless it moves on. */
function live(used: Used, at: World, thread: number, max: number): number {
  const { words } = at
  const token = me(at, thread)
  const object = objectAt(at)
  let left = max
  let deaths = 0
  for (;;) {
    const seen = load(words, doorbell(token))
    const died = load(words, spare(at) + DEATHS)
    // Nothing but the object comes here.
    if (takeAll(words, token) !== 0) ringFor(at, thread, used.arrived(words, object, token))
    if (died !== deaths) used.heal(words, object, token)
    deaths = died
    while (used.isUrgent(words, object)) {
      const start = used.takeUrgent(words, object, token)
      if (start === 0) break
    }
    if (used.homeHint(words, object) === token) left -= handle(used, at, thread, left)
    if (left === 0) return max
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

function home(used: Used, at: World, shape: Shape): number {
  const { words } = at
  const object = objectAt(at)
  for (const i of shape.own ?? []) {
    const record = recordAt(at, i)
    if (used.takesOwn(words, object)) used.postOwn(words, object, record)
    else if (used.post(words, object, record, record, 1, me(at, 0)) < 0)
      poke(words, record + mailbox.RECORD_STATE, DROPPED)
  }
  const handled = live(used, at, 0, shape.moves ?? Infinity)
  used.close(words, object, 1, used.DOWN, me(at, 0))
  used.vacate(words, object, 1, me(at, 0))
  // Whoever starts the next life hears of it.
  ring(words, me(at, shape.senders.length + 1))
  return handled
}

/** Starts the next life in its own isolate when the first has ended. */
function successor(used: Used, at: World, shape: Shape): number {
  const { words } = at
  const thread = shape.senders.length + 1
  const token = me(at, thread)
  const object = objectAt(at)
  const start = recordAt(at, 9)
  for (;;) {
    const seen = load(words, doorbell(token))
    if (used.settle(words, object, token, start, token) !== used.CLOSED) {
      if (used.stateHint(words, object) === used.LIVES) return live(used, at, thread, Infinity)
    }
    setSleeping(words, token, true)
    waitSync(words, doorbell(token), seen)
    setSleeping(words, token, false)
  }
}

function setup(shape: Shape): World {
  // One more than threads: main, which puts the affairs of the dead in order.
  const at = world(shape.senders.length + (shape.moves === undefined ? 2 : 3))
  const { words } = at
  const object = objectAt(at)
  const { capacity = 8, exact = false } = shape
  mailbox.found(words, object, capacity, exact ? mailbox.EXACT : 0, me(at, 0))
  mailbox.foundAlive(words, object)
  for (let thread = 1; thread <= shape.senders.length; thread++) {
    const node = spare(at) + NODES + (thread - 1) * 16
    waitQueue.makeNode(words, node, spare(at) + QUEUE, me(at, thread), thread)
    write(words, node, 1)
  }
  return at
}

/** As main: what the dead isolate had is put in order, then everybody looks again. */
function reap(used: Used, at: World, thread: number, shape: Shape): void {
  const { words } = at
  buryThread(at, thread)
  const main = at.tokens.at(-1) as number
  used.orphan(words, objectAt(at), me(at, thread), shape.redeliver ?? false, main)
  poke(words, spare(at) + DEATHS, peek(words, spare(at) + DEATHS) + 1)
  for (const token of at.tokens) ring(words, token)
}

/** The model of a mailbox used so. */
export function modelOf(used: Used, name: string, shape: Shape): ModelOptions<World, number> {
  const { senders, kill = [], preemptionsMax, moves } = shape
  const threads = [
    (at: World) => home(used, at, shape),
    ...senders.map((sender, i) => (at: World) => send(used, at, i + 1, sender)),
    ...(moves === undefined ? [] : [(at: World) => successor(used, at, shape)]),
  ]
  return {
    ...(preemptionsMax === undefined ? {} : { preemptionsMax }),
    name: `mailbox: ${name}`,
    setup: () => setup(shape),
    threads,
    kill,
    whenKilled: (at, thread) => reap(used, at, thread, shape),
    mayWait: [0, ...(moves === undefined ? [] : [senders.length + 1])],
    after: (at, outcomes) => assertSettled(at, shape, outcomes),
  }
}

/** The records that wait, in order. */
function waiting({ words }: World, object: number): number[] {
  const all: number[] = []
  const FIRST = object + 7
  for (let at = read(words, FIRST); at !== 0; at = read(words, at + NEXT)) {
    assert.ok(all.length < 9, "a chain ends")
    all.push(at)
  }
  return all
}

/** What the home of an object has left in hand: its method was entered. */
function enteredBy({ words }: World, object: number): number {
  const CURRENT = object + 14
  return -peek(words, CURRENT)
}

/**
 * Every message that was taken is handled once, dropped once, in hand of the dead, which had called
 * its method, or waits, and was not called unless it is to be called again; each sender's are
 * handled in its order; nothing waits where somebody lives.
 */
function assertSettled(at: World, shape: Shape, outcomes: readonly Outcome<number>[]): void {
  const { words } = at
  const object = objectAt(at)
  const waits = waiting(at, object)
  const stateOf = (record: number): number => read(words, record + mailbox.RECORD_STATE)
  const isDead = outcomes[0] === "killed"
  const all = [{ sends: shape.own ?? [] }, ...shape.senders]
  let inHand = 0
  for (const [thread, { sends }] of all.entries()) {
    const places: number[] = []
    for (const [nth, i] of sends.entries()) {
      const record = recordAt(at, i)
      const state = stateOf(record)
      const outcome = thread === 0 ? ALL : outcomes[thread]
      const taken = outcomes[thread] === "killed" ? 0 : (outcome as number)
      assert.equal(waits.filter((one) => one === record).length <= 1, true, "waits once")
      if (state === DONE || state === DROPPED) assert.ok(!waits.includes(record), "and is over")
      else if (waits.includes(record)) {
        assert.equal(state, mailbox.QUEUED, `${i} waits`)
        if (shape.redeliver !== true) assert.equal(read(words, record + CALLED), 0, "not called")
      } else if (state === mailbox.TAKEN) {
        inHand++
        assert.equal(enteredBy(at, object), record, `${i} was in hand`)
      } else assert.equal(taken & (1 << nth), 0, `message ${i} is lost: ${outcomes}`)
      if (state === DONE) places.push(read(words, record + PLACE))
    }
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
      "in order",
    )
  }
  const someDied = outcomes.includes("killed")
  assert.ok(inHand <= (someDied ? 1 : 0), `${inHand} in hand`)
  if (shape.redeliver === true && isDead) assert.equal(inHand, 0, "redelivered")
  if (!someDied && waits.length > 0) assert.fail(`${waits.length} wait, and somebody lives`)
  if (someDied && !isDead && waits.length > 0) assert.fail("the home was not told")
  assert.equal(mailbox.depthHint(words, object), waits.length, "the depth")
  assert.ok(waits.length <= (shape.capacity ?? 8) + (shape.own === undefined ? 0 : 1), "bounded")
}
