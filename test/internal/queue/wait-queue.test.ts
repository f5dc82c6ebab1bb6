import assert from "node:assert/strict"
import { test } from "node:test"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import { NEXT, takeAll } from "../../../src/internal/queue/inbox.ts"
import {
  cookieOf,
  enqueue,
  isWaiting,
  makeNode,
  NODE_BYTES,
  WAIT_QUEUE_WORDS,
  wakeAll,
  wakeOne,
  wasTold,
  withdraw,
} from "../../../src/internal/queue/wait-queue.ts"
import { freshMemory } from "../../support/shared-memory.ts"

/** A queue, four isolates with a node each, and main. */
function setting() {
  const { words, tokens } = freshMemory(4, 5)
  const main = tokens[4]
  const arena = new Arena(words, main)
  const queue = arena.acquireObject(4 * WAIT_QUEUE_WORDS)
  const nodes = tokens.slice(0, 4).map((token, i) => {
    const node = arena.acquireObject(NODE_BYTES)
    makeNode(words, node, queue, token, i * 10)
    return node
  })
  const stand = (i: number): boolean => enqueue(words, nodes[i], tokens[i])
  const leave = (i: number): boolean => withdraw(words, nodes[i], tokens[i])
  /** What isolate `i` was told: its own node or nothing. */
  const heard = (i: number): boolean => {
    const node = takeAll(words, tokens[i])
    if (node === 0) return false
    assert.equal(node, nodes[i])
    assert.equal(words[node + NEXT], 0)
    wasTold(words, node)
    return true
  }
  return { words, tokens, main, queue, nodes, stand, leave, heard }
}

test("nobody waits in a fresh queue", () => {
  const { words, queue, main } = setting()
  assert.equal(isWaiting(words, queue), false)
  assert.equal(wakeOne(words, queue, main), false)
})

test("first in, first woken", () => {
  const { words, queue, main, stand, heard } = setting()
  for (const i of [2, 0, 3, 1]) assert.equal(stand(i), true)
  for (const i of [2, 0, 3, 1]) {
    assert.equal(isWaiting(words, queue), true)
    assert.equal(wakeOne(words, queue, main), true)
    assert.deepEqual([0, 1, 2, 3].filter(heard), [i])
  }
  assert.equal(isWaiting(words, queue), false)
})

test("standing in line twice changes nothing", () => {
  const { words, queue, main, stand, heard } = setting()
  stand(0)
  stand(1)
  stand(0)
  assert.equal(wakeOne(words, queue, main), true)
  assert.equal(heard(0), true)
  assert.equal(wakeOne(words, queue, main), true)
  assert.equal(heard(1), true)
  assert.equal(wakeOne(words, queue, main), false)
})

for (const gone of [[0], [1], [3], [0, 1], [1, 2], [3, 2, 1, 0]]) {
  test(`after ${gone} left, the others are woken in order, and newcomers last`, () => {
    const { words, queue, main, stand, leave, heard } = setting()
    for (const i of [0, 1, 2, 3]) stand(i)
    for (const i of gone) assert.equal(leave(i), true)
    for (const i of gone) stand(i)
    const order: number[] = []
    while (wakeOne(words, queue, main)) order.push(...[0, 1, 2, 3].filter(heard))
    assert.deepEqual(order, [...[0, 1, 2, 3].filter((i) => !gone.includes(i)), ...gone])
  })
}

test("leaving after being told says so, and the node is in the inbox", () => {
  const { words, queue, main, stand, leave, heard } = setting()
  stand(0)
  wakeOne(words, queue, main)
  assert.equal(leave(0), false)
  assert.equal(heard(0), true)
  assert.equal(leave(0), true, "leaving without standing in line changes nothing")
})

test("a told node stands in line again only after it was heard", () => {
  const { words, queue, main, stand, heard } = setting()
  stand(0)
  wakeOne(words, queue, main)
  assert.equal(stand(0), true)
  assert.equal(isWaiting(words, queue), false)
  assert.equal(heard(0), true)
  stand(0)
  assert.equal(isWaiting(words, queue), true)
})

test("the dead are passed over", () => {
  const { words, tokens, queue, main, stand, heard } = setting()
  for (const i of [0, 1, 2]) stand(i)
  bury(words, tokens[0])
  assert.equal(wakeOne(words, queue, main), true)
  assert.deepEqual([0, 1, 2].filter(heard), [1])
  bury(words, tokens[2])
  assert.equal(wakeOne(words, queue, main), false)
})

test("survivors withdraw the node of a dead isolate", () => {
  const { words, tokens, queue, main, nodes, stand, heard } = setting()
  for (const i of [0, 1]) stand(i)
  bury(words, tokens[0])
  assert.equal(withdraw(words, nodes[0], main), true)
  assert.equal(wakeOne(words, queue, main), true)
  assert.equal(heard(1), true)
})

test("a node told by an isolate that died since may be lost: its owner takes a new one", () => {
  const { words, tokens, queue, stand } = setting()
  stand(0)
  assert.equal(wakeOne(words, queue, tokens[1]), true)
  assert.equal(stand(0), true)
  bury(words, tokens[1])
  assert.equal(stand(0), false)
})

test("everyone is woken at once", () => {
  const { words, queue, main, stand, heard } = setting()
  for (const i of [0, 1, 2, 3]) stand(i)
  wakeAll(words, queue, main)
  assert.deepEqual([0, 1, 2, 3].filter(heard), [0, 1, 2, 3])
  assert.equal(isWaiting(words, queue), false)
})

test("a node knows its owner's name for it", () => {
  const { words, nodes } = setting()
  assert.deepEqual(
    nodes.map((node) => cookieOf(words, node)),
    [0, 10, 20, 30],
  )
})
