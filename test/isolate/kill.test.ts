/** An isolate that others want ended is ended, however full or busy the runtime is. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { IsolateDiedError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go } from "../../src/task/index.ts"
import { collectsCondemned, finalizes, forever, killsWhenFull } from "./fixtures/functions.ts"

await start({ isolates: 2, memoryBytes: 4 << 20 })

test("without shared memory to ask main, it is asked later", async () => {
  const victim = go.with({ on: 2 })(forever)
  while (victim.state === "queued") await turn()
  await go.with({ on: 1 })(killsWhenFull, 2)
  await assert.rejects(victim, (error) => {
    return error instanceof IsolateDiedError && error.reason === "killed" && error.isolate === 2
  })
})

test("finalizers that run while an isolate is ended do not wait for its end", async () => {
  await start()
  assert.equal(await go(collectsCondemned), "it goes on")
})

test("nor do those of a program, whatever they wait for", async () => {
  for (let life = 0; life < 3; life++) {
    await start()
    const told = sharedArray(Int32Array, 1)
    const victim = go.with({ on: 1 })(finalizes, told)
    while (Atomics.load(told, 0) === 0) await turn()
    requestKill(ownerOf(here().words, 1))
    await assert.rejects(victim, IsolateDiedError)
  }
})
