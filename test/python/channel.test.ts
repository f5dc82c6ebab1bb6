import assert from "node:assert/strict"
import { it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { releaseObject } from "../../src/internal/loop/objects.ts"
import { kindOf } from "../../src/internal/memory/objects.ts"
import { ITEM } from "../../src/python/chain.ts"
import {
  destroyChannel,
  findChannel,
  makeChannel,
  receiveItem,
  sendItem,
  TICKET,
  withdrawItem,
} from "../../src/python/channel.ts"
import { releaseItem } from "../../src/python/queue.ts"
import { endWorld, makeWorld } from "../../src/python/world.ts"

const SENDER = 1
const RECEIVER = 2

it("a sender knows that its item was taken when it finds it gone", () => {
  const at = here()
  const { words, arena } = at
  const world = makeWorld(at)
  const channel = findChannel(at, world, makeChannel(at, world, 1))
  const ticket = arena.acquire(4)
  const send = (): void => {
    const item = arena.acquire(4 * (ITEM.VALUE + 1))
    words.fill(0, item, item + ITEM.VALUE + 1)
    words[item + ITEM.TICKET] = ticket
    words[ticket] = TICKET.WAITING
    assert.equal(sendItem(at, channel, SENDER, item), "ok")
  }
  send()
  const item = receiveItem(at, channel, RECEIVER) as number
  assert.equal(withdrawItem(at, channel, ticket), false)
  assert.equal(words[ticket], TICKET.RECEIVED, "whatever becomes of its receiver from here on")
  releaseItem(at, item)
  send()
  assert.equal(withdrawItem(at, channel, ticket), true)
  assert.equal(words[ticket], TICKET.WAITING)
  send()
  assert.equal(destroyChannel(at, channel), true)
  assert.equal(words[ticket], TICKET.DROPPED)
  assert.equal(destroyChannel(at, channel), false)
  releaseObject(at, channel)
  assert.equal(kindOf(words, channel), 0, "nobody has it any more")
  arena.release(ticket)
  endWorld(at, world)
})
