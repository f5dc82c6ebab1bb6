/**
 * Runs CPython's own tests of interpreters, queues, channels, the pool and threads against ours and
 * writes `docs/python-conformance.md`: `npm run python:conformance [words of modules or classes]`.
 *
 * With words it runs those parts alone and prints the table's lines for them.
 */

import { mkdirSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { fetchTests } from "./conformance/fetch.ts"
import { PARTS } from "./conformance/parts.ts"
import { type Outcome, runPart } from "./conformance/run.ts"
import { kindOf, table } from "./conformance/table.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const FOLDER = join(ROOT, ".tmp/cpython-tests")
const LANES_MAX = 4

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function main(words: readonly string[]): Promise<number> {
  mkdirSync(FOLDER, { recursive: true })
  const lib = fetchTests(FOLDER, say)
  if (lib === undefined) {
    say(
      "CPython's tests cannot be had here: no Debian archive with libpython3.14-testsuite answers.",
    )
    say("A folder that contains the package test can be named by HEDDLE_CPYTHON_TESTS.")
    return 2
  }
  const named = (name: string): boolean =>
    words.length === 0 || words.some((word) => name.includes(word))
  const parts = PARTS.filter((part) => named([part.module, ...part.classes].join(".")))
  const results = new Map<string, Outcome[]>()
  const waiting = [...parts]
  const lane = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const outcomes = await runPart(lib, part)
      results.set(part.module, [...(results.get(part.module) ?? []), ...outcomes])
      report(outcomes)
    }
  }
  await Promise.all(Array.from({ length: Math.min(LANES_MAX, availableParallelism()) }, lane))
  if (words.length === 0) {
    const modules = [...new Set(PARTS.map(({ module }) => module))]
    writeFileSync(join(ROOT, "docs/python-conformance.md"), table(modules, results))
  }
  return 0
}

function report(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    const { kind } = kindOf(outcome)
    const why = kind === "failing" ? `\n    ${outcome.why.replaceAll("\n", "\n    ")}` : ""
    say(`${kind.padEnd(10)} ${outcome.test}${why}`)
  }
}

process.exitCode = await main(process.argv.slice(2))
