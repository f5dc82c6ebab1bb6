import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import type { Machine } from "../../../bench/harness/machine.ts"
import { best, rows, section, sectionOf, withSection } from "../../../bench/savina/page.ts"

const TIMINGS = [
  { program: "fib", isolates: 1, seconds: [9, 2, 1.234] },
  { program: "fib", isolates: 2, seconds: [3] },
  { program: "uct", isolates: 1, seconds: [], failure: "Error: wrong" },
]

const MACHINE: Machine = {
  cpu: "a processor",
  cores: 2,
  memoryGiB: 1,
  system: "a system",
  loadBefore: 0.5,
  node: "v24",
  v8: "13",
  commit: "abc",
  date: "2026-01-01",
  peers: [],
}

test("the best run counts, without the first when there are more", () => {
  assert.deepEqual(TIMINGS.map(best), [1.234, 3, undefined])
  assert.deepEqual(rows(TIMINGS, [1, 2]), [
    ["fib", "1.23", "3.00"],
    ["uct", "Error: wrong", "—"],
  ])
})

test("the section takes the place of the one before and leaves the rest of the page", () => {
  const one = section(TIMINGS, [1, 2], MACHINE, 3)
  const other = section(TIMINGS.slice(0, 1), [1], MACHINE, 1)
  const page = withSection("# Figures\n\nabove\n", one)
  assert.equal(sectionOf(page), one)
  const again = withSection(`${page}\nbelow\n`, other)
  assert.equal(again, `# Figures\n\nabove\n\n${other}\nbelow\n`)
  assert.equal(sectionOf("# Figures\n"), "")
})

test("the command runs a program in a process of its own, and refuses nonsense", () => {
  const run = fileURLToPath(new URL("../../../bench/savina/run.ts", import.meta.url))
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, [...process.execArgv, run, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    })
  const said = node("sieve", "--small", "--isolates", "1", "--runs", "1")
  assert.match(said, /sieve\s+│\s+[\d.]+/)
  for (const wrong of [["knitting"], ["--isolates", "0"], ["--runs", "x"], ["--bogus"]])
    assert.throws(() => node(...wrong), { status: 2 })
})
