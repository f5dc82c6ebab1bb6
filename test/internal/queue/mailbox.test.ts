import assert from "node:assert/strict"
import { test } from "node:test"
import { read } from "#platform/atomics"
import { NEXT, takeAll } from "../../../src/internal/queue/inbox.ts"
import * as mailbox from "../../../src/internal/queue/mailbox.ts"
import { me, spare, type World, world } from "../../support/model.ts"

const HOME = 0
const OTHER = 1

interface Box {
  readonly at: World
  readonly words: Int32Array
  readonly object: number
  readonly home: number
  readonly other: number
  record(i: number): number
  post(i: number, from?: number): number
  /** Takes all; the numbers of the records. */
  takeAll(): number[]
}

function box(capacity = 4, flags = 0): Box {
  const at = world(2)
  const { words } = at
  const object = spare(at)
  const [home, other] = [me(at, HOME), me(at, OTHER)]
  const record = (i: number): number => object + 64 + i * 16
  mailbox.found(words, object, capacity, flags, home)
  mailbox.foundAlive(words, object)
  return {
    at,
    words,
    object,
    home,
    other,
    record,
    post: (i, from = other) => mailbox.post(words, object, record(i), record(i), 1, from),
    takeAll() {
      const all: number[] = []
      for (;;) {
        const taken = mailbox.take(words, object, home)
        if (taken === 0) return all
        mailbox.finishCurrent(words, object)
        all.push((taken - object - 64) / 16)
      }
    },
  }
}

for (const flags of [0, mailbox.EXACT]) {
  const kind = flags === 0 ? "" : ", exact"

  test(`what is posted is taken in order${kind}`, () => {
    const { post, takeAll: take, words, object } = box(4, flags)
    for (const i of [0, 1, 2]) assert.ok(post(i) >= 0)
    assert.equal(mailbox.depthHint(words, object), 3)
    assert.deepEqual(take(), [0, 1, 2])
    assert.equal(mailbox.depthHint(words, object), 0)
    assert.equal(mailbox.handledHint(words, object), 3)
  })

  test(`a chain is taken whole or not at all${kind}`, () => {
    const { words, object, other, record, post, takeAll: take } = box(3, flags)
    words[record(0) + NEXT] = record(1)
    assert.ok(mailbox.post(words, object, record(0), record(1), 2, other) >= 0)
    words[record(2) + NEXT] = record(3)
    assert.equal(mailbox.post(words, object, record(2), record(3), 2, other), mailbox.FULL)
    assert.ok(post(2) >= 0)
    assert.equal(post(3), mailbox.FULL)
    assert.deepEqual(take(), [0, 1, 2])
  })

  test(`a life ends with messages waiting; the next one has them${kind}`, () => {
    const { words, object, home, other, record, post, takeAll: take } = box(4, flags)
    for (const i of [0, 1, 2]) post(i)
    assert.equal(mailbox.take(words, object, home), record(0))
    mailbox.finishCurrent(words, object)
    assert.ok(mailbox.close(words, object, 1, mailbox.DOWN, home))
    assert.equal(mailbox.close(words, object, 2, mailbox.DOWN, home), false)
    assert.ok(post(3) >= 0, "who is down takes messages")
    assert.equal(mailbox.settle(words, object, home, record(9), other), mailbox.TELLING)
    mailbox.vacate(words, object, 1, home)
    assert.ok(mailbox.settle(words, object, home, record(9), other) >= 0)
    assert.equal(mailbox.livesHint(words, object), 2)
    assert.equal(mailbox.takeUrgent(words, object, home), record(9))
    assert.deepEqual(take(), [1, 2, 3])
  })

  for (const [state, redeliver] of [
    ["redelivered", true],
    ["dropped", false],
    ["not entered", false],
  ] as const) {
    test(`the home dies with one in hand, ${state}${kind}`, () => {
      const { words, object, home, other, record, post, takeAll: take } = box(4, flags)
      for (const i of [0, 1, 2]) post(i)
      assert.equal(mailbox.take(words, object, home), record(0))
      const isBack = redeliver || state === "not entered"
      if (state !== "not entered") mailbox.enterCurrent(words, object, record(0))
      assert.equal(mailbox.currentHint(words, object), record(0))
      assert.equal(mailbox.orphan(words, object, home, redeliver, other), mailbox.LIVES)
      assert.equal(mailbox.stateHint(words, object), mailbox.DOWN)
      assert.equal(mailbox.depthHint(words, object), isBack ? 3 : 2)
      mailbox.vacate(words, object, 1, other)
      mailbox.settle(words, object, home, record(9), other)
      assert.deepEqual(take(), isBack ? [0, 1, 2] : [1, 2])
    })
  }
}

test("the home posts to itself: after what it was told before, without a bell", () => {
  const { words, object, home, record, post, takeAll: take } = box()
  assert.ok(mailbox.takesOwn(words, object))
  mailbox.postOwn(words, object, record(0))
  mailbox.postOwn(words, object, record(1))
  assert.equal(post(2, home), home, "its own token says: look yourself")
  assert.equal(mailbox.takesOwn(words, object), false, "nothing overtakes what was posted")
  assert.deepEqual(take(), [0, 1, 2])
})

test("its own messages count", () => {
  const { words, object, record, post } = box(2)
  mailbox.postOwn(words, object, record(0))
  mailbox.postOwn(words, object, record(1))
  assert.equal(mailbox.takesOwn(words, object), false)
  assert.equal(post(2), mailbox.FULL)
})

test("the home is told once", () => {
  const { words, object, home, post } = box()
  assert.equal(post(0), home, "to be rung")
  assert.equal(post(1), 0, "told already")
  assert.equal(takeAll(words, home), object)
  assert.equal(mailbox.arrived(words, object, home), 0)
  assert.equal(post(2), home)
})

test("the system lane goes first, is never full, and ends with its life", () => {
  const { words, object, home, other, record, post } = box(1)
  post(0)
  assert.equal(post(1), mailbox.FULL)
  for (const i of [2, 3])
    assert.ok(mailbox.postUrgent(words, object, record(i), other) !== mailbox.CLOSED)
  assert.ok(mailbox.isUrgent(words, object))
  assert.equal(mailbox.takeUrgent(words, object, home), record(2))
  assert.equal(mailbox.drainUrgent(words, object, home), 0, "it lives")
  mailbox.close(words, object, 1, mailbox.DOWN, home)
  assert.equal(mailbox.drainUrgent(words, object, home), record(3))
  assert.equal(mailbox.postUrgent(words, object, record(4), other), mailbox.CLOSED)
})

test("who is gone takes nothing; what is left is drained", () => {
  const { words, object, home, post, record } = box()
  for (const i of [0, 1]) post(i)
  mailbox.close(words, object, 1, mailbox.GONE, home)
  assert.equal(post(2), mailbox.CLOSED)
  assert.deepEqual(
    [1, 2, 3].map(() => mailbox.drain(words, object, home)),
    [record(0), record(1), 0],
  )
  assert.equal(mailbox.settle(words, object, home, record(9), home), mailbox.CLOSED)
})

test("the oldest is dropped; any message may be taken", () => {
  const { words, object, home, other, record, post, takeAll: take } = box(4, mailbox.EXACT)
  for (const i of [0, 1, 2, 3]) post(i)
  assert.equal(mailbox.dropOldest(words, object, other), record(0))
  assert.equal(mailbox.following(words, object, 0, home), record(1))
  assert.equal(mailbox.following(words, object, record(1), home), record(2))
  assert.equal(mailbox.following(words, object, record(1), home, true), record(2))
  assert.equal(mailbox.takeThis(words, object, record(2), home, record(1)), record(1))
  assert.equal(mailbox.takeThis(words, object, record(0), home), -1)
  assert.equal(mailbox.currentHint(words, object), record(2))
  mailbox.finishCurrent(words, object)
  assert.deepEqual(take(), [1, 3])
  assert.equal(read(words, record(2) + mailbox.RECORD_HOLDER), home)
})

test("a record whose taker died is found in the mailbox, or is not", () => {
  const { words, object, home, record, post } = box()
  post(0)
  assert.ok(mailbox.isListed(words, object, record(0), home))
  assert.equal(mailbox.isListed(words, object, record(1), home), false)
})
