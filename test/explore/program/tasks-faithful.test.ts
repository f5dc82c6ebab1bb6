/**
 * Explored tasks and locks behave as real ones: what a program comes to for real is among what it
 * comes to when it is explored.
 */
import assert from "node:assert/strict"
import { after, test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { shutdown, start } from "../../../src/isolate/index.ts"
import { cases } from "./task-cases.ts"

const LONG = process.env.HEDDLE_LONG === "1"
const RUNS = LONG ? 200 : 3
const SCHEDULES = LONG ? 2_000 : 40

await start({ isolates: 2 })
after(() => shutdown())

for (const [name, run] of Object.entries(cases)) {
  test(name, async (t) => {
    const found = new Set<string>()
    const program = async () => found.add(JSON.stringify(await run()))
    await explore(program, { strategy: "random", schedulesMax: SCHEDULES, name })
    for (let i = 0; i < RUNS; i++) {
      const real = JSON.stringify(await run())
      assert.ok(found.has(real), `${real} is none of ${[...found].join(" ")}`)
    }
    t.diagnostic([...found].join(" "))
  })
}
