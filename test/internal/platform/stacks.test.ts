import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"

const STACKS = new URL("../../../src/internal/platform/stacks.ts", import.meta.url).href

/** The flags of the engine that a process sets, whose WebAssembly is prepared by `before`. */
function flagsSet(before: string): string {
  const program = `
import v8 from "node:v8"
import { syncBuiltinESMExports } from "node:module"
v8.setFlagsFromString = (flag) => console.log(flag)
syncBuiltinESMExports()
const { allowSwitchedStacks } = await import(${JSON.stringify(STACKS)})
${before}
allowSwitchedStacks()
`
  const flags = ["--conditions=source", "--input-type=module", "--eval", program]
  return execFileSync(process.execPath, flags, { encoding: "utf8" })
}

test("where stacks cannot be switched yet, the engine is told that they may be", () => {
  assert.equal(flagsSet("delete WebAssembly.Suspending"), "--experimental-wasm-jspi\n")
  assert.equal(flagsSet("WebAssembly.Suspending ??= class {}"), "")
  assert.equal(flagsSet("delete globalThis.WebAssembly"), "")
})
