/**
 * The smallest programs whose outcomes are known: what sequential consistency allows, and nothing
 * else.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { add, load, pause, peek, poke, read, store, write } from "#platform/atomics"
import { type ModelOptions, model } from "../../src/explore/index.ts"
import { failureOf, sixteen } from "./failing.ts"

const X = 0
const Y = 1
const DATA = 2
const FLAG = 3

/** All combinations of results that occur. */
function results(threads: ModelOptions<Int32Array, unknown>["threads"]): string[] {
  const found = new Set<string>()
  model({
    name: "litmus",
    setup: sixteen,
    threads,
    after: (_, outcomes) => void found.add(outcomes.join(" ")),
  })
  return [...found].sort()
}

test("store buffering: never both zero", () => {
  const found = results([
    (words) => {
      store(words, X, 1)
      return load(words, Y)
    },
    (words) => {
      store(words, Y, 1)
      return load(words, X)
    },
  ])
  assert.deepEqual(found, ["0 1", "1 0", "1 1"])
})

test("load buffering: never both one", () => {
  const found = results([
    (words) => {
      const seen = load(words, X)
      store(words, Y, 1)
      return seen
    },
    (words) => {
      const seen = load(words, Y)
      store(words, X, 1)
      return seen
    },
  ])
  assert.deepEqual(found, ["0 0", "0 1", "1 0"])
})

test("two writers, two readers: the readers agree on the order", () => {
  const found = results([
    (words) => void store(words, X, 1),
    (words) => void store(words, Y, 1),
    (words) => `${load(words, X)}${load(words, Y)}`,
    (words) => `${load(words, Y)}${load(words, X)}`,
  ])
  assert.ok(!found.includes("  10 10"))
  assert.ok(found.includes("  10 11"))
  assert.equal(found.length, 15)
})

test("message passing: plain data behind an atomic flag", () => {
  const found = results([
    (words) => {
      write(words, DATA, 42)
      store(words, FLAG, 1)
    },
    (words) => (load(words, FLAG) === 1 ? read(words, DATA) : "early"),
  ])
  assert.deepEqual(found, [" 42", " early"])
})

test("a reader that spins sees the message in every schedule", () => {
  const found = results([
    (words) => {
      write(words, DATA, 42)
      store(words, X, 1)
      store(words, FLAG, 1)
    },
    (words) => {
      while (load(words, FLAG) === 0) pause()
      return read(words, DATA)
    },
  ])
  assert.deepEqual(found, [" 42"])
})

test("data before its flag is a race, whichever thread is first", () => {
  const { kind, message } = failureOf({
    name: "flag too early",
    setup: sixteen,
    names: { data: DATA, flag: FLAG },
    threads: [
      function sender(words) {
        store(words, FLAG, 1)
        write(words, DATA, 42)
      },
      function receiver(words) {
        return load(words, FLAG) === 1 ? read(words, DATA) : 0
      },
    ],
  })
  assert.equal(kind, "data race")
  assert.match(message, /on data:/)
  assert.match(message, /0 sender: write at litmus\.model\.ts:\d+ sender/)
  assert.match(message, /1 receiver: read at litmus\.model\.ts:\d+ receiver/)
})

test("an atomic does not order what its reader has not read", () => {
  const twoFlags = failureOf({
    name: "the wrong flag",
    setup: sixteen,
    threads: [
      (words) => {
        write(words, DATA, 1)
        store(words, X, 1)
      },
      (words) => {
        store(words, X, 2)
        if (load(words, X) === 2) read(words, DATA)
      },
    ],
  })
  assert.equal(twoFlags.kind, "data race")
})

test("plain against atomic on one word is a race, peek and poke are not", () => {
  const mixed = failureOf({
    name: "mixed",
    setup: sixteen,
    threads: [(words) => void store(words, X, 1), (words) => read(words, X)],
  })
  assert.equal(mixed.kind, "data race")
  const found = results([
    (words) => {
      poke(words, X, 1)
      poke(words, X, 2)
    },
    (words) => peek(words, X),
    (words) => load(words, X),
  ])
  assert.deepEqual(
    found,
    [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => ` ${a} ${b}`)),
  )
})

test("a peek sees a plain write early and late", () => {
  const found = results([
    (words) => {
      write(words, DATA, 1)
      write(words, DATA, 2)
      store(words, FLAG, 1)
    },
    (words) => `${peek(words, DATA)}${load(words, FLAG)}`,
  ])
  assert.deepEqual(found, [" 00", " 01", " 10", " 11", " 20", " 21"])
})

test("a lost update is found, and its repair passes", (t) => {
  const after = (words: Int32Array) => assert.equal(words[X], 2)
  const broken = failureOf({
    name: "lost update",
    setup: sixteen,
    threads: [0, 1].map(() => (words: Int32Array) => void store(words, X, load(words, X) + 1)),
    after,
  })
  assert.equal(broken.kind, "broken invariant")
  assert.equal(broken.schedule, "0-1x2-0")
  const repaired = model({
    name: "counted",
    setup: sixteen,
    threads: [0, 1].map(() => (words: Int32Array) => void add(words, X, 1)),
    after,
  })
  t.diagnostic(repaired.line)
  assert.equal(repaired.schedules, 2)
})
