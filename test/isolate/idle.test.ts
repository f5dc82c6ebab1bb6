import assert from "node:assert/strict"
import { test } from "node:test"
import { program } from "./program.ts"

test("an idle program does not compute: under 1 % of a core, with four isolates", async () => {
  const { stdout } = await program("idle")
  const { part } = JSON.parse(stdout) as { part: number }
  assert.ok(part < 0.01, `${part * 100} % of a core`)
})
