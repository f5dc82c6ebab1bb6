import assert from "node:assert/strict"
import { readdirSync } from "node:fs"
import { test } from "node:test"
import { start } from "heddle"
import { Stage } from "../../../bench/savina/kit.ts"
import { loadProgram, NAMES } from "../../../bench/savina/programs.ts"

await start({ isolates: 2 })

test("there are the thirty of the suite", () => {
  const folder = new URL("../../../bench/savina/programs", import.meta.url)
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""))
  assert.equal(NAMES.length, 30)
  assert.deepEqual(files.sort(), [...NAMES].sort())
})

for (const name of NAMES) {
  test(`${name}, small, gives the right result`, async () => {
    const program = await loadProgram(name)
    await new Stage().run(program, program.small)
  })
}
