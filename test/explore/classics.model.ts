/** Known algorithms and their known mistakes: the checker tells one from the other. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  add,
  compareExchange,
  exchange,
  load,
  notify,
  pause,
  read,
  store,
  write,
} from "#platform/atomics"
import { waitSync } from "#platform/park"
import { type ModelOptions, model } from "../../src/explore/index.ts"
import { failureOf, sixteen } from "./failing.ts"

const COUNT = 8

/** Two threads that each add one to a plain count inside `enter` and `leave`. */
function exclusion(
  name: string,
  enter: (words: Int32Array, me: number) => void,
  leave: (words: Int32Array, me: number) => void,
): ModelOptions<Int32Array, void> {
  return {
    name,
    setup: sixteen,
    threads: [0, 1].map((me) => (words) => {
      enter(words, me)
      write(words, COUNT, read(words, COUNT) + 1)
      leave(words, me)
    }),
    after: (words) => assert.equal(words[COUNT], 2),
  }
}

function petersonEnter(words: Int32Array, me: number): void {
  store(words, me, 1)
  store(words, 2, 1 - me)
  while (load(words, 1 - me) === 1 && load(words, 2) === 1 - me) pause()
}

test("Peterson's lock excludes", (t) => {
  const result = model(
    exclusion("peterson", petersonEnter, (words, me) => void store(words, me, 0)),
  )
  t.diagnostic(result.line)
})

test("Peterson's lock with its first two stores exchanged does not", () => {
  const failure = failureOf(
    exclusion(
      "peterson, exchanged",
      (words, me) => {
        store(words, 2, 1 - me)
        store(words, me, 1)
        while (load(words, 1 - me) === 1 && load(words, 2) === 1 - me) pause()
      },
      (words, me) => void store(words, me, 0),
    ),
  )
  assert.equal(failure.kind, "data race")
})

test("Dekker's lock excludes", (t) => {
  const result = model(
    exclusion(
      "dekker",
      (words, me) => {
        store(words, me, 1)
        while (load(words, 1 - me) === 1) {
          if (load(words, 2) === me) {
            pause()
            continue
          }
          store(words, me, 0)
          while (load(words, 2) !== me) pause()
          store(words, me, 1)
        }
      },
      (words, me) => {
        store(words, 2, 1 - me)
        store(words, me, 0)
      },
    ),
  )
  t.diagnostic(result.line)
})

test("both threads waiting for the other's flag is a livelock", () => {
  const failure = failureOf(
    exclusion(
      "after you",
      (words, me) => {
        store(words, me, 1)
        while (load(words, 1 - me) === 1) pause()
      },
      (words, me) => void store(words, me, 0),
    ),
  )
  assert.equal(failure.kind, "livelock")
  assert.match(failure.message, /thread 0 stands at pause/)
  assert.match(failure.message, /thread 1 stands at pause/)
})

test("a spin loop without pause is named", () => {
  const failure = failureOf({
    name: "no pause",
    setup: sixteen,
    stepsMax: 100,
    threads: [
      (words) => {
        while (load(words, 0) === 0);
      },
    ],
  })
  assert.equal(failure.kind, "livelock")
  assert.match(failure.message, /spin loop without pause\(\)/)
})

/** A stack of nodes: word 0 is the top, word `n` holds the node below node `n`. */
function stackOf(...nodes: number[]): Int32Array {
  const words = sixteen()
  nodes.forEach((node, i) => {
    words[node] = nodes[i + 1] ?? 0
  })
  words[0] = nodes[0] ?? 0
  return words
}

/** Treiber's pop; `tag` is what each change adds to the top besides the node. */
function pop(words: Int32Array, tag: number): number {
  for (;;) {
    const top = load(words, 0)
    const node = top & 15
    if (node === 0) return 0
    const below = load(words, node)
    if (compareExchange(words, 0, top, ((top & ~15) + tag) | below) === top) return node
  }
}

function push(words: Int32Array, node: number, tag: number): void {
  for (;;) {
    const top = load(words, 0)
    store(words, node, top & 15)
    if (compareExchange(words, 0, top, ((top & ~15) + tag) | node) === top) return
  }
}

/** One pops; the other pops two and pushes the first back. Nobody may have a node twice. */
function treiber(tag: number): ModelOptions<Int32Array, number[]> {
  return {
    name: `treiber, tag ${tag}`,
    setup: () => stackOf(1, 2, 3),
    threads: [
      (words) => [pop(words, tag)],
      (words) => {
        const first = pop(words, tag)
        const second = pop(words, tag)
        push(words, first, tag)
        return [second]
      },
    ],
    after(words, outcomes) {
      const all = outcomes.flat()
      for (let node = words[0] & 15; node !== 0; node = words[node]) {
        all.push(node)
      }
      assert.deepEqual(all.filter((node) => node !== 0).sort(), [1, 2, 3])
    },
  }
}

test("a node that comes back deceives Treiber's stack; a tag does not let it", (t) => {
  const failure = failureOf(treiber(0))
  assert.equal(failure.kind, "broken invariant")
  t.diagnostic(model(treiber(16)).line)
})

test("a wake-up between the look and the sleep is lost; waitSync's own look keeps it", (t) => {
  const consumer = (expected: number) => (words: Int32Array) => {
    while (load(words, 0) === 0) waitSync(words, 1, expected)
  }
  const broken: ModelOptions<Int32Array, void> = {
    name: "lost wake-up",
    setup: sixteen,
    threads: [
      consumer(0),
      (words) => {
        store(words, 0, 1)
        notify(words, 1)
      },
    ],
  }
  const failure = failureOf(broken)
  assert.equal(failure.kind, "deadlock")
  assert.match(failure.message, /thread 0 stands at waitSync/)
  const result = model({
    ...broken,
    name: "kept wake-up",
    threads: [
      consumer(0),
      (words) => {
        store(words, 0, 1)
        store(words, 1, 1)
        notify(words, 1)
      },
    ],
  })
  t.diagnostic(result.line)
})

function lock(words: Int32Array, at: number): void {
  while (exchange(words, at, 1) !== 0) waitSync(words, at, 1)
}

function unlock(words: Int32Array, at: number): void {
  store(words, at, 0)
  notify(words, at, 1)
}

test("two locks taken in opposite orders are a deadlock", () => {
  const both = (first: number, second: number) => (words: Int32Array) => {
    lock(words, first)
    lock(words, second)
    unlock(words, second)
    unlock(words, first)
  }
  const options = { setup: sixteen, names: { left: 0, right: 1 } }
  const failure = failureOf({
    ...options,
    name: "opposite orders",
    threads: [both(0, 1), both(1, 0)],
  })
  assert.equal(failure.kind, "deadlock")
  assert.match(failure.message, /thread 0 stands at waitSync right, classics\.model\.ts:\d+ lock/)
  assert.match(failure.message, /thread 1 stands at waitSync left, classics\.model\.ts:\d+ lock/)
  model({ ...options, name: "same order", threads: [both(0, 1), both(0, 1)] })
})

test("a lock whose owner died is found held; a cleaner that frees it passes", (t) => {
  const section = (me: number) => (words: Int32Array) => {
    while (compareExchange(words, 0, 0, me + 1) !== 0) pause()
    add(words, COUNT, 1)
    store(words, 0, 0)
  }
  const options: ModelOptions<Int32Array, void> = {
    name: "dead owner",
    setup: sixteen,
    threads: [section(0), section(1)],
    kill: true,
  }
  const failure = failureOf(options)
  assert.equal(failure.kind, "livelock")
  assert.match(failure.schedule, /k/)
  const result = model({
    ...options,
    name: "dead owner, cleaned up",
    whenKilled: (words, thread) => void compareExchange(words, 0, thread + 1, 0),
    after(words, outcomes) {
      const alive = outcomes.filter((outcome) => outcome !== "killed").length
      assert.ok(words[COUNT] >= alive)
    },
  })
  assert.ok(result.kills > 0)
  t.diagnostic(result.line)
})
