import assert from "node:assert/strict"
import { test } from "node:test"
import { Actor, type ActorInbox, spawn } from "../../src/actor/index.ts"
import { ActorStoppedError } from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { incrementing } from "./pool-actors.ts"

await start({ isolates: 2 })

for (const on of ["here", 1] as const) {
  test(`a function actor, on ${on}, takes buffers that were moved`, async () => {
    const ref = await spawn(incrementing, [], { on })
    const numbers = Float64Array.of(1, 2, 3)
    const answer = ref.ask(move(numbers))
    assert.equal(numbers.length, 0)
    assert.deepEqual(await answer, Float64Array.of(2, 3, 4))
    assert.deepEqual(await ref.ask(Float64Array.of(1)), Float64Array.of(2))
    ref.stop()
    assert.deepEqual(await ref.exited, { reason: "normal" })
  })
}

test("a message that was passed over is taken later as it was seen", async () => {
  const order: unknown[] = []
  const ref = await spawn(
    async (inbox: ActorInbox<{ n: number }>) => {
      order.push(await inbox.receive(({ n }) => n === 2))
      order.push(await inbox.receive())
      order.push(await inbox.receive())
    },
    [],
    { on: "here" },
  )
  for (const n of [1, 2, 3]) await ref.tell({ n })
  await ref.exited
  assert.deepEqual(order, [{ n: 2 }, { n: 1 }, { n: 3 }])
})

test("who receives twice at once is done with the first when the second comes", async () => {
  const got: string[] = []
  const ref = await spawn(
    async (inbox: ActorInbox<string>) => {
      got.push(...(await Promise.all([inbox.receive(), inbox.receive()])))
      inbox.reply("second")
    },
    [],
    { on: "here" },
  )
  assert.deepEqual(await Promise.all([ref.ask("a"), ref.ask("b")]), [undefined, "second"])
  assert.deepEqual(got, ["a", "b"])
  assert.deepEqual(await ref.exited, { reason: "normal" })
})

for (const whenFull of ["wait", "drop-oldest"] as const) {
  test(`what is passed over stays in order, ${whenFull}`, async () => {
    const got: number[] = []
    const ref = await spawn(
      async (inbox: ActorInbox<number>) => {
        for (const wanted of [7, 3, 4, 9, 0])
          got.push(await inbox.receive((n) => n >= wanted && n % 2 === wanted % 2))
        for await (const n of inbox) {
          got.push(n)
          if (n === 10) inbox.reply(n)
        }
      },
      [],
      { on: "here", mailbox: { capacity: 20, whenFull } },
    )
    for (let n = 0; n < 10; n++) {
      void ref.tell(n)
      if (n % 3 === 0) await new Promise(setImmediate)
    }
    await ref.ask(10)
    assert.deepEqual(got, [7, 3, 4, 9, 0, 1, 2, 5, 6, 8, 10])
    ref.stop()
    await ref.exited
  })
}

test("a mailbox of tens of thousands is looked through once", async () => {
  const MANY = 40_000
  const ref = await spawn(
    async (inbox: ActorInbox<number>) => {
      const last = await inbox.receive((n) => n === MANY)
      const first = await inbox.receive()
      inbox.reply(undefined)
      await inbox.receive((n) => n < 0)
      inbox.reply([last, first])
    },
    [],
    { on: "here" },
  )
  for (let n = 0; n <= MANY; n++) await ref.tell(n)
  assert.deepEqual(await ref.ask(-1), [MANY, 0])
})

test("who waits for something else does not keep those behind it waiting", async () => {
  const got: string[] = []
  const ref = await spawn(
    async (inbox: ActorInbox<string>) => {
      const take = async (wanted: string): Promise<void> => {
        got.push(await inbox.receive((text) => text === wanted))
      }
      await Promise.all([take("a"), take("b"), take("c")])
    },
    [],
    { on: "here" },
  )
  for (const text of ["c", "b", "a"]) {
    await ref.tell(text)
    await new Promise(setImmediate)
  }
  await ref.exited
  assert.deepEqual(got, ["c", "b", "a"])
})

test("a function that is killed goes round no more, whatever limits its waits", async () => {
  let rounds = 0
  const third = Promise.withResolvers<void>()
  const ref = await spawn(
    async (inbox: ActorInbox<string>) => {
      for (;;) {
        await inbox.receive(undefined, { timeoutMs: 1 }).catch(() => {})
        if (++rounds === 3) third.resolve()
      }
    },
    [],
    { on: "here" },
  )
  await third.promise
  ref.kill()
  await ref.exited
  const before = rounds
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(rounds, before)
})

test("who receives when the function is done is told that the actor has stopped", async () => {
  const kept: ActorInbox<string>[] = []
  const ref = await spawn(async (inbox: ActorInbox<string>) => void kept.push(inbox), [], {
    on: "here",
  })
  await ref.exited
  for (const inbox of kept) {
    const error = await errorOf<ActorStoppedError>(inbox.receive())
    assert.ok(error instanceof ActorStoppedError)
    assert.deepEqual(error.reason, { reason: "normal" })
  }
  assert.equal(kept.length, 1)
})

test("code of an actor that goes on after its end is told so when it asks it", async () => {
  const error = Promise.withResolvers<Error>()
  class Late extends Actor {
    async wait(): Promise<void> {
      await this.self.exited
      this.self.ask.nothing().catch(error.resolve)
    }
    nothing(): void {}
  }
  const late = await spawn(Late, [], { on: "here" })
  const waiting = errorOf(late.ask.wait())
  await new Promise(setImmediate)
  late.kill()
  assert.ok((await waiting) instanceof ActorStoppedError)
  assert.ok((await error.promise) instanceof ActorStoppedError)
})
