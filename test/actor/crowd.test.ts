import assert from "node:assert/strict"
import { test } from "node:test"
import { spawn } from "../../src/actor/index.ts"
import { start } from "../../src/isolate/index.ts"
import { Host } from "./crowd.ts"

const MEMBERS = process.env.HEDDLE_LONG === "1" ? 100_000 : 4_000
/** Bytes of an actor in shared memory, and what a crowd may leave in magazines and half chunks. */
const ACTOR_BYTES = 128
const SLACK_BYTES = 512 * 1024

await start({ isolates: 2 })

for (const on of ["here", 1] as const) {
  test(`${on}: ${MEMBERS} actors are started, stopped, and leave nothing`, async () => {
    const host = await spawn(Host, [], { on })
    const first = await host.ask.crowd(MEMBERS)
    for (let round = 0; round < 4; round++) {
      const { actors, usedBytes } = await host.ask.crowd(MEMBERS)
      assert.equal(actors, 0)
      const grown = usedBytes - first.usedBytes
      assert.ok(grown < SLACK_BYTES, `${grown} bytes more than after the first crowd`)
    }
    assert.ok(4 * MEMBERS * ACTOR_BYTES > SLACK_BYTES, "a leak would be seen")
    host.stop()
    await host.exited
  })
}
