import assert from "node:assert/strict"
import { it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { bury, newToken, settle } from "../../src/internal/memory/owners.ts"
import { fetchFor } from "../../src/python/carrier.ts"
import { makeSeat, ROW } from "../../src/python/world.ts"

/** A place for an isolate that nothing else in this process uses. */
const SLOT = 40

it("a thread that has ended meanwhile is told nothing, and its seat is left alone", async () => {
  const at = here()
  const { words } = at
  const token = newToken(words, SLOT)
  const seat = makeSeat(at)
  const posted: unknown[] = []
  const thread = {
    post: (message: unknown) => posted.push(message),
    terminate: () => {},
    ref: () => {},
    eventLoopUtilization: () => undefined,
  }
  const fetch = () => fetchFor(at, { thread, token, seat }, { want: "new shared", bytes: 8 })
  settle(words, token)
  await fetch()
  assert.equal(words[seat + ROW.MAIL], 1)
  assert.equal(posted.length, 1)
  const fetched = fetch()
  bury(words, token)
  await fetched
  assert.equal(words[seat + ROW.MAIL], 1)
  assert.equal(posted.length, 1)
  at.arena.release(seat)
})
