/**
 * The scenarios that Erlang/OTP has run, with explored actors: whatever the schedule, the events
 * are those that were recorded.
 */
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { playerOf, troupeOf } from "../../actor/erlang/players.ts"
import { assertAsRecorded } from "../../actor/erlang/recorded.ts"
import { scenarios } from "../../actor/erlang/scenarios.ts"
import { run } from "../../actor/erlang/walk.ts"

const SCHEDULES = process.env.HEDDLE_LONG === "1" ? 50 : 3

for (const scenario of scenarios) {
  test(`explored, as Erlang/OTP: ${scenario.name}`, async () => {
    await explore(
      async () => {
        const log: string[] = []
        const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
        await run(scenario, log, troupeOf(playerOf(log, new Map()), log, turn))
        assertAsRecorded(scenario, log)
      },
      { strategy: "random", schedulesMax: SCHEDULES, name: scenario.name },
    )
  })
}
