/**
 * All checks of the project: `npm test` runs them all, `npm run ci -- test channel` a part.
 *
 * Suites: smoke (checks and one small program), test, model, stress, docs, types, all. More words
 * keep only the files whose path contains one of them. The last line is `N passed, N failed`.
 */
import { rmSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Plan, readArguments, type SuiteName } from "./ci/arguments.ts"
import { checks, docsCheck } from "./ci/checks.ts"
import { killAll } from "./ci/process.ts"
import { type Outcome, Screen } from "./ci/screen.ts"
import { filesOf, SUITES, type Suite, temporary } from "./ci/suites.ts"
import { runTestFile } from "./ci/test-file.ts"
import { documents, runDocument } from "./docs/run.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

interface Step {
  readonly name: string
  run(): Promise<Outcome[]>
}

/** Runs steps, up to `width` at a time, showing each as it ends. */
async function runSteps(screen: Screen, title: string, steps: Step[], width: number) {
  screen.begin(title, steps.length)
  const waiting = [...steps]
  const active = new Set<string>()
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      active.add(step.name)
      screen.running(active)
      const outcomes = await step.run()
      active.delete(step.name)
      for (const outcome of outcomes) screen.done(outcome)
      screen.running(active)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
}

function testSteps(suite: Suite, filters: readonly string[]): Step[] {
  return filesOf(ROOT, suite, filters).map((file) => ({
    name: file,
    run: async () => [await runTestFile(ROOT, suite, file)],
  }))
}

async function runPlan(screen: Screen, { suites, filters, jobs }: Plan): Promise<void> {
  const asked = (...names: SuiteName[]) => names.some((name) => suites.has(name))
  // A part of the files is asked for while working on it: the checks of the whole wait for the end.
  if (filters.length === 0 && asked("all", "smoke", "types"))
    await runSteps(screen, "checks", checks(ROOT), 1)
  if (asked("smoke")) {
    const [test] = SUITES as [Suite]
    await runSteps(screen, "smoke", testSteps(test, ["test/smoke.test.ts"]), 1)
  }
  for (const suite of SUITES) {
    if (!asked("all", suite.name)) continue
    const steps = testSteps(suite, filters)
    await runSteps(screen, suite.name, steps, suite.beside ? jobs : 1)
  }
  if (asked("all", "docs")) {
    const steps = documents(ROOT, filters).map((page) => ({
      name: page,
      run: async () => [await runDocument(ROOT, page)],
    }))
    rmSync(join(temporary(ROOT), "docs"), { recursive: true, force: true })
    await runSteps(screen, "docs", steps, jobs)
    if (filters.length === 0) await runSteps(screen, "types of docs", [docsCheck(ROOT)], 1)
  }
}

const plan = readArguments(process.argv.slice(2), availableParallelism())
if (typeof plan === "string") {
  process.stderr.write(`ci: ${plan}\n`)
  process.exitCode = 2
} else {
  process.on("SIGINT", () => {
    killAll()
    process.exit(130)
  })
  const screen = new Screen(process.stdout)
  await runPlan(screen, plan)
  process.exitCode = screen.end()
}
