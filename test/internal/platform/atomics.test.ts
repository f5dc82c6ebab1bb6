import assert from "node:assert/strict"
import { test } from "node:test"
import * as real from "../../../src/internal/platform/atomics.ts"

test("each verb changes one word and answers what was there before", () => {
  const words = new Int32Array(new SharedArrayBuffer(32))
  const steps: [answer: number, after: number][] = []
  const step = (answer: number): void => {
    steps.push([answer, words[1]])
  }
  step(real.store(words, 1, 12))
  step(real.add(words, 1, 3))
  step(real.subtract(words, 1, 1))
  step(real.or(words, 1, 1))
  step(real.and(words, 1, 7))
  step(real.exchange(words, 1, 5))
  step(real.compareExchange(words, 1, 4, 9))
  step(real.compareExchange(words, 1, 5, 9))
  step(real.load(words, 1))
  assert.deepEqual(steps, [
    [12, 12],
    [12, 15],
    [15, 14],
    [14, 15],
    [15, 7],
    [7, 5],
    [5, 5],
    [5, 9],
    [9, 9],
  ])
  assert.deepEqual([...words], [0, 9, 0, 0, 0, 0, 0, 0])
})

test("plain verbs read and write; clear writes 0", () => {
  const words = new Int32Array(new SharedArrayBuffer(32)).fill(-1)
  real.write(words, 2, 7)
  real.poke(words, 3, 8)
  assert.equal(real.read(words, 2), 7)
  assert.equal(real.peek(words, 3), 8)
  real.clear(words, 1, 3)
  assert.deepEqual([...words], [-1, 0, 0, 0, -1, -1, -1, -1])
  real.clear(words, 4, 0)
  assert.equal(words[4], -1)
})
