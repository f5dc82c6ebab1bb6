import assert from "node:assert/strict"
import { test } from "node:test"
import {
  bury,
  isAlive,
  living,
  newToken,
  ownerOf,
  settle,
  slotOf,
} from "../../../src/internal/memory/owners.ts"
import { freshMemory } from "../../support/shared-memory.ts"

test("a token lives from settle to bury", () => {
  const { words } = freshMemory(1, 0)
  const token = newToken(words, 5)
  assert.equal(slotOf(token), 5)
  assert.equal(isAlive(words, token), false)
  settle(words, token)
  assert.equal(isAlive(words, token), true)
  assert.equal(ownerOf(words, 5), token)
  bury(words, token)
  assert.equal(isAlive(words, token), false)
  assert.equal(ownerOf(words, 5), 0)
})

test("a successor in the same slot is somebody else", () => {
  const { words } = freshMemory(1, 0)
  const first = newToken(words, 1)
  settle(words, first)
  bury(words, first)
  const second = newToken(words, 1)
  settle(words, second)
  assert.notEqual(first, second)
  assert.equal(isAlive(words, first), false)
  assert.equal(isAlive(words, second), true)
})

test("tokens are positive and never 0, also when lives wrap around", () => {
  const { words } = freshMemory(1, 0)
  for (const lives of [0, (1 << 24) - 2, (1 << 24) - 1, 0x7fffffff, -1]) {
    words[2] = lives
    for (const slot of [0, 63]) {
      const token = newToken(words, slot)
      assert.ok(token > 0, `${token} after ${lives} lives`)
      assert.equal(slotOf(token), slot)
    }
  }
})

test("living tells the tokens of all living isolates", () => {
  const { words, tokens } = freshMemory(1, 4)
  assert.deepEqual(living(words).sort(), [...tokens].sort())
  bury(words, tokens[2])
  assert.deepEqual(living(words).sort(), tokens.filter((_, slot) => slot !== 2).sort())
})
