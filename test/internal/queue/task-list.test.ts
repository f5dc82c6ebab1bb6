import assert from "node:assert/strict"
import { test } from "node:test"
import { bury } from "../../../src/internal/memory/owners.ts"
import { NEXT } from "../../../src/internal/queue/inbox.ts"
import {
  append,
  HOLDER,
  lengthHint,
  listOf,
  settle,
  steal,
  take,
} from "../../../src/internal/queue/task-list.ts"
import { freshMemory, wordsFor } from "../../support/shared-memory.ts"

const RECORDS = wordsFor(1) - 512
const LIST = listOf(0)

function setting() {
  const { words, tokens } = freshMemory(1, 3)
  const [me, thief] = tokens as [number, number]
  const record = (i: number): number => RECORDS + i * 16
  /** Appends records `from` to `to` as one chain. */
  const add = (from: number, to: number): void => {
    for (let i = from; i < to; i++) words[record(i) + NEXT] = record(i + 1)
    append(words, LIST, record(from), record(to), to - from + 1, me)
  }
  const numbers = (first: number): number[] => {
    const chain: number[] = []
    for (let at = first; at !== 0; at = words[at + NEXT]) chain.push((at - RECORDS) / 16)
    return chain
  }
  return { words, me, thief, record, add, numbers }
}

test("first in, first taken, however many at once", () => {
  const { words, me, add, numbers } = setting()
  assert.equal(take(words, LIST, 5, me), 0)
  add(0, 2)
  add(3, 3)
  add(4, 6)
  assert.equal(lengthHint(words, LIST), 7)
  assert.deepEqual(numbers(take(words, LIST, 1, me)), [0])
  assert.deepEqual(numbers(take(words, LIST, 3, me)), [1, 2, 3])
  add(7, 7)
  assert.deepEqual(numbers(take(words, LIST, 100, me)), [4, 5, 6, 7])
  assert.equal(lengthHint(words, LIST), 0)
  add(8, 9)
  assert.deepEqual(numbers(take(words, LIST, 2, me)), [8, 9])
})

test("a thief takes half at most, and is named by what it took", () => {
  const { words, me, thief, record, add, numbers } = setting()
  add(0, 6)
  assert.deepEqual(numbers(steal(words, LIST, 100, thief)), [0, 1, 2, 3])
  assert.deepEqual(numbers(steal(words, LIST, 1, thief)), [4])
  assert.deepEqual(numbers(take(words, LIST, 100, me)), [5, 6])
  assert.equal(words[record(3) + HOLDER], thief)
  assert.equal(words[record(5) + HOLDER], me)
  assert.equal(steal(words, LIST, 100, thief), 0)
})

test("a thief gives up while somebody is inside, also when that one is dead", () => {
  const { words, me, thief, add, numbers } = setting()
  add(0, 3)
  words[LIST] = me
  assert.equal(steal(words, LIST, 4, thief), 0)
  bury(words, me)
  assert.equal(steal(words, LIST, 4, thief), 0)
  words[LIST + 3] = 77
  settle(words, LIST, thief)
  assert.equal(lengthHint(words, LIST), 4)
  assert.deepEqual(numbers(steal(words, LIST, 4, thief)), [0, 1])
})
