import assert from "node:assert/strict"
import { test } from "node:test"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { doorbell, isAwake, ring, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { INBOXES, PAGE, pageOf } from "../../../src/internal/memory/layout.ts"
import { newToken } from "../../../src/internal/memory/owners.ts"
import { NEXT, takeAll, tell } from "../../../src/internal/queue/inbox.ts"
import { freshMemory } from "../../support/shared-memory.ts"

function setting() {
  const { words, tokens } = freshMemory(2, 2)
  const arena = new Arena(words, tokens[0])
  return { words, to: tokens[1], node: () => arena.acquireObject(64) }
}

/** All nodes of a chain. */
function chain(words: Int32Array, first: number): number[] {
  const nodes: number[] = []
  for (let node = first; node !== 0; node = words[node + NEXT]) nodes.push(node)
  return nodes
}

test("an empty inbox has nothing", () => {
  const { words, to } = setting()
  assert.equal(takeAll(words, to), 0)
})

test("what is told first is taken first, and once", () => {
  const { words, to, node } = setting()
  const nodes = [node(), node(), node()]
  for (const one of nodes) tell(words, to, one, one)
  assert.deepEqual(chain(words, takeAll(words, to)), nodes)
  assert.equal(takeAll(words, to), 0)
})

test("a chain is told at once: its last is taken first, as if told one after the other", () => {
  const { words, to, node } = setting()
  const [before, a, b, c, after] = [node(), node(), node(), node(), node()]
  tell(words, to, before, before)
  words[c + NEXT] = b
  words[b + NEXT] = a
  tell(words, to, c, a)
  tell(words, to, after, after)
  assert.deepEqual(chain(words, takeAll(words, to)), [before, a, b, c, after])
})

test("who is told too late does not reach the next who live there, whoever dies elsewhere", () => {
  const { words, to, node } = setting()
  const late = node()
  tell(words, to, late, late)
  for (let life = 1; life < INBOXES; life++) {
    for (let others = 1; others < INBOXES; others++) newToken(words, 0)
    assert.equal(takeAll(words, newToken(words, 1)), 0)
  }
  assert.deepEqual(chain(words, takeAll(words, to)), [late])
})

test("only the first of several tells rings", () => {
  const { words, to, node } = setting()
  const bell = doorbell(to)
  const silent = words[bell]
  for (const one of [node(), node(), node()]) tell(words, to, one, one)
  assert.equal(words[bell], silent + 1)
})

test("sleeping is said in the isolate's page", () => {
  const { words, to } = setting()
  setSleeping(words, to, true)
  assert.equal(words[pageOf(1) + PAGE.SLEEPING], 1)
  setSleeping(words, to, false)
  assert.equal(words[pageOf(1) + PAGE.SLEEPING], 0)
})

test("awake is who lives and does not sleep", () => {
  const { words, to } = setting()
  assert.equal(isAwake(words, 1), true)
  setSleeping(words, to, true)
  assert.equal(isAwake(words, 1), false)
  ring(words, to)
  assert.equal(isAwake(words, 1), true, "it was woken, though it has no core yet")
  setSleeping(words, to, false)
  assert.equal(isAwake(words, 2), false, "nobody lives there")
})
