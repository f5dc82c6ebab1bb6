import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { it } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const ROOT = fileURLToPath(new URL("../../../", import.meta.url))
/** All of the standard library takes a minute. */
const WHAT =
  process.env.HEDDLE_LONG === "1" ? ["--all"] : ["bisect.py", "heapq.py", "json/scanner.py"]

it("studies the standard library in a pool, and one interpreter comes to the same", async () => {
  const args = ["--conditions=source", "src/cli/main.ts", "run", "examples/src/python/library.py"]
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...WHAT], { cwd: ROOT })
  const [first, second, codes, verdict] = stdout.trim().split("\n")
  assert.match(`${first} ${second}`, /^\d+ files, \d+ lines, \d+ functions and \d+ classes; /)
  if (WHAT.length === 3) {
    assert.match(first, /^3 files, 802 lines, /)
    assert.match(second, /The longest file is heapq\.py\.$/)
  }
  assert.match(codes, /^all trees and codes: [0-9a-f]{16}$/)
  assert.equal(verdict, "2 interpreters agree with one")
})
