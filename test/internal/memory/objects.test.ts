import assert from "node:assert/strict"
import { test } from "node:test"
import { Arena } from "../../../src/internal/memory/arena.ts"
import {
  adopt,
  BODY,
  create,
  destroy,
  drop,
  forsake,
  isHeldBy,
  kindOf,
  letGo,
  retain,
} from "../../../src/internal/memory/objects.ts"
import { bury, newToken, settle } from "../../../src/internal/memory/owners.ts"
import { freshMemory } from "../../support/shared-memory.ts"

const KIND = 7

function setting(isolates: number) {
  const { words, tokens } = freshMemory(12, isolates)
  const arena = new Arena(words, tokens[0])
  const object = arena.acquireObject(4 * (BODY + 10))
  create(words, object, KIND, tokens[0])
  return { words, tokens: tokens as [number, number], arena, object }
}

test("a fresh object is held by its maker, and ends when it lets go", () => {
  const { words, tokens, object } = setting(2)
  assert.equal(kindOf(words, object), KIND)
  assert.equal(isHeldBy(words, object, tokens[0]), true)
  assert.equal(isHeldBy(words, object, tokens[1]), false)
  assert.equal(letGo(words, object, tokens[0]), true)
  assert.equal(isHeldBy(words, object, tokens[0]), false)
  assert.equal(letGo(words, object, tokens[0]), false, "letting go twice changes nothing")
})

test("a message in flight keeps the object, and its receiver adopts the reference", () => {
  const { words, tokens, object } = setting(2)
  retain(words, object)
  assert.equal(letGo(words, object, tokens[0]), false)
  adopt(words, object, tokens[1])
  assert.equal(isHeldBy(words, object, tokens[1]), true)
  assert.equal(letGo(words, object, tokens[1]), true)
})

test("adopting what one holds already drops the message's reference", () => {
  const { words, tokens, object } = setting(1)
  retain(words, object)
  retain(words, object)
  adopt(words, object, tokens[0])
  adopt(words, object, tokens[0])
  assert.equal(letGo(words, object, tokens[0]), true)
})

test("a message that is never taken drops its reference", () => {
  const { words, tokens, object } = setting(1)
  retain(words, object)
  assert.equal(letGo(words, object, tokens[0]), false)
  assert.equal(drop(words, object), true)
})

test("holders in the second word of bits are held apart", () => {
  const { words } = freshMemory(4, 0)
  const tokens = [0, 31, 32, 63].map((slot) => newToken(words, slot))
  for (const token of tokens) settle(words, token)
  const arena = new Arena(words, tokens[0])
  const object = arena.acquireObject(64)
  create(words, object, KIND, tokens[0])
  for (const token of tokens.slice(1)) {
    retain(words, object)
    adopt(words, object, token)
  }
  for (const [i, token] of tokens.entries()) {
    assert.equal(isHeldBy(words, object, token), true)
    assert.equal(letGo(words, object, token), i === 3)
    assert.equal(isHeldBy(words, object, token), false)
  }
})

test("the references of a dead isolate are returned; what others hold stays", () => {
  const { words, tokens, arena, object } = setting(2)
  const other = arena.acquireObject(100)
  create(words, other, KIND, tokens[1])
  const large = arena.acquireObject(200_000)
  create(words, large, KIND, tokens[1])
  retain(words, object)
  adopt(words, object, tokens[1])
  bury(words, tokens[1])
  assert.deepEqual(
    forsake(words, arena, tokens[1]).sort((a, b) => a - b),
    [other, large].sort((a, b) => a - b),
  )
  assert.equal(isHeldBy(words, object, tokens[1]), false)
  assert.equal(letGo(words, object, tokens[0]), true)
})

test("a destroyed object is not found any more and its memory returns", () => {
  const { words, tokens, arena, object } = setting(1)
  const found: number[] = []
  arena.forEachObject((block) => found.push(block))
  assert.deepEqual(found, [object])
  letGo(words, object, tokens[0])
  destroy(words, arena, object)
  arena.forEachObject((block) => assert.fail(`${block} is still found`))
  assert.equal(arena.statistics().usedBytes, 0)
})

test("an object's words are 0, whatever its block held before", () => {
  const { words, arena } = setting(1)
  for (const bytes of [64, 1000, 200_000, 64 + 1]) {
    const block = arena.acquireObject(bytes)
    for (let i = 0; i < Math.ceil(bytes / 4); i++) words[block + i] = -1
    words[block] = 0
    arena.release(block)
    const again = arena.acquireObject(bytes)
    for (let i = 0; i < Math.ceil(bytes / 4); i++) assert.equal(words[again + i], 0)
    arena.release(again)
  }
})
