/** What could be done already does not come after the step that would have made it possible. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Actor, spawn } from "../../../src/actor/index.ts"
import { explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go, sharedArray } from "../../../src/index.ts"

async function outcomesOf(program: () => Promise<string>): Promise<string[]> {
  const found: string[][] = []
  for (const strategy of ["every", "exhaustive"] as const) {
    const outcomes = new Set<string>()
    const { exhaustive } = await explore(async () => outcomes.add(await program()), { strategy })
    assert.equal(exhaustive, true)
    found.push([...outcomes].sort())
  }
  assert.deepEqual(found[1], found[0])
  return found[0]
}

async function receiveAndLook(numbers: Channel<number>): Promise<string> {
  const value = await numbers.receive()
  return `${value} ${numbers.tryReceive().state}`
}

async function sendAndClose(numbers: Channel<number>): Promise<void> {
  numbers.trySend(3)
  await null
  numbers.close()
}

test("a receiver that has a value may go on before the channel is closed", async () => {
  const outcomes = await outcomesOf(async () => {
    const numbers = channel<number>(1)
    const [said] = await Promise.all([go(receiveAndLook, numbers), go(sendAndClose, numbers)])
    return said
  })
  assert.deepEqual(outcomes, ["3 closed", "3 empty"])
})

test("who hears of one end may go on before the next task ends", async () => {
  const mark = (words: Int32Array, at: number) => void Atomics.store(words, at, 1)
  const outcomes = await outcomesOf(async () => {
    const words = sharedArray(Int32Array, 2)
    const tasks = [go(mark, words, 0), go(mark, words, 1)]
    await Promise.race(tasks)
    const seen = `${Atomics.load(words, 0)}${Atomics.load(words, 1)}`
    await Promise.all(tasks)
    return seen
  })
  assert.deepEqual(outcomes, ["01", "10", "11"])
})

class Clerk extends Actor {
  end(): void {
    this.self.stop()
  }
  note(): void {}
}

test("who has room in a mailbox may go on before the actor is gone", async () => {
  const outcomes = await outcomesOf(async () => {
    const clerk = await spawn(Clerk, [], { on: "here", mailbox: { capacity: 1 } })
    const told = await Promise.allSettled([clerk.tell.end(), clerk.tell.note()])
    return told.map(({ status }) => status).join(" ")
  })
  assert.deepEqual(outcomes, ["fulfilled fulfilled", "fulfilled rejected"])
})
