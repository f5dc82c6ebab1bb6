/**
 * Explored actors behave as real ones: what a program comes to for real is among what it comes to
 * when it is explored.
 */
import assert from "node:assert/strict"
import { after, test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { shutdown, start } from "../../../src/isolate/index.ts"
import { cases, type Where } from "./actor-cases.ts"

const RUNS = process.env.HEDDLE_LONG === "1" ? 200 : 4

await start({ isolates: 2 })
after(() => shutdown())

/** All that a program can come to. */
async function explored(run: () => Promise<unknown>, name: string): Promise<Set<string>> {
  const found = new Set<string>()
  const program = async () => found.add(JSON.stringify(await run()))
  const { exhaustive } = await explore(program, { name })
  assert.ok(exhaustive)
  return found
}

for (const [name, run] of Object.entries(cases)) {
  for (const on of ["here", undefined] satisfies Where[]) {
    test(`${on ?? "elsewhere"}: ${name}`, async (t) => {
      const found = await explored(() => run(on), name)
      for (let i = 0; i < RUNS; i++) {
        const real = JSON.stringify(await run(on))
        assert.ok(found.has(real), `${real} is none of ${[...found].join(" ")}`)
      }
      t.diagnostic([...found].join(" "))
    })
  }
}
