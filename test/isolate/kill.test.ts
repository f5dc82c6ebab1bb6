/** An isolate that others want ended is ended, however full or busy the runtime is. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { IsolateDiedError } from "../../src/errors.ts"
import { start } from "../../src/isolate/index.ts"
import { go } from "../../src/task/index.ts"
import { collectsCondemned, forever, killsWhenFull } from "./fixtures/functions.ts"

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
