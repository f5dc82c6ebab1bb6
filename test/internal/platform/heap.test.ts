import assert from "node:assert/strict"
import { once } from "node:events"
import { test } from "node:test"
import { Worker } from "node:worker_threads"
import { collectGarbage, heapBytes } from "../../../src/internal/platform/heap.ts"

test("garbage is collected when it is asked for", () => {
  const gone = new WeakRef({ big: new Array(1000).fill(0) })
  const kept: object[] = []
  for (let i = 0; i < 1000; i++) kept.push({ i })
  const before = heapBytes()
  assert.ok(before > 0)
  return new Promise<void>((resolve) => {
    // What a job has touched is kept alive to its end.
    setImmediate(() => {
      collectGarbage()
      assert.equal(gone.deref(), undefined)
      assert.equal(kept.length, 1000)
      resolve()
    })
  })
})

test("threads may collect at the same time", async () => {
  const threads = 2
  const rounds = 12
  const words = new Int32Array(new SharedArrayBuffer(4 * rounds))
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL("./collects.ts", import.meta.url), {
        workerData: { words, threads, rounds },
      }),
  )
  for (const [message] of await Promise.all(workers.map((worker) => once(worker, "message")))) {
    assert.equal(message, "done")
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
})
