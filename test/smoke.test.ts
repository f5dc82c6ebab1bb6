import assert from "node:assert/strict"
import { it } from "node:test"
import { fileURLToPath } from "node:url"
import { heddle } from "./cli/heddle.ts"

const PROGRAM = fileURLToPath(new URL("./fixtures/smoke.ts", import.meta.url))

it("runs a small program with tasks, channels, a scope and an error, to its end", async () => {
  const { code, stdout, stderr } = await heddle(["run", PROGRAM])
  assert.equal(code, 0, stderr)
  assert.deepEqual(JSON.parse(stdout), {
    sum: 338_350,
    doubled: [2, 4, 6],
    failure: "RangeError",
  })
})
