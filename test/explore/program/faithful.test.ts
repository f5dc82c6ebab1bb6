/**
 * What plays the parts of the runtime in an explored program behaves as the runtime does: the cases
 * that hold for every channel hold there too, in every schedule that is tried.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { cases, FLAVORS } from "../../channel/flavor.cases.ts"

const SCHEDULES = 5

for (const flavor of FLAVORS) {
  for (const [name, run] of Object.entries(cases)) {
    test(`explored, ${flavor.name}: ${name}`, async () => {
      const { schedules } = await explore(() => run(flavor), {
        strategy: "random",
        schedulesMax: SCHEDULES,
        name,
      })
      assert.equal(schedules, SCHEDULES)
    })
  }
}
