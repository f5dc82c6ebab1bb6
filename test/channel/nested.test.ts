import assert from "node:assert/strict"
import { test } from "node:test"
import { type Channel, channel, f64, i32, struct } from "../../src/index.ts"

const Pair = struct({ a: i32, b: f64, c: i32 })
type Pair = { a: number; b: number; c: number }

/** Enough for both ends to become this isolate's own. */
const WARM = 3000

function warmed(capacity: number): Channel<Pair> {
  const pairs = channel({ capacity, of: Pair })
  for (let i = 0; i < WARM; i++) {
    assert.equal(pairs.trySend({ a: i, b: i, c: i }), "ok")
    assert.deepEqual(pairs.tryReceive(), { state: "ok", value: { a: i, b: i, c: i } })
  }
  return pairs
}

/** A value whose second field is read by calling `act`. */
function acting(a: number, act: () => void): Pair {
  return {
    a,
    get b() {
      act()
      return a
    },
    c: a,
  }
}

function drained(pairs: Channel<Pair>): number[] {
  const got: number[] = []
  for (let next = pairs.tryReceive(); next.state === "ok"; next = pairs.tryReceive()) {
    assert.deepEqual(next.value, { a: next.value.a, b: next.value.a, c: next.value.a })
    got.push(next.value.a)
  }
  return got
}

for (const [mode, make] of [
  ["a lone sender", () => warmed(64)],
  ["a guarded sender", () => channel({ capacity: 64, of: Pair })],
] as const) {
  test(`${mode}: a getter that sends on the same channel spoils nothing`, () => {
    const pairs = make()
    const inner = acting(2, () => assert.equal(pairs.trySend({ a: 3, b: 3, c: 3 }), "ok"))
    const outer = acting(1, () => {
      assert.equal(pairs.trySend(inner), "ok")
      assert.equal(pairs.trySend({ a: 4, b: 4, c: 4 }), "ok")
    })
    assert.equal(pairs.trySend(outer), "ok")
    assert.equal(pairs.trySend({ a: 5, b: 5, c: 5 }), "ok")
    assert.deepEqual(drained(pairs).toSorted(), [1, 2, 3, 4, 5])
  })

  test(`${mode}: what a getter sent is sent although its object was refused`, () => {
    const pairs = make()
    const refused = acting(1, () => assert.equal(pairs.trySend({ a: 2, b: 2, c: 2 }), "ok"))
    refused.c = 0.5
    assert.throws(() => pairs.trySend(refused), /value\.c must be an integer/)
    assert.deepEqual(drained(pairs), [2])
  })

  test(`${mode}: a getter that closes the channel keeps its object out`, () => {
    const pairs = make()
    const closing = acting(1, () => {
      assert.equal(pairs.trySend({ a: 2, b: 2, c: 2 }), "ok")
      pairs.close()
      assert.equal(pairs.trySend({ a: 3, b: 3, c: 3 }), "closed")
    })
    assert.equal(pairs.trySend(closing), "closed")
    assert.deepEqual(drained(pairs), [2])
  })

  test(`${mode}: a getter that flushes or receives changes nothing`, async () => {
    const pairs = make()
    assert.equal(pairs.trySend({ a: 1, b: 1, c: 1 }), "ok")
    const flushing = acting(2, () => {
      pairs.flush()
      assert.equal(pairs.tryReceive().state, "ok")
    })
    assert.equal(pairs.trySend(flushing), "ok")
    assert.equal((await pairs.receive()).a, 2)
    assert.deepEqual(drained(pairs), [])
  })

  test(`${mode}: a getter's send finds the channel full with its object's slot taken`, () => {
    const pairs = mode === "a lone sender" ? warmed(4) : channel({ capacity: 4, of: Pair })
    const states: string[] = []
    const outer = acting(1, () => {
      for (let i = 2; i < 7; i++) states.push(pairs.trySend({ a: i, b: i, c: i }))
    })
    const outcome = pairs.trySend(outer)
    const sent = states.filter((state) => state === "ok").length + (outcome === "ok" ? 1 : 0)
    assert.equal(sent, 4)
    assert.equal(drained(pairs).length, 4)
  })
}

test("what an isolate has sent it receives at once, published or not", () => {
  const ints = channel({ of: i32 })
  for (let i = 0; i < WARM; i++) {
    assert.equal(ints.trySend(i), "ok")
    assert.deepEqual(ints.tryReceive(), { state: "ok", value: i })
  }
})
