/** The scenarios again, with real actors; what Erlang/OTP did is what they must do. */
import { after, test } from "node:test"
import { setImmediate } from "node:timers/promises"
import { shutdown, start } from "../../src/isolate/index.ts"
import { troupeOf } from "./erlang/players.ts"
import { assertAsRecorded } from "./erlang/recorded.ts"
import { scenarios } from "./erlang/scenarios.ts"
import { run } from "./erlang/walk.ts"
import { Player, starts, written } from "./troupe.ts"

await start({ isolates: 1 })
after(() => shutdown())

for (const scenario of scenarios) {
  test(`as Erlang/OTP, with actors: ${scenario.name}`, async () => {
    written.length = 0
    starts.clear()
    await run(scenario, written, troupeOf(Player, written, setImmediate))
    assertAsRecorded(scenario, written)
  })
}
