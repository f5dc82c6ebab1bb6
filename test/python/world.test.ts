import assert from "node:assert/strict"
import { it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { bury, newToken, settle } from "../../src/internal/memory/owners.ts"
import { endRow, endWorld, giveRow, makeWorld, takeRow, WHENCE } from "../../src/python/world.ts"

/** A place for an isolate that nothing else in this process uses. */
const SLOT = 40

it("a row is another's only when nobody has a thread in it any more", () => {
  const at = here()
  const { words } = at
  const world = makeWorld(at)
  const take = (): number => takeRow(at, world, WHENCE.STDLIB, false)
  const token = newToken(words, SLOT)
  settle(words, token)
  try {
    const first = take()
    assert.equal(giveRow(at, world, first, token), 0)
    assert.equal(giveRow(at, world, first, token), undefined, "it has a thread")
    assert.equal(endRow(at, world, first), token)
    const second = take()
    assert.notEqual(second, first, "its thread may still look at it")
    assert.equal(endRow(at, world, second), 0)
    assert.equal(giveRow(at, world, second, token), undefined, "it has ended")
    assert.equal(take(), second, "nobody ever looked at it")
    bury(words, token)
    assert.equal(take(), first)
  } finally {
    bury(words, token)
    endWorld(at, world)
  }
})
