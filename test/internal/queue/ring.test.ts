import assert from "node:assert/strict"
import { test } from "node:test"
import {
  GROUP_MESSAGES,
  LEASE_AFTER_OPERATIONS,
  LEASE_MESSAGES,
  LEASE_REST_MESSAGES,
  LONE_AFTER_MESSAGES,
  LOOK_MESSAGES,
} from "#platform/limits"
import { bury } from "../../../src/internal/memory/owners.ts"
import { FOREIGN, NONE } from "../../../src/internal/queue/ring.ts"
import { abandon, depthOf, keepGuarded, SIDE_WORDS } from "../../../src/internal/queue/side.ts"
import { Ring, ringWords } from "../../support/ring.ts"
import { freshMemory, wordsFor } from "../../support/shared-memory.ts"

function setting(capacity: number, isolates = 3) {
  const { words, tokens } = freshMemory(4, isolates)
  const at = wordsFor(4) - ringWords(capacity)
  const rings = tokens.map((token) => new Ring(words, at, token, capacity))
  return { words, at, tokens, rings: rings as [Ring, Ring, Ring] }
}

/** Makes both ends lone in their rings and leaves the ring empty; returns how many went through. */
function makeLone(sender: Ring, receiver: Ring): number {
  const got: number[] = []
  for (let i = 0; i <= LONE_AFTER_MESSAGES; i++) {
    assert.equal(sender.send(i), 1)
    sender.writer.publish()
    assert.equal(receiver.receive(got), 1)
    receiver.reader.publish()
  }
  assert.notEqual(sender.writer.owner(), 0)
  assert.notEqual(receiver.reader.owner(), 0)
  return got.length
}

for (const capacity of [1, 2, 8]) {
  test(`capacity ${capacity} is exact and order is kept`, () => {
    const { rings } = setting(capacity)
    const got: number[] = []
    let sent = 0
    for (let lap = 0; lap < 5; lap++) {
      for (let i = 0; i < capacity; i++) assert.equal(rings[0].send(sent++), 1)
      assert.equal(rings[1].send(-1), NONE)
      for (let i = 0; i < capacity; i++) assert.equal(rings[2].receive(got), 1)
      assert.equal(rings[1].receive(got), NONE)
    }
    assert.deepEqual(
      got,
      Array.from({ length: sent }, (_, i) => i),
    )
  })
}

test("several are moved at once, as many as there is room for", () => {
  const { words, at, rings } = setting(8)
  const got: number[] = []
  assert.equal(rings[0].send(1, 2, 3, 4, 5), 5)
  assert.equal(depthOf(words, at, at + SIDE_WORDS), 5)
  assert.equal(rings[0].send(6, 7, 8, 9), 3)
  assert.equal(rings[1].receive(got, 100), 8)
  assert.deepEqual(got, [1, 2, 3, 4, 5, 6, 7, 8])
})

test("positions wrap around at 32 bits", () => {
  const { words, at, rings } = setting(4)
  for (const side of [at, at + SIDE_WORDS]) words[side + 1] = 0x7ffffffe
  const got: number[] = []
  for (let i = 0; i < 12; i += 3) {
    assert.equal(rings[0].send(i, i + 1, i + 2), 3)
    assert.equal(rings[1].receive(got, 3), 3)
  }
  assert.deepEqual(
    got,
    Array.from({ length: 12 }, (_, i) => i),
  )
})

test("a side used by one isolate alone becomes lone and is published in groups", () => {
  const { tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  assert.equal(rings[0].writer.owner(), tokens[0])
  const got: number[] = []
  for (let i = 0; i < GROUP_MESSAGES - 1; i++) rings[0].send(i)
  assert.equal(rings[1].receive(got), NONE)
  rings[0].send(-1)
  assert.equal(rings[1].receive(got, 1000), GROUP_MESSAGES)
  rings[0].send(5)
  assert.equal(rings[0].writer.publish(), true)
  assert.equal(rings[0].writer.publish(), false)
  assert.equal(rings[1].receive(got), 1)
})

for (const capacity of [1, 2]) {
  test(`lone ends of capacity ${capacity} still pass everything`, () => {
    const { rings } = setting(capacity)
    makeLone(rings[0], rings[1])
    const got: number[] = []
    for (let i = 0; i < 10; i++) {
      assert.equal(rings[0].send(i), 1)
      assert.equal(rings[1].receive(got), 1)
    }
    assert.equal(rings[1].receive(got), NONE)
    assert.deepEqual(got, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
}

test("a lone side is asked for, yielded, and shared from then on", () => {
  const { tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  rings[0].send(1)
  assert.equal(rings[2].send(2), FOREIGN)
  assert.equal(rings[2].writer.owner(), tokens[0])
  assert.equal(rings[0].writer.yield(), true)
  assert.equal(rings[0].writer.yield(), false)
  assert.equal(rings[2].send(2), 1)
  assert.equal(rings[0].send(3), 1)
  const got: number[] = []
  assert.equal(rings[1].receive(got, 10), 3)
  assert.deepEqual(got, [1, 2, 3])
  for (let i = 0; i < 2 * LONE_AFTER_MESSAGES; i++) {
    assert.equal(rings[0].send(i), 1)
    rings[0].writer.pause()
    rings[1].receive(got)
    rings[1].reader.publish()
  }
  assert.equal(rings[0].writer.owner(), 0, "it never becomes lone again")
})

test("a lone side that is slow publishes each slot", () => {
  const { rings } = setting(4096)
  makeLone(rings[0], rings[1])
  const got: number[] = []
  const { writer } = rings[0]
  writer.isSlow = true
  assert.equal(rings[0].send(0), 1)
  assert.equal(rings[1].receive(got), 1)
  for (let i = 1; i < 4; i++) {
    assert.equal(writer.look(), true)
    writer.stride = 1
    assert.equal(rings[0].send(i), 1)
    assert.equal(rings[1].receive(got), 1)
  }
  assert.deepEqual(got, [0, 1, 2, 3])
})

/** A ring whose sending end the first and the third isolate have used, and the first leases. */
function leased() {
  const at = setting(4096)
  const { rings, tokens } = at
  for (const ring of [rings[2], rings[0], rings[2]]) assert.equal(ring.send(0), 1)
  for (let i = 0; i < LEASE_AFTER_OPERATIONS; i++) {
    assert.equal(rings[0].writer.owner(), 0)
    assert.equal(rings[0].send(i), 1)
  }
  assert.equal(rings[0].writer.owner(), tokens[0])
  rings[1].receive([], 4096)
  return at
}

test("a side that several use is leased to who uses it again and again, until it pauses", () => {
  const { rings } = leased()
  const got: number[] = []
  assert.equal(rings[0].send(1), 1)
  assert.equal(rings[1].receive(got), NONE, "sent in groups")
  rings[0].writer.pause()
  assert.equal(rings[0].writer.owner(), 0)
  assert.equal(rings[2].send(2), 1)
  assert.equal(rings[1].receive(got, 10), 2)
  assert.deepEqual(got, [1, 2])
})

test("a lease is given up to who asks, after some messages", () => {
  const { tokens, rings } = leased()
  assert.equal(rings[2].send(-1), FOREIGN)
  let kept = 0
  for (; rings[0].writer.owner() === tokens[0]; kept++) assert.equal(rings[0].send(kept), 1)
  assert.ok(kept <= LEASE_MESSAGES + LOOK_MESSAGES, `${kept} messages`)
  assert.equal(rings[2].send(-1), 1)
  const got: number[] = []
  rings[1].receive(got, 4096)
  assert.deepEqual(got, [...Array(kept).keys(), -1])
})

test("a lease ends when there is no room", () => {
  const { tokens, rings } = leased()
  while (rings[0].send(0) === 1) assert.equal(rings[0].writer.owner(), tokens[0])
  assert.equal(rings[0].writer.owner(), 0)
})

test("after waiting for a lease in vain nobody leases for a while", () => {
  const { rings } = leased()
  assert.equal(rings[2].send(-1), FOREIGN)
  rings[0].writer.pause()
  for (let i = 0; i < LEASE_REST_MESSAGES; i++) {
    assert.equal(rings[0].send(i), 1)
    assert.equal(rings[0].writer.owner(), 0)
  }
  assert.equal(rings[0].send(0), 1)
  assert.notEqual(rings[0].writer.owner(), 0)
})

test("a side that is kept guarded is neither lone nor leased", () => {
  const { words, at, rings } = setting(4096)
  keepGuarded(words, at)
  for (let i = 0; i < 2 * LONE_AFTER_MESSAGES; i++) {
    assert.equal(rings[i % 64 === 0 ? 2 : 0].send(i), 1)
    assert.equal(rings[0].writer.owner(), 0)
    rings[1].receive([])
    rings[1].reader.publish()
  }
})

test("an asked owner yields by itself with its next use", () => {
  const { rings } = setting(4096)
  makeLone(rings[0], rings[1])
  rings[0].send(1)
  assert.equal(rings[2].send(9), FOREIGN)
  rings[0].send(2)
  assert.equal(rings[2].send(3), 1)
  const got: number[] = []
  rings[1].receive(got, 10)
  assert.deepEqual(got, [1, 2, 3])
})

test("what a dead lone writer wrote is sent", () => {
  const { words, tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  for (let i = 0; i < 5; i++) rings[0].send(i)
  bury(words, tokens[0])
  assert.equal(rings[2].send(5), 1)
  const got: number[] = []
  rings[1].receive(got, 10)
  assert.deepEqual(got, [0, 1, 2, 3, 4, 5])
})

test("what a dead lone writer wrote is received, also when nobody writes any more", () => {
  const { words, tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  for (let i = 0; i < 5; i++) rings[0].send(i)
  const got: number[] = []
  assert.equal(rings[1].receive(got, 10), NONE)
  bury(words, tokens[0])
  assert.equal(rings[1].receive(got, 10), 5)
  assert.deepEqual(got, [0, 1, 2, 3, 4])
})

test("what a dead lone reader took makes room, also when nobody reads any more", () => {
  const { words, tokens, rings } = setting(8)
  makeLone(rings[0], rings[1])
  rings[0].send(1, 2, 3, 4, 5, 6, 7, 8)
  rings[0].writer.publish()
  rings[1].receive([])
  assert.equal(rings[0].send(9), NONE)
  bury(words, tokens[1])
  assert.equal(rings[0].send(9), 1)
})

test("what a dead lone reader took is not delivered again", () => {
  const { words, tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  rings[0].send(1, 2, 3, 4)
  rings[0].writer.publish()
  const got: number[] = []
  rings[1].receive(got)
  rings[1].receive(got)
  bury(words, tokens[1])
  rings[2].receive(got, 10)
  assert.deepEqual(got, [1, 2, 3, 4])
})

test("a lone side whose isolate lost its view can be abandoned", () => {
  const { words, at, tokens, rings } = setting(4096)
  makeLone(rings[0], rings[1])
  rings[0].send(1)
  abandon(words, at, tokens[2])
  assert.equal(rings[2].send(2), FOREIGN, "by nobody else")
  abandon(words, at, tokens[0])
  assert.equal(rings[2].send(2), 1)
  const got: number[] = []
  rings[1].receive(got, 10)
  assert.deepEqual(got, [1, 2])
})
