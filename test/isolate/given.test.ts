/** Programs that are given to Node in another way than as a file. */
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"

const INDEX = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)
const REGISTER = new URL("../../src/lift/register.ts", import.meta.url).href
const FUNCTIONS = JSON.stringify(new URL("../task/functions.ts", import.meta.url).href)

const REMOTE = `
import { remote } from ${INDEX}
console.log(await remote(new URL(${FUNCTIONS})).add(20, 22))
`

const CLOSURE = `
import { go } from ${INDEX}
const k = 2
try {
  await go((n) => n * k, 21)
} catch (error) {
  console.log(error.message)
}
`

function given(flags: readonly string[], input = ""): { stdout: string; stderr: string } {
  const all = ["--conditions=source", ...flags]
  const { stdout, stderr } = spawnSync(process.execPath, all, { input, encoding: "utf8" })
  return { stdout, stderr }
}

for (const [way, flags] of [
  ["in the command line", ["--eval", REMOTE]],
  ["in the command line, as a module", ["--input-type=module", "--eval", REMOTE]],
  ["after a space", ["--input-type", "module", "--eval", REMOTE]],
  ["with the transform", ["--import", REGISTER, "--input-type=module", "--eval", REMOTE]],
] as const) {
  test(`a program given ${way} names functions of files`, () => {
    assert.deepEqual(given(flags), { stdout: "42\n", stderr: "" })
  })
}

test("a program given on standard input names functions of files", () => {
  assert.deepEqual(given(["--input-type=module", "-"], REMOTE), { stdout: "42\n", stderr: "" })
})

test("a closure of no file is told that it needs one", () => {
  const told =
    /this one came .* from CommonJS, .* or from no file \(`-e`, standard input, the REPL\)/
  const { stdout } = given(["--import", REGISTER, "--input-type=module", "--eval", CLOSURE])
  assert.match(stdout, told)
})

test("the transform says that it needs require() of modules", () => {
  const flags = ["--no-experimental-require-module", "--import", REGISTER, "--eval", "1"]
  assert.match(
    given(flags).stderr,
    /heddle\/register needs `require\(\)` of ES modules: start Node without --no-experimental-r/,
  )
})
