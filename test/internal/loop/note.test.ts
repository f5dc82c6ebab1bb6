import assert from "node:assert/strict"
import { test } from "node:test"
import { here } from "../../../src/internal/loop/here.ts"
import { onNote, sendNote } from "../../../src/internal/loop/note.ts"
import { blockUntil } from "../../../src/internal/loop/pump.ts"
import { KIND } from "../../../src/internal/memory/kinds.ts"

test("notes come in order with their words, and their blocks are given back", () => {
  const at = here()
  const heard: number[][] = []
  onNote(KIND.ASK, (first, second) => {
    heard.push([first, second])
  })
  const send = (count: number): void => {
    for (let i = 0; i < count; i++) sendNote(at, at.me, KIND.ASK, i, -i)
    blockUntil(() => heard.length === count, Infinity)
    assert.deepEqual(heard.splice(0).at(-1), [count - 1, 1 - count])
  }
  send(100)
  const { usedBytes } = at.arena.statistics()
  for (let round = 0; round < 100; round++) send(100)
  assert.equal(at.arena.statistics().usedBytes, usedBytes)
})

test("a note has the words that its handler names", () => {
  const at = here()
  let heard: number[] | undefined
  onNote(KIND.CANCEL, (...words) => {
    heard = words
  })
  sendNote(at, at.me, KIND.CANCEL)
  blockUntil(() => heard !== undefined, Infinity)
  assert.deepEqual(heard, [])
})
