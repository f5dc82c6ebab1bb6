/** The successor of an isolate that runs alone is ready before it is needed. */
import assert from "node:assert/strict"
import { once } from "node:events"
import { test } from "node:test"
import { Worker } from "node:worker_threads"
import { child, spawn, supervise } from "../../src/actor/index.ts"
import { IsolateDiedError } from "../../src/errors.ts"
import { isolates, sharedArray, shutdown, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Mortal } from "./mortals.ts"

await start({ isolates: 1 })

/** Threads are numbered as they are started: one more than all that were started before now. */
async function threadNow(): Promise<number> {
  const thread = new Worker("", { eval: true })
  const { threadId } = thread
  await once(thread, "exit")
  return threadId
}

test("a supervised actor comes back in a thread that was there before", async () => {
  const told = sharedArray(Int32Array, 4)
  const lone = await spawn(Mortal, [told])
  assert.equal(await lone.ask.thread(), 1)
  assert.equal(await threadNow(), 2, "nobody waits for a successor yet")
  const intensity = { restarts: 10, withinMs: 60_000 }
  await using tree = await supervise({
    intensity,
    children: [child(Mortal, [told], { id: "one" })],
  })
  const mortal = tree.child("one")
  for (let life = 0; life < 3; life++) {
    const before = await mortal.ask.thread()
    const started = await threadNow()
    Atomics.store(told, 0, 0)
    assert.ok((await errorOf(mortal.ask.end("exit"))) instanceof IsolateDiedError)
    const after = await mortal.ask.thread()
    assert.ok(after > before)
    if (life === 0) assert.ok(after < started, `thread ${after} was started before ${started}`)
    assert.equal(isolates().length, 2)
  }
})

test("it ends with the runtime", async () => {
  await shutdown()
  assert.equal(isolates().length, 1)
})
