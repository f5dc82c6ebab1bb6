/** References that an actor has in stock for its messages: all come back. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { endCredit, lend, takeBack } from "../../src/actor/credit.ts"
import { spawn } from "../../src/actor/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { retain } from "../../src/internal/memory/objects.ts"
import { REFERENCES_IN_STOCK } from "../../src/internal/platform/limits.ts"
import { start } from "../../src/isolate/index.ts"
import { Hearer, Teller } from "./credit-actors.ts"

/** Word of an object: isolates that hold it, and messages. */
const REFERENCES = 2

function references(ref: { readonly id: number }): number {
  return here().words[ref.id + REFERENCES] as number
}

test("the sender of each message is known, and its references come back", async () => {
  const hearer = await spawn(Hearer, [], { on: "here" })
  const teller = await spawn(Teller, [], { on: "here" })
  const before = references(teller)
  const times = 2 * REFERENCES_IN_STOCK + 5
  await teller.ask.tell(hearer, times)
  assert.deepEqual(await hearer.ask.heard(), new Array(times).fill(teller.id))
  assert.equal(references(teller), before + REFERENCES_IN_STOCK)
  teller.stop()
  assert.equal((await teller.exited).reason, "normal")
  assert.equal(references(teller), before)
  hearer.stop()
})

test("messages of an actor that is gone return their references one by one", async () => {
  const teller = await spawn(Teller, [], { on: "here" })
  const at = here()
  const before = references(teller)
  lend(at, teller.id)
  lend(at, teller.id)
  assert.equal(references(teller), before + REFERENCES_IN_STOCK)
  takeBack(at, teller.id)
  teller.kill()
  await teller.exited
  assert.equal(references(teller), before + 1)
  takeBack(at, teller.id)
  assert.equal(references(teller), before)
  endCredit(at, teller.id)
  assert.equal(references(teller), before)
  lend(at, teller.id)
  assert.equal(references(teller), before + 1)
  takeBack(at, teller.id)
})

test("references that come home from abroad do not fill the stock", async () => {
  const teller = await spawn(Teller, [], { on: "here" })
  const at = here()
  const before = references(teller)
  for (let i = 0; i < 20 * REFERENCES_IN_STOCK; i++) {
    retain(at.words, teller.id)
    takeBack(at, teller.id)
  }
  assert.ok(references(teller) <= before + 2 * REFERENCES_IN_STOCK, `${references(teller)}`)
  teller.stop()
  assert.equal((await teller.exited).reason, "normal")
  assert.equal(references(teller), before)
})

test("the stock of an actor whose isolate dies comes back", async () => {
  await start({ isolates: 1 })
  const hearer = await spawn(Hearer, [], { on: 1 })
  const teller = await spawn(Teller, [], { on: 1 })
  // Main and the isolate hold it.
  assert.equal(references(teller), 2)
  await teller.ask.tell(hearer, 3)
  assert.equal((await hearer.ask.heard()).length, 3)
  assert.equal(references(teller), 2 + REFERENCES_IN_STOCK)
  teller.tell.exitProcess()
  assert.equal((await teller.exited).reason, "isolate-died")
  assert.equal((await hearer.exited).reason, "isolate-died")
  assert.equal(references(teller), 1)
})
