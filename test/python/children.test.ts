import assert from "node:assert/strict"
import { it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { PYTHON_CHILDREN_MAX } from "../../src/internal/platform/limits.ts"
import {
  CHILD,
  CHILD_STATE,
  findChild,
  reapChild,
  settleChild,
  takeChild,
} from "../../src/python/children.ts"
import { endWorld, makeWorld } from "../../src/python/world.ts"

it("a process has a number of its own, and a place until it was waited for", () => {
  const at = here()
  const { words } = at
  const first = makeWorld(at)
  const other = makeWorld(at, first, 7)
  const numbers = new Set<number>()
  const take = (world: number): [number, number] => {
    const row = takeChild(at, world)
    return [row, words[row + CHILD.PID]]
  }
  try {
    for (let i = 0; i < PYTHON_CHILDREN_MAX; i++) numbers.add(take(first)[1])
    assert.equal(takeChild(at, first), 0)
    const [row, pid] = take(other)
    numbers.add(pid)
    assert.equal(numbers.size, PYTHON_CHILDREN_MAX + 1)
    assert.equal(findChild(words, other, pid), row)
    assert.equal(findChild(words, first, pid), 0)
    settleChild(words, row, CHILD_STATE.RUNNING)
    assert.equal(reapChild(words, row, pid), -1, "it has not ended")
    settleChild(words, row, CHILD_STATE.ENDED, 0x300)
    assert.equal(reapChild(words, row, pid), 0x300)
    assert.equal(reapChild(words, row, pid), -1, "its status is given once")
    assert.equal(findChild(words, other, pid), 0)
    assert.equal(takeChild(at, other), row)
  } finally {
    endWorld(at, other)
    endWorld(at, first)
  }
})
